/*
 * host_killing: starts a program where each system call that is not in a list kills.
 *
 *	host_killing exec|vfork|spawn LEAKS PROGRAM CALL...
 *	host_killing fork 0 - CALL...		starts none
 *
 * What this program itself does between the filter and the end of PROGRAM is allowed as well.
 */
#include <spawn.h>

#include "tests/helpers/host/refuse.h"

#define MOST 80

/* What processors have instead that came late. */
#ifndef SYS_select
#define SYS_select SYS_pselect6
#endif
#ifndef SYS_vfork
#define SYS_vfork SYS_clone
#endif

static const struct {
	const char *name;
	int number;
} calls[] = {
#define CALL(name)                \
	{                         \
#name, SYS_##name \
	}
	CALL(execve),	      CALL(openat),	     CALL(pread64),    CALL(close),
	CALL(faccessat),      CALL(select),	     CALL(newfstatat), CALL(fcntl),
	CALL(close_range),    CALL(prlimit64),	     CALL(mmap),       CALL(munmap),
	CALL(rt_sigprocmask), CALL(getpid),	     CALL(getppid),    CALL(unshare),
	CALL(kcmp),	      CALL(readlinkat),	     CALL(getdents64), CALL(lseek),
	CALL(fstatfs),	      CALL(mprotect),	     CALL(uname),      CALL(clone),
	CALL(clone3),	      CALL(rt_sigaction),    CALL(openat2),    CALL(wait4),
	CALL(exit),	      CALL(gettid),	     CALL(tgkill),     CALL(kill),
	CALL(vfork),	      CALL(exit_group),	     CALL(write),      CALL(fstat),
	CALL(faccessat2),     CALL(set_robust_list), CALL(getuid),     CALL(geteuid),
	CALL(getgid),	      CALL(getegid),
#undef CALL
};

static int number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(name, calls[i].name))
			return calls[i].number;
	printf("no system call is known as %s\n", name);
	exit(125);
}

static void kill_all_but(char **names)
{
	static const char *const own[] = { "vfork", "wait4", "exit_group", "write", NULL };
	struct sock_filter f[MOST] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						offsetof(struct seccomp_data, nr)) };
	struct sock_fprog p = { 1, f };

	for (int i = 0; i < 2; i++)
		for (const char *const *n = i ? own : (const char *const *)names; *n; n++) {
			if (p.len + 3 > MOST)
				exit(125);
			f[p.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
								  (unsigned)number_of(*n), 0, 1);
			f[p.len++] =
				(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		}
	f[p.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
		cannot("install a filter");
}

int main(int argc, char **argv)
{
	char *args[] = { "x", NULL };
	pid_t pid = 0;

	if (argc < 4)
		return 125;
	for (int i = atoi(argv[2]); i > 0; i--)
		leak_at(3);
	kill_all_but(argv + 4);
	if (!strcmp(argv[1], "exec"))
		run(argv[3]);
	if (!strcmp(argv[1], "fork")) {
		pid = fork();
		if (!pid)
			_exit(0);
		_exit(status_of(pid) ? 1 : 0);
	}
	if (!strcmp(argv[1], "vfork"))
		pid = vfork_exec(argv[3], args, environ);
	else if (posix_spawn(&pid, argv[3], NULL, NULL, args, environ))
		_exit(1);
	_exit(status_of(pid) ? 1 : 0);
}
