/*
 * filters: run a program under a seccomp filter of one's own.
 *
 *	filters CALL ANSWER PROGRAM ARG...
 *
 * CALL: close, close_range, ptrace, seccomp, pidfd_getfd, pidfd_open, bpf, execve, kcmp, process_vm_readv, ioctl,
 * kill, getdents64, readlinkat, none; or
 * killable: seccomp with a flag that kernels before 5.19 do not know.  ANSWER: EPERM, EBADF, EINVAL, ENOSYS, KILL, TRACE (nobody traces),
 * DONE (it is not);
 * or listen: a listener is held by the program itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned value;
} calls[] = { { "close", SYS_close },
	      { "close_range", SYS_close_range },
	      { "ptrace", SYS_ptrace },
	      { "seccomp", SYS_seccomp },
	      { "pidfd_getfd", SYS_pidfd_getfd },
	      { "pidfd_open", SYS_pidfd_open },
	      { "bpf", SYS_bpf },
	      { "execve", SYS_execve },
	      { "kcmp", SYS_kcmp },
	      { "process_vm_readv", SYS_process_vm_readv },
	      { "ioctl", SYS_ioctl },
	      { "kill", SYS_kill },
	      { "getdents64", SYS_getdents64 },
	      { "readlinkat", SYS_readlinkat },
	      { "killable", SYS_seccomp },
	      { "none", ~0U } },
  answers[] = { { "EPERM", SECCOMP_RET_ERRNO | EPERM },
		{ "EBADF", SECCOMP_RET_ERRNO | EBADF },
		{ "EINVAL", SECCOMP_RET_ERRNO | EINVAL },
		{ "ENOSYS", SECCOMP_RET_ERRNO | ENOSYS },
		{ "DONE", SECCOMP_RET_ERRNO },
		{ "KILL", SECCOMP_RET_KILL_PROCESS },
		{ "TRACE", SECCOMP_RET_TRACE },
		{ "listen", SECCOMP_RET_ALLOW } };

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, ~0U, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 6, code };
	unsigned long flags = 0;
	long listener;

	if (argc < 4)
		return 125;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(argv[1], calls[i].name))
			code[1].k = calls[i].value;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (!strcmp(argv[2], answers[i].name))
			code[4].k = answers[i].value;
	if (strcmp(argv[1], "killable") != 0) /* whatever the argument is */
		code[3] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0);
	else
		code[3].k = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	if (!strcmp(argv[2], "listen"))
		flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (listener < 0) {
		perror("filters");
		return 124;
	}
	if (flags)
		fcntl((int)listener, F_SETFD, 0);
	execvp(argv[3], argv + 3);
	return 126;
}
