/*
 * surround.h: make the surroundings of a test hostile, a word each:
 *
 *	deny=CALL:ERRNO   a system call fails, in all threads (seccomp): close_range,
 *	                  close_range_cloexec (only with that flag), select, clone, clone3,
 *	                  getdents, close, fcntl and more; ERRNO is one of surround_errors
 *	noproc            an empty file system hides /proc
 *	fakeproc          one hides it in which /proc/thread-self/fd is a plain directory: 3, 5
 *	chroot=DIR        / is another directory
 *	thread            a second thread runs
 *	limit=N           soft RLIMIT_NOFILE, below what is open too
 *	hard=N            ... and the hard one
 *	close=N           descriptor N (0, 1, 2) is closed
 *	high=N            one more leak, at number N
 *
 * surround() applies them in the order given; it exits with 77 where the
 * machine does not let it.
 */
#ifndef SURROUND_H
#define SURROUND_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SURROUND_FLAG_OF_CLOSE_RANGE 4	       /* CLOSE_RANGE_CLOEXEC, linux/close_range.h */
#define SURROUND_FLAG_OF_OPEN	     020000000 /* of O_TMPFILE alone */
#define SURROUND_FLAG_OF_WAITID	     2	       /* of P_PIDFD and P_PGID, linux/wait.h */

/* linux/filter.h and linux/seccomp.h, which musl-gcc does not find. */
struct surround_insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};
struct surround_program {
	unsigned short len;
	struct surround_insn *code;
};
enum { LOAD = 0x20, JEQ = 0x15, JSET = 0x45, RET = 0x06 };	 /* BPF instructions */
enum { DATA_NR = 0, DATA_ARG0 = 16, DATA_ARG2 = 32 };		 /* struct seccomp_data */
enum { RET_ERRNO = 0x50000, RET_ALLOW = 0x7fff0000, TSYNC = 1 }; /* with SET_MODE_FILTER 1 */

static const struct surround_call {
	const char *name;
	int nr[3]; /* -1: none */
	int flag;  /* only if this bit is set ... */
	int where; /* ... in this argument; 0: the third one */
} surround_calls[] = {
	{ "close_range", { SYS_close_range, -1, -1 }, 0, 0 },
	{ "close_range_cloexec", { SYS_close_range, -1, -1 }, SURROUND_FLAG_OF_CLOSE_RANGE, 0 },
#ifdef SYS__newselect
	{ "select", { SYS_select, SYS_pselect6, SYS__newselect }, 0, 0 },
#elif defined(SYS_select)
	{ "select", { SYS_select, SYS_pselect6, -1 }, 0, 0 },
#else
	{ "select", { SYS_pselect6, -1, -1 }, 0, 0 },
#endif
	{ "clone", { SYS_clone, -1, -1 }, 0, 0 },
	{ "clone3", { 435, -1, -1 }, 0, 0 },
	{ "unshare", { SYS_unshare, -1, -1 }, 0, 0 },
	{ "close", { SYS_close, -1, -1 }, 0, 0 },
#ifdef SYS_fcntl64
	{ "fcntl", { SYS_fcntl, SYS_fcntl64, -1 }, 0, 0 },
#else
	{ "fcntl", { SYS_fcntl, -1, -1 }, 0, 0 },
#endif
	{ "getdents", { SYS_getdents64, -1, -1 }, 0, 0 },
	{ "statx", { 332, -1, -1 }, 0, 0 },
	{ "openat_tmpfile", { SYS_openat, -1, -1 }, SURROUND_FLAG_OF_OPEN, 0 },
	{ "openat2", { 437, -1, -1 }, 0, 0 },
	{ "execveat", { SYS_execveat, -1, -1 }, 0, 0 },
	{ "pidfd_open", { 434, -1, -1 }, 0, 0 },
	{ "pidfd_getfd", { 438, -1, -1 }, 0, 0 },
	{ "pidfd_send_signal", { 424, -1, -1 }, 0, 0 },
	{ "waitid", { SYS_waitid, -1, -1 }, 0, 0 },
	{ "waitid_pidfd", { SYS_waitid, -1, -1 }, SURROUND_FLAG_OF_WAITID, DATA_ARG0 },
	{ "wait4", { SYS_wait4, -1, -1 }, 0, 0 },
#ifdef SYS_poll
	{ "poll", { SYS_poll, SYS_ppoll, -1 }, 0, 0 },
#else
	{ "poll", { SYS_ppoll, -1, -1 }, 0, 0 },
#endif
#ifdef SYS_signalfd
	{ "signalfd", { SYS_signalfd4, SYS_signalfd, -1 }, 0, 0 },
#else
	{ "signalfd", { SYS_signalfd4, -1, -1 }, 0, 0 },
#endif
	{ "rt_sigtimedwait", { SYS_rt_sigtimedwait, -1, -1 }, 0, 0 },
#ifdef SYS_mmap2
	{ "mmap", { SYS_mmap, SYS_mmap2, -1 }, 0, 0 },
#else
	{ "mmap", { SYS_mmap, -1, -1 }, 0, 0 },
#endif
	{ "kcmp", { SYS_kcmp, -1, -1 }, 0, 0 },
	{ "prctl", { SYS_prctl, -1, -1 }, 0, 0 },
#ifdef SYS_readlink
	{ "readlink", { SYS_readlinkat, SYS_readlink, -1 }, 0, 0 },
#else
	{ "readlink", { SYS_readlinkat, -1, -1 }, 0, 0 },
#endif
#ifdef SYS_newfstatat
	{ "fstatat", { SYS_newfstatat, SYS_fstat, -1 }, 0, 0 },
#else
	{ "fstatat", { SYS_fstatat64, SYS_fstat64, -1 }, 0, 0 },
#endif
};

static void __attribute__((noreturn)) surround_cannot(const char *what)
{
	printf("cannot %s here: %s\n", what, strerror(errno));
	exit(77);
}

static void surround_filter(int nr, int flag, int where, unsigned error)
{
	struct surround_insn code[] = {
		{ LOAD, 0, 0, DATA_NR },
		{ JEQ, 0, 3, (uint32_t)nr },
		{ LOAD, 0, 0, (uint32_t)(where ? where : DATA_ARG2) },
		{ JSET, 0, flag ? 1 : 0, (uint32_t)flag },
		{ RET, 0, 0, RET_ERRNO | error },
		{ RET, 0, 0, RET_ALLOW },
	};
	struct surround_program program = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, 1, TSYNC, &program))
		surround_cannot("filter system calls");
}

/* 0: it seems to work, and does nothing */
static const struct {
	const char *name;
	unsigned error;
} surround_errors[] = {
	{ ":EPERM", EPERM }, { ":ENOSYS", ENOSYS }, { ":EINVAL", EINVAL }, { ":EACCES", EACCES },
	{ ":EBADF", EBADF }, { ":EFAULT", EFAULT }, { ":0", 0 },
};

static unsigned surround_error(const char *name)
{
	unsigned i;

	for (i = 0; i < sizeof(surround_errors) / sizeof(*surround_errors); i++)
		if (!strcmp(name, surround_errors[i].name))
			return surround_errors[i].error;
	exit(125);
}

/* CALL:ERRNO */
static void surround_deny(const char *what)
{
	const char *colon = strchr(what, ':');
	unsigned i, k, error;

	if (!colon)
		exit(125);
	error = surround_error(colon);
	for (i = 0; i < sizeof(surround_calls) / sizeof(*surround_calls); i++) {
		const struct surround_call *c = &surround_calls[i];

		if (strlen(c->name) != (size_t)(colon - what) ||
		    strncmp(c->name, what, strlen(c->name)))
			continue;
		for (k = 0; k < 3; k++)
			if (c->nr[k] >= 0)
				surround_filter(c->nr[k], c->flag, c->where, error);
		return;
	}
	exit(125);
}

static void surround_no_proc(void)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/proc", "tmpfs", 0, NULL))
		surround_cannot("hide /proc");
}

static void surround_fake_proc(void)
{
	surround_no_proc();
	if (mkdir("/proc/thread-self", 0755) || mkdir("/proc/thread-self/fd", 0755) ||
	    mkdir("/proc/thread-self/fd/3", 0755) || mkdir("/proc/thread-self/fd/5", 0755))
		surround_cannot("make another /proc");
}

static void *surround_idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void surround(char **words)
{
	for (; *words; words++) {
		const char *w = *words, *value = strchr(w, '=');
		int n = value ? atoi(++value) : 0;
		struct rlimit r;
		pthread_t t;

		if (!strncmp(w, "deny=", 5)) {
			surround_deny(value);
		} else if (!strcmp(w, "noproc")) {
			surround_no_proc();
		} else if (!strcmp(w, "fakeproc")) {
			surround_fake_proc();
		} else if (!strncmp(w, "chroot=", 7)) {
			if (chroot(value) || chdir("/"))
				surround_cannot("chroot");
		} else if (!strcmp(w, "thread")) {
			if (pthread_create(&t, NULL, surround_idle, NULL))
				surround_cannot("start a thread");
		} else if (!strncmp(w, "limit=", 6)) {
			getrlimit(RLIMIT_NOFILE, &r);
			r.rlim_cur = (rlim_t)n;
			setrlimit(RLIMIT_NOFILE, &r);
		} else if (!strncmp(w, "hard=", 5)) {
			r.rlim_cur = r.rlim_max = (rlim_t)n;
			setrlimit(RLIMIT_NOFILE, &r);
		} else if (!strncmp(w, "close=", 6)) {
			close(n);
		} else if (!strncmp(w, "high=", 5)) {
			if (fcntl(3, F_DUPFD, n) != n)
				surround_cannot("open so high a descriptor");
		} else {
			exit(125);
		}
	}
}

#endif
