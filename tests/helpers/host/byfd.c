/*
 * host_byfd: exec and spawn of a path that leads through the caller's own descriptors.
 *
 *	host_byfd spawn|exec FORMAT FILE
 *	host_byfd script|spawn-script FORMAT SCRIPT
 *	host_byfd full-script FORMAT SCRIPT	with no descriptor left
 *	host_byfd NUMBER-script FORMAT SCRIPT	who looks is answered with that errno
 *	host_byfd fexecve - SCRIPT
 *
 * Opens FILE close-on-exec (but SCRIPT, which its interpreter opens by that number) and calls FORMAT
 * with its number and the process' (/proc/self/fd/%d, /proc/%2$d/fd/%1$d).  A FILE that is a
 * fifo must be refused at once (EACCES): nobody may open it and wait for a writer.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tests/helpers/host/host.h"

/* To the fence's looks, and to no loader or shell. */
static void refuse_looks(unsigned error)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_NOCTTY, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { sizeof(f) / sizeof(*f), f };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
		cannot("install a filter");
}

int main(int argc, char **argv)
{
	char path[4096], *args[] = { "by descriptor", NULL };
	pid_t pid;
	int fd, flags = O_RDONLY | O_NONBLOCK;

	if (argc != 4)
		return 125;
	leak_at(20);
	if (strcmp(argv[1], "fexecve") && !strstr(argv[1], "script"))
		flags |= O_CLOEXEC;
	fd = must_open(argv[3], flags);
	if (!strcmp(argv[1], "fexecve")) {
		fexecve(fd, args, environ);
		die("fexecve");
	}
	snprintf(path, sizeof(path), argv[2], fd, getpid());
	if (atoi(argv[1]) > 0)
		refuse_looks((unsigned)atoi(argv[1]));
	if (!strncmp(argv[1], "full", 4)) {
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 64, 64 });
		while (fcntl(0, F_DUPFD_CLOEXEC, 3) >= 0)
			;
	}
	if (!strncmp(argv[1], "spawn", 5)) {
		int error = posix_spawn(&pid, path, NULL, NULL, args, environ);
		int status = error ? 0 : status_of(pid);

		printf("%s\n", strerror(error));
		if (!error)
			printf("child %d\n", status);
		return 0;
	}
	execve(path, args, environ);
	printf("%s\n", strerror(errno));
	return 0;
}
