/*
 * needs.c: see needs.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/process.h"
#include "tools/supervise/needs.h"

/* Of the child's; the parent reads how far it came. */
struct trial {
	int listener, asker;
	const char *call; /* what is tried, or was tried last; static text */
	int error;	  /* of that one, where nothing goes without it; 0: it is done */
};

/* What it asks of the listener, answered once for real.  No notification came: somebody above answers that call. */
static int try_listener(struct trial *t)
{
	struct pollfd p[] = { { .fd = t->listener, .events = POLLIN },
			      { .fd = t->asker, .events = POLLIN } };
	union {
		struct seccomp_notif n;
		char room[256]; /* for what later kernels add */
	} q = { .room = { 0 } };
	union {
		struct seccomp_notif_resp r;
		char room[256];
	} a = { .room = { 0 } };

	t->call = "poll";
	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return errno;
	t->call = "ioctl";
	if (!(p[0].revents & POLLIN))
		return 0;
	if (ioctl(t->listener, SECCOMP_IOCTL_NOTIF_RECV, &q))
		return errno;
	if (ioctl(t->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &q.n.id) && errno != ENOENT)
		return errno;
	a.r.id = q.n.id;
	a.r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	return ioctl(t->listener, SECCOMP_IOCTL_NOTIF_SEND, &a) && errno != ENOENT ? errno : 0;
}

/* Each of this process, which may always look at itself; what is denied only, the supervisor goes without. */
static void try_others(struct trial *t)
{
	static const enum __ptrace_request requests[] = {
		PTRACE_SEIZE,	  PTRACE_INTERRUPT,	   PTRACE_CONT,	      PTRACE_SYSCALL,
		PTRACE_LISTEN,	  PTRACE_DETACH,	   PTRACE_GETSIGINFO, PTRACE_GETREGSET,
		PTRACE_SETREGSET, PTRACE_GET_SYSCALL_INFO,
	};
	pid_t me = getpid();
	char byte = 0, to;
	struct iovec here = { &to, 1 }, there = { &byte, 1 };
	struct statfs fs;
	struct statx st;
	int pidfd;

	t->call = "ptrace"; /* nobody traces himself */
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++)
		ptrace(requests[i], me, NULL, NULL);
	t->call = "kcmp";
	syscall(SYS_kcmp, me, me, KCMP_FILE, t->asker, t->asker);
	t->call = "process_vm_readv";
	process_vm_readv(me, &here, 1, &there, 1, 0);
	t->call = "pidfd_open";
	pidfd = (int)syscall(SYS_pidfd_open, me, 0);
	t->call = "pidfd_getfd";
	syscall(SYS_pidfd_getfd, pidfd, t->asker, 0);
	t->call = "tgkill";
	syscall(SYS_tgkill, me, me, 0);
	t->call = "kill";
	kill(me, 0);
	t->call = "getdents64";
	syscall(SYS_getdents64, -1, &to, 1);
	t->call = "readlinkat";
	syscall(SYS_readlinkat, -1, "", &to, 1);
	t->call = "statx";
	statx(t->asker, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &st);
	t->call = "fstatfs";
	fstatfs(t->asker, &fs);
	t->call = "pread64";
	syscall(SYS_pread64, -1, &to, 1, 0, 0);
	t->call = "pwrite64";
	syscall(SYS_pwrite64, -1, &to, 1, 0, 0);
	t->call = "getsockopt";
	getsockopt(t->asker, SOL_SOCKET, SO_TYPE, &(int){ 0 }, &(socklen_t){ sizeof(int) });
	t->call = "nanosleep";
	usleep(1);
}

static void __attribute__((noreturn)) try_all(struct trial *t)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* no core file of it */
	t->error = try_listener(t);
	if (!t->error)
		try_others(t);
	_exit(0);
}

char *needs_try(int listener, int asker)
{
	struct trial *t =
		mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *why = NULL;
	int status = 0;
	pid_t pid;

	if (t == MAP_FAILED)
		out_of_memory();
	*t = (struct trial){ .listener = listener, .asker = asker };
	pid = fork();
	if (!pid)
		try_all(t);
	if (pid < 0 || process_wait(pid, &status, __WALL) < 0)
		why = must_printf("cannot fork: %s", strerror(errno));
	else if (WIFSIGNALED(status))
		why = must_printf(
			WTERMSIG(status) == SIGSYS
				? "a filter here kills who calls %s, which a supervisor does"
				: "a trial of %s was killed",
			t->call);
	else if (t->error)
		why = must_printf("%s is denied here, by which a supervisor answers: %s", t->call,
				  strerror(t->error));
	munmap(t, sizeof(*t));
	return why;
}

void needs_ask(void)
{
	fcntl(INT_MAX, F_SETFD, 0);
}
