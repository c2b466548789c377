/*
 * host_drop: execs while the log cannot be written, and one when it can again.
 *
 *	host_drop COUNT
 *
 * COUNT execs that fail against all signs, so that each makes two records; prints "next" and waits
 * for a line; one more, with argv[0] "last".
 */
#include "tests/helpers/host/refuse.h"

int main(int argc, char **argv)
{
	char line[16], *early[] = { "early", NULL }, *last[] = { "last", NULL };
	int count = argc == 2 ? atoi(argv[1]) : 0, bad = 0, i;

	leak_at(3);
	refuse_execs(EIO);
	for (i = 0; i < count; i++)
		bad += execve("/bin/true", early, environ) != -1 || errno != EIO;
	printf("next\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		die("stdin");
	bad += execve("/bin/true", last, environ) != -1 || errno != EIO;
	return bad != 0;
}
