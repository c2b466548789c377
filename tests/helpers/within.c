/*
 * within: run a program in the surroundings that words of surround.h name.
 *
 *	within WORD... -- COMMAND ARG...
 *
 * Exits with 77 where the machine does not let it, 127 where COMMAND cannot be started.
 */
#include "tests/helpers/surround.h"

int main(int argc, char **argv)
{
	int i = 1;

	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	if (i + 1 >= argc) {
		fprintf(stderr, "within: no command (usage: top of tests/helpers/within.c)\n");
		return 127;
	}
	argv[i] = NULL;
	surround(argv + 1);
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 127;
}
