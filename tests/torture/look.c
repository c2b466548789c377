/* look.c: what a process can see of itself, before an exec that fails and after (host.h). */
#include "tests/torture/host.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum { SEEN = sizeof(((struct look *)0)->flags) / sizeof(short), TOP = 19990 };

/* The kernel's own view: libc hides two signals. */
static void see_actions(const union shape *s, struct look *l)
{
	for (int sig = 1; sig < 65; sig++) {
		/* docs/limits.md, wordexp: libc's first thread catches libc's own signals */
		if (sig >= 32 && sig <= 34 && s->entry == entry_wordexp)
			continue;
		syscall(SYS_rt_sigaction, sig, NULL, l->action[sig], 8);
		l->action[sig][1] &= ~0x04000000ul; /* SA_RESTORER: libc's own affair */
		l->action[sig][2] = 0;
	}
}

static void see_descriptors(struct look *l)
{
	struct stat st;

	for (int fd = 0; fd < SEEN; fd++) {
		l->flags[fd] = (short)fcntl(fd, F_GETFD);
		if (l->flags[fd] < 0)
			continue;
		l->status[fd] = fcntl(fd, F_GETFL);
		l->offset[fd] = lseek(fd, 0, SEEK_CUR);
		l->inode[fd] = fstat(fd, &st) ? 0 : st.st_ino;
	}
	l->offset[1] = 0; /* what is said here moves it */
	l->top_flags = (short)fcntl(TOP, F_GETFD);
}

static int see_lock(const union shape *s)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	switch (s->lock) {
	case lock_none:
	case lock_flock: /* the target and the end of the host ask for it */
		return 0;
	case lock_ofd:
		return fcntl(LOCK_FD, F_GETLK, &l) ? -1 : l.l_type;
	case lock_self: /* any lock that is not mine conflicts with an exclusive one */
	default:
		return fcntl(LOCK_FD, F_OFD_GETLK, &l) ? -1 : l.l_type;
	}
}

static int count_tasks(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) ? 0 : (int)st.st_nlink;
}

void look(const union shape *s, struct look *l)
{
	struct itimerval t[2] = { 0 };

	memset(l, 0, sizeof(*l));
	see_descriptors(l);
	sigprocmask(SIG_SETMASK, NULL, &l->mask);
	sigpending(&l->pending);
	see_actions(s, l);
	sigaltstack(NULL, &l->alternate);
	getitimer(ITIMER_REAL, &t[0]);
	getitimer(ITIMER_VIRTUAL, &t[1]);
	l->timer[0] = t[0].it_value.tv_sec > 0;
	l->timer[1] = t[1].it_value.tv_sec > 0;
	l->pid = getpid();
	l->tid = (pid_t)syscall(SYS_gettid);
	l->ppid = getppid();
	l->umask = (int)umask(0);
	umask((mode_t)l->umask);
	l->nice = getpriority(PRIO_PROCESS, 0);
	l->policy = (int)syscall(SYS_sched_getscheduler, 0);
	prctl(PR_GET_PDEATHSIG, &l->deathsig);
	l->slack = prctl(PR_GET_TIMERSLACK);
	prctl(PR_GET_NAME, l->name);
	if (!s->ring) /* a ring's workers come and go */
		l->tasks = count_tasks();
	l->lock = see_lock(s);
}

static void compare_descriptors(const char *who, const struct look *a, const struct look *b)
{
	int said = 0;

	for (int fd = 0; fd < SEEN && said < 3; fd++) {
		if (a->flags[fd] == b->flags[fd] && a->status[fd] == b->status[fd] &&
		    a->offset[fd] == b->offset[fd] && a->inode[fd] == b->inode[fd])
			continue;
		say("%s: descriptor %d: flags %d then %d, status %x then %x, offset %ld then %ld, "
		    "%s file\n",
		    who, fd, a->flags[fd], b->flags[fd], (unsigned)a->status[fd],
		    (unsigned)b->status[fd], a->offset[fd], b->offset[fd],
		    a->inode[fd] == b->inode[fd] ? "the same" : "another");
		said++;
	}
	if (a->top_flags != b->top_flags)
		say("%s: descriptor %d: flags %d then %d\n", who, TOP, a->top_flags, b->top_flags);
}

static void compare_signals(const char *who, const struct look *a, const struct look *b)
{
	for (int sig = 1; sig < 65; sig++) {
		if (sigismember(&a->mask, sig) != sigismember(&b->mask, sig))
			say("%s: signal %d: blocked changed\n", who, sig);
		if (sigismember(&a->pending, sig) != sigismember(&b->pending, sig))
			say("%s: signal %d: pending changed\n", who, sig);
		if (memcmp(a->action[sig], b->action[sig], sizeof(a->action[sig])))
			say("%s: signal %d: action changed\n", who, sig);
	}
	if (a->alternate.ss_sp != b->alternate.ss_sp ||
	    a->alternate.ss_flags != b->alternate.ss_flags)
		say("%s: the alternate stack changed\n", who);
}

void look_compare(const char *who, const struct look *a, const struct look *b)
{
	int tasks = b->tasks;

	/* one that ended a moment ago may still be listed */
	for (int i = 0; tasks != a->tasks && i < 100; i++) {
		usleep(1000);
		tasks = count_tasks();
	}
	const struct {
		const char *what;
		int before, after;
	} numbers[] = {
		{ "alarm", a->timer[0], b->timer[0] },
		{ "timer", a->timer[1], b->timer[1] },
		{ "process", 0, a->pid != b->pid },
		{ "thread", 0, a->tid != b->tid },
		{ "parent", 0, a->ppid != b->ppid },
		{ "umask", a->umask, b->umask },
		{ "nice", a->nice, b->nice },
		{ "policy", a->policy, b->policy },
		{ "deathsig", a->deathsig, b->deathsig },
		{ "slack", a->slack, b->slack },
		{ "tasks", a->tasks, tasks },
		{ "lock", a->lock, b->lock },
		{ "name", 0, strcmp(a->name, b->name) },
	};

	compare_descriptors(who, a, b);
	compare_signals(who, a, b);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (numbers[i].before != numbers[i].after)
			say("%s: %s %d then %d\n", who, numbers[i].what, numbers[i].before,
			    numbers[i].after);
}
