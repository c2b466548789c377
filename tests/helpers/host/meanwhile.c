/*
 * host_meanwhile: a signal handler opens a file while an exec is judged.
 *
 *	host_meanwhile FDLIST
 *
 * With a leak at 3.  A filter answers the opening of the fence's log, which comes when all
 * descriptors were looked at, by SIGSYS; the handler opens a file that nobody meant.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/helpers/host/host.h"

static void on_call(int sig)
{
	(void)sig;
	leak_at(3);
}

int main(int argc, char **argv)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_APPEND, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { sizeof(f) / sizeof(*f), f };

	if (argc != 2 || signal(SIGSYS, on_call) == SIG_ERR)
		return 125;
	leak_at(3);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
		cannot("install a filter");
	run(argv[1]);
}
