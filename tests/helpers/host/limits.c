/*
 * host_limits: an exec under a resource limit.
 *
 *	host_limits fsize BYTES PROGRAM   RLIMIT_FSIZE smaller than the log; a leak, exec PROGRAM
 *	host_limits given MIB FDLIST      an act, exec of itself under RLIMIT_AS, which execs
 *	                                  FDLIST: what it was given is still there
 *	host_limits fence KIB FDLIST      exec of itself under RLIMIT_AS, which leaks and execs
 *	                                  FDLIST
 */
#include <sys/resource.h>

#include "tests/helpers/host/host.h"

static void limit(int what, rlim_t value)
{
	struct rlimit r = { value, value };

	if (setrlimit(what, &r))
		die("setrlimit");
}

int main(int argc, char **argv)
{
	char *again[] = { argv[0], "again", argv[1], argv[3], NULL };
	rlim_t value;

	if (argc != 4)
		return 125;
	if (!strcmp(argv[1], "again")) {
		if (!strcmp(argv[2], "fence"))
			leak_at(3);
		execve(argv[3], &argv[3], environ);
		printf("exec: %s\n", strerror(errno));
		return 0;
	}
	value = (rlim_t)atol(argv[2]);
	if (!strcmp(argv[1], "fsize")) {
		leak_at(3);
		limit(RLIMIT_FSIZE, value);
		run(argv[3]);
	}
	if (!strcmp(argv[1], "given"))
		fcntl(must_open("/etc/passwd", O_RDONLY | O_CLOEXEC), F_SETFD, 0);
	limit(RLIMIT_AS, value << (strcmp(argv[1], "given") ? 10 : 20));
	execv("/proc/self/exe", again);
	die("exec");
}
