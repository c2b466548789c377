/*
 * host_stack: nothing writes onto the stack of a vfork parent after its child's exec.
 *
 *	host_stack COUNT
 *
 * COUNT vfork children exec with a descriptor at 2,000 (so many that the exec needs a helper);
 * after each the parent watches the memory below its own frame for a while.
 */
#include "tests/helpers/host/host.h"

#define BELOW 12288

static int __attribute__((noinline)) overwritten(void)
{
	volatile unsigned char room[BELOW];
	int i, turn;

	for (i = 0; i < BELOW; i++)
		room[i] = 0x5a;
	for (turn = 0; turn < 100; turn++)
		for (i = 0; i < BELOW; i++)
			if (room[i] != 0x5a)
				return 1;
	return 0;
}

int main(int argc, char **argv)
{
	char *args[] = { "true", NULL };
	int count = argc == 2 ? atoi(argv[1]) : 0, bad = 0, i;
	pid_t pid;

	leak_at(2000);
	for (i = 0; i < count; i++) {
		pid = vfork_exec("/bin/true", args, environ);
		bad += overwritten();
		if (status_of(pid))
			die("/bin/true");
	}
	printf("overwritten %d times\n", bad);
	return !count;
}
