/*
 * host_repeat: starts a program with an environment that no shell can make.
 *
 *	host_repeat LIBRARY VARIABLE... -- COMMAND
 *
 * The variables come first, in that order and as often as they are named; then LD_PRELOAD=LIBRARY.
 * A leak is open.
 */
#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	static char *env[200], preload[4200];
	int i, n = 0;

	for (i = 2; i < argc && strcmp(argv[i], "--") && n < 190; i++)
		env[n++] = argv[i];
	if (i + 1 >= argc)
		return 125;
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", argv[1]);
	env[n++] = preload;
	env[n++] = "PATH=/usr/bin:/bin";
	/* through a shell, which is the fenced program that starts COMMAND */
	execve("/bin/env", (char *[]){ "env", argv[i + 1], NULL }, env);
	die("env");
}
