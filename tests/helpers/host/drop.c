/*
 * host_drop: execs while the log cannot be written, and one when it can again.
 *
 *	host_drop COUNT
 *
 * COUNT execs that fail; prints "next" and waits for a line; one more exec that fails, with argv[0]
 * "last".
 */
#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	char line[16], *early[] = { "early", NULL }, *last[] = { "last", NULL };
	int count = argc == 2 ? atoi(argv[1]) : 0, bad = 0, i;

	leak_at(3);
	for (i = 0; i < count; i++)
		bad += execve("/nonexistent", early, environ) != -1 || errno != ENOENT;
	printf("next\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		die("stdin");
	bad += execve("/nonexistent", last, environ) != -1 || errno != ENOENT;
	return bad != 0;
}
