/*
 * host_state: what one exec handed over is not believed by a later image of the same process.
 *
 *	host_state FDLIST
 *
 * Execs itself twice, the second time with an act and with an environment of 300 more variables,
 * and with the FDFENCE_STATE that the first one was started with; then FDLIST.  What was meant for
 * the third image is given, and reaches FDLIST.
 */
#include "tests/helpers/host/host.h"

static char stale[4096];

static void again(char *self, char *stage, char *fdlist)
{
	char *argv[] = { self, fdlist, stage, NULL };

	execv("/proc/self/exe", argv);
	die("exec");
}

static void keep_stale_state(void)
{
	int fd = open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
	static char all[65536];
	ssize_t n = read(fd, all, sizeof(all) - 1);
	char *s = all;

	for (; s < all + n; s += strlen(s) + 1)
		if (!strncmp(s, "FDFENCE_STATE=", 14))
			strncpy(stale, s, sizeof(stale) - 1);
	close(fd);
}

int main(int argc, char **argv)
{
	static char variable[300][16];
	int i;

	if (argc == 2) {
		must_open("/etc/group",
			  O_RDONLY); /* a leak, so that there is something to hand over */
		again(argv[0], "1", argv[1]);
	}
	if (argc == 3 && !strcmp(argv[2], "1")) {
		keep_stale_state();
		fcntl(must_open("/etc/passwd", O_RDONLY | O_CLOEXEC), F_SETFD, 0);
		for (i = 0; i < 300; i++) {
			snprintf(variable[i], sizeof(variable[i]), "V%d=1", i);
			putenv(variable[i]);
		}
		if (*stale)
			putenv(stale);
		again(argv[0], "2", argv[1]);
	}
	run(argv[1]);
}
