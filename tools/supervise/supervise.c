/*
 * supervise.c: answers notifications, each in a thread of its own while it lasts.
 *
 * An exec that takes long, on a slow file system say, holds up one thread; another is started when
 * none is idle.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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
#define IDLE_MAX     8

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
	__atomic_fetch_add(&sup->idle, 1, __ATOMIC_RELAXED);
	error = pthread_create(&thread, &attr, work, sup);
	if (error)
		__atomic_fetch_sub(&sup->idle, 1, __ATOMIC_RELAXED);
	else
		__atomic_fetch_add(&sup->threads, 1, __ATOMIC_RELAXED);
	pthread_attr_destroy(&attr);
	return error;
}

static void handle(struct exec *e, struct supervisor *sup, const struct seccomp_notif *n)
{
	const char *entry = exec_name(n);

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

/* One asks at a time: the kernel wakes all who do for each notification. */
static int receive(struct supervisor *sup, union request *q)
{
	int r;

	pthread_mutex_lock(&sup->turn);
	r = ioctl(sup->s.notify.listener, SECCOMP_IOCTL_NOTIF_RECV, q);
	pthread_mutex_unlock(&sup->turn);
	return r;
}

static void *work(void *supervisor)
{
	struct supervisor *sup = supervisor;
	struct exec *e = must_alloc(sizeof(*e));

	for (;;) {
		union request q = { 0 };

		if (receive(sup, &q)) {
			if (errno != EINTR && (errno != ENOENT || is_over(sup)))
				break; /* ENOENT: it was killed before it was taken */
			continue;
		}
		if (__atomic_sub_fetch(&sup->idle, 1, __ATOMIC_RELAXED) == 0)
			start_thread(sup);
		handle(e, sup, &q.n);
		if (__atomic_add_fetch(&sup->idle, 1, __ATOMIC_RELAXED) > IDLE_MAX)
			break;
	}
	__atomic_fetch_sub(&sup->idle, 1, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&sup->threads, 1, __ATOMIC_RELAXED);
	free(e);
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

struct supervisor *supervise_start(const struct supervise *s)
{
	struct supervisor *sup = must_alloc(sizeof(*sup));
	struct sigaction quiet = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };
	int error;

	/* Its stops are waited for; a signal for each would wake the main thread in vain. */
	sigaction(SIGCHLD, &quiet, NULL);
	machine_host();
	machine_boot_id();
	sup->s = *s;
	/* Caller and supervisor take turns: on one processor, without waking another.  Or as before. */
	ioctl(s->notify.listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
	      SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	pthread_mutex_init(&sup->lock, NULL);
	pthread_mutex_init(&sup->turn, NULL);
	sup->born = born_new();
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
