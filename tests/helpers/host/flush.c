/*
 * host_flush: the last flush of a stream fails, and the close says so.
 *
 *	host_flush pclose|fclose    of a pipe to a command that has ended
 *	host_flush full             fclose of /dev/full
 */
#include <signal.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	int full = argc == 2 && !strcmp(argv[1], "full"), r;
	FILE *f;

	if (argc != 2)
		return 125;
	fcntl(leak_at(3), F_SETFD, 0); /* an act: fclose has to look for it */
	signal(SIGPIPE, SIG_IGN);
	f = full ? fopen("/dev/full", "w") : popen("exec cat </dev/null", "w");
	if (!f)
		die("open");
	while (!full && write(fileno(f), "x", 1) == 1) /* until its reader has gone */
		usleep(1000);
	fputs("data", f);
	errno = 0;
	r = !strcmp(argv[1], "pclose") ? pclose(f) : fclose(f);
	printf("%d %s\n", r, strerror(errno));
	return 0;
}
