/*
 * supervise.c: answers notifications, in as many threads as it takes (turn.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/thread.h"
#include "tools/proc/machine.h"
#include "tools/proc/process.h"
#include "tools/supervise/act.h"
#include "tools/supervise/engine.h"
#include "tools/supervise/seal.h"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS /* Linux 6.6 */
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS	   SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

#define THREAD_STACK (256 << 10)

/* The kernel's structures, with room for what later kernels add. */
union request {
	struct seccomp_notif n;
	char room[256];
};
union answer {
	struct seccomp_notif_resp r;
	char room[256];
};

int supervise_answer(const struct supervisor *sup, uint64_t id, int error)
{
	union answer a = { .r = { .id = id, .error = -error } };

	if (!error)
		a.r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	/* ENOENT: the caller was killed meanwhile */
	return ioctl(sup->s.notify.listener, SECCOMP_IOCTL_NOTIF_SEND, &a);
}

static bool is_one_of(const int *numbers, int nr)
{
	for (int i = 0; i < ARCH_ALIASES && numbers[i]; i++)
		if (numbers[i] == nr)
			return true;
	return false;
}

/* "execve" or "execveat"; NULL: another call. */
static const char *exec_name(const struct seccomp_notif *n)
{
	for (const struct arch_abi *a = arch_abis; a->audit; a++) {
		if (a->audit != n->data.arch)
			continue;
		if (is_one_of(a->execve, n->data.nr))
			return "execve";
		if (is_one_of(a->execveat, n->data.nr))
			return "execveat";
	}
	return NULL;
}

static void *work(void *supervisor);

static int start_thread(struct supervisor *sup)
{
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	/* Fails under RLIMIT_NPROC: those that there are go on, and execs wait for them. */
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, work, sup);
	pthread_attr_destroy(&attr);
	return error;
}

static bool is_more(const struct supervisor *sup)
{
	struct pollfd p = { .fd = sup->s.notify.listener, .events = POLLIN };

	return poll(&p, 1, 0) > 0 && p.revents & POLLIN;
}

static void handle(struct exec *e, struct supervisor *sup, const struct seccomp_notif *n)
{
	const char *entry = exec_name(n);

	if (turn_received(&sup->turn, is_more(sup)))
		start_thread(sup);
	if (entry)
		exec_supervise(e, sup, n, entry);
	else
		act_note(sup, n);
}

/* Nobody is left under the filter. */
static bool is_over(const struct supervisor *sup)
{
	struct pollfd p = { .fd = sup->s.notify.listener };

	return poll(&p, 1, 0) > 0 && p.revents & POLLHUP;
}

/*
 * One notification.  One thread asks at a time, since the kernel wakes all who do for each.  false:
 * nobody is left.  Where it may not be asked any more, all who wait would wait for ever.
 */
static bool receive(const struct supervisor *sup, union request *q)
{
	do {
		memset(q, 0, sizeof(*q));
		if (!ioctl(sup->s.notify.listener, SECCOMP_IOCTL_NOTIF_RECV, q))
			return true;
		/* ENOENT: it was killed before it was taken */
	} while (errno == EINTR || (errno == ENOENT && !is_over(sup)));
	if (!is_over(sup)) {
		say("--supervise: what is asked cannot be heard any more: %s", strerror(errno));
		_exit(EXIT_OWN);
	}
	return false;
}

static void *work(void *supervisor)
{
	struct supervisor *sup = supervisor;
	bool over = false;
	unsigned number;
	union request q;
	/* What is not used of it is no memory, and what was is given back at the end. */
	struct exec *e =
		mmap(NULL, sizeof(*e), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (e == MAP_FAILED)
		out_of_memory();
	while (!over && (number = turn_take(&sup->turn)))
		do {
			over = !receive(sup, &q);
			if (over)
				turn_over(&sup->turn);
			else
				handle(e, sup, &q.n);
		} while (!over && turn_done(&sup->turn, number));
	munmap(e, sizeof(*e));
	return NULL;
}

static void know_myself(struct supervisor *sup)
{
	struct task_stat stat_now;

	if (!task_stat(0, &stat_now))
		born_key(&sup->self, 0, &stat_now);
}

static char *text_of(struct fdf_str s)
{
	return must_printf("%.*s", (int)s.len, s.s ? s.s : "");
}

/*
 * All threads have one heap, so that what one allocates and another frees is used again, and large pieces are
 * given back: the C library (glibc) else gives each thread one that grows by itself.
 */
static void one_heap(void)
{
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 32 << 10); /* what lists /proc, too */
#endif
}

struct supervisor *supervise_start(const struct supervise *s)
{
	struct supervisor *sup = must_alloc(sizeof(*sup));
	struct sigaction quiet = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };
	int error;

	one_heap();
	/* Its stops are waited for; a signal for each would wake the main thread in vain. */
	sigaction(SIGCHLD, &quiet, NULL);
	machine_host();
	machine_boot_id();
	sup->s = *s;
	sup->pid = getpid();
	/* Caller and supervisor take turns: on one processor, without waking another.  Or as before. */
	ioctl(s->notify.listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
	      SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	pthread_mutex_init(&sup->lock, NULL);
	turn_init(&sup->turn);
	sup->born = born_new();
	callers_init(&sup->callers);
	sup->log = text_of(s->settings->log);
	sup->log_key = text_of(s->settings->log_key);
	sup->locks = -1;
	seal_find_room(&sup->tail, &sup->tail_len);
	know_myself(sup);
	error = start_thread(sup);
	if (!error)
		return sup;
	say("cannot start a thread: %s", thread_why(error));
	born_free(sup->born);
	free(sup);
	return NULL;
}

int supervise_may_trace(pid_t pid)
{
	int error, status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		return errno;
	ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	error = process_wait(pid, &status, __WALL) == pid ? 0 : errno;
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL))
		process_wait(pid, &status,
			     __WALL); /* it was killed meanwhile: its parent waits for us */
	return error;
}
