/*
 * target.c: what the host of the random tester starts.  It says everything that a program can see
 * of how it was started, in lines that do not depend on numbers drawn by the kernel.
 *
 *	target [WORD...] LETTERS PID PPID LOCKFILE CHILD     (host.c; numbers in letters)
 *
 * Static: the fence is not in here, it is what this program looks at.  Exits with 42.
 */
#include "tests/torture/shape.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

enum { LAST = 1300, TOP = 19990 };

/* The lines are sent in one write, so that they stay together. */
static char text[1 << 16];
static size_t used;

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text + used, sizeof(text) - used, format, ap);
	va_end(ap);
	if (n > 0 && used + (size_t)n < sizeof(text))
		used += (size_t)n;
}

static const char *planned_as(const union shape *s, const struct planned *plan, int n, int fd)
{
	static const char *const names[] = { "leak", "closes", "meant" };

	if (fd >= GIVEN_AT && fd < GIVEN_AT + shape_given(s))
		return "meant";
	if (fd == LOCK_FD || fd == PLACED)
		return "meant";
	for (int i = 0; i < n; i++)
		if (plan[i].fd == fd)
			return names[plan[i].meaning];
	return "unknown";
}

static void see_fd(const union shape *s, const struct planned *plan, int n, int fd)
{
	struct stat st;

	/* a leak, but sealing it would end the lock that LOCK_FD carries on, if that was inherited */
	if (fd == LOCK_TWO || fcntl(fd, F_GETFD) < 0)
		return;
	fstat(fd, &st);
	say("above %d %s: mode %o, status %x, offset %ld\n", fd, planned_as(s, plan, n, fd),
	    (unsigned)st.st_mode, (unsigned)fcntl(fd, F_GETFL), (long)lseek(fd, 0, SEEK_CUR));
}

static void see_descriptors(const union shape *s)
{
	static struct planned plan[PLAN_MAX];
	int n = shape_plan(s, plan);

	for (int fd = 3; fd < LAST; fd++)
		see_fd(s, plan, n, fd);
	for (int i = 0; i < n; i++)
		if (plan[i].fd >= LAST)
			see_fd(s, plan, n, plan[i].fd);
	for (int fd = 0; fd < 3; fd++)
		say("standard %d: %d\n", fd, fcntl(fd, F_GETFD));
}

static void see_signals(int by_wordexp)
{
	static const struct timespec none;
	sigset_t mask, all;
	stack_t alternate;
	struct sigaction act;
	siginfo_t info;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	sigaltstack(NULL, &alternate);
	say("alternate stack %d\n", alternate.ss_flags);
	for (int sig = 1; sig < 65; sig++) {
		/* libc hides its own two, the kernel does not */
		struct {
			void *handler;
			unsigned long rest[3];
		} kernels = { 0 };

		syscall(SYS_rt_sigaction, sig, NULL, &kernels, 8);
		/* docs/limits.md, wordexp: libc's own signals are as libc's thread left them */
		if (kernels.handler && !(by_wordexp && sig >= 32 && sig <= 34))
			say("ignored %d\n", sig);
		if (sigismember(&mask, sig) == 1)
			say("blocked %d\n", sig);
	}
	(void)act;
	sigfillset(&all);
	while (sigtimedwait(&all, &info, &none) > 0)
		say("pending %d code %d value %d\n", info.si_signo, info.si_code,
		    info.si_code < 0 ? info.si_value.sival_int : 0);
}

static void see_locks(const union shape *s, const char *file)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd;

	if (s->lock == lock_posix || s->lock == lock_posixtwo)
		say("lock: %d type %d\n", fcntl(LOCK_FD, F_OFD_GETLK, &l), l.l_type);
	if (s->lock == lock_ofd)
		say("lock: %d type %d\n", fcntl(LOCK_FD, F_GETLK, &l), l.l_type);
	if (s->lock == lock_flock) {
		fd = open(file, O_RDWR);
		say("lock: %d\n", flock(fd, LOCK_EX | LOCK_NB));
		close(fd);
	}
}

static void see_process(unsigned long pid, unsigned long ppid)
{
	struct itimerval t[2];
	struct rlimit r;
	cpu_set_t cpus;
	char name[16] = "", cwd[4096];
	int deathsig = 0;
	mode_t mask = umask(0);

	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	getitimer(ITIMER_REAL, &t[0]);
	getitimer(ITIMER_VIRTUAL, &t[1]);
	getrlimit(RLIMIT_NOFILE, &r);
	prctl(PR_GET_PDEATHSIG, &deathsig);
	prctl(PR_GET_NAME, name);
	say("pid %s, parent %s, leader %d\n", (unsigned long)getpid() == pid ? "kept" : "other",
	    (unsigned long)getppid() == ppid ? "kept" : "other",
	    getpid() == (int)syscall(SYS_gettid));
	say("umask %o nice %d policy %d cpus %d slack %d deathsig %d name %s\n", mask,
	    getpriority(PRIO_PROCESS, 0), sched_getscheduler(0), CPU_COUNT(&cpus),
	    prctl(PR_GET_TIMERSLACK), deathsig, name);
	say("timers %d %d, descriptors at most %ld, cwd %s, ids %d %d, secure %lu, nnp %d\n",
	    t[0].it_value.tv_sec > 0, t[1].it_value.tv_sec > 0, (long)r.rlim_cur,
	    getcwd(cwd, sizeof(cwd)) ? "there" : "gone", geteuid(), getegid(), getauxval(AT_SECURE),
	    prctl(PR_GET_NO_NEW_PRIVS));
}

/* A child's pending death signal, read from outside: exact, where waiting for its end is not. */
static void see_child(unsigned long pid)
{
	char path[64], status[4096], *line;
	siginfo_t info = { 0 };
	ssize_t n;
	int fd;

	if (!pid)
		return;
	snprintf(path, sizeof(path), "/proc/%lu/status", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? 0 : read(fd, status, sizeof(status) - 1);
	status[n > 0 ? n : 0] = 0;
	close(fd);
	line = strstr(status, "ShdPnd:");
	say("child: %.24s\n", line ? line : "-");
	say("wait: %d", waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT));
	say(" code %d status %d\n", info.si_code, info.si_status);
}

static void see_words(int argc, char **argv, int first)
{
	unsigned long sum = 0;
	int n = 0;

	for (char **e = environ; *e; e++) {
		if (!strncmp(*e, "FDFENCE", 7) || !strncmp(*e, "LD_PRELOAD=", 11))
			continue;
		for (const char *c = *e; *c; c++)
			sum = sum * 131 + (unsigned char)*c;
		n++;
	}
	say("environment: %d variables, sum %lx\n", n, sum);
	/* what the caller passed: the letters and four more are known */
	for (int i = 0; i < argc; i++)
		if (i < first || i > first + 4)
			say("word %d: %.80s\n", i, argv[i]);
	say("name: %s\n", (const char *)getauxval(AT_EXECFN));
}

int main(int argc, char **argv)
{
	union shape s;
	int i;

	for (i = 0; i < argc && shape_read(&s, argv[i]); i++)
		;
	if (i + 4 >= argc)
		return 125;
	say("started\n");
	see_process(read_number(argv[i + 1]), read_number(argv[i + 2]));
	see_descriptors(&s);
	see_locks(&s, argv[i + 3]);
	see_signals(s.entry == entry_wordexp);
	see_child(read_number(argv[i + 4]));
	see_words(argc, argv, i);
	if (write(1, text, used) != (ssize_t)used)
		return 124;
	return 42;
}
