/*
 * host_environ: execs while another thread changes the environment all the time.
 *
 *	host_environ COUNT
 *
 * COUNT vfork children exec true and as many execs fail.  Variables are only added and pointers
 * swapped, never freed: a program may do that as long as libc's own exec could bear it.
 */
#include <pthread.h>

#include "tests/helpers/host/host.h"

static char *table[2][600];
static volatile int stop;

static void *change(void *unused)
{
	unsigned turn = 0;

	while (!stop) {
		turn++;
		environ = table[turn & 1];
		table[0][turn % 500] = turn & 2 ? "A_VARIABLE=of one length" : "B=1";
	}
	return unused;
}

int main(int argc, char **argv)
{
	char *args[] = { "true", NULL };
	int count = argc == 2 ? atoi(argv[1]) : 0, bad = 0, i;
	pthread_t t;

	for (i = 0; i < 500; i++)
		table[0][i] = table[1][i] = "A_VARIABLE=of one length";
	leak_at(3);
	if (pthread_create(&t, NULL, change, NULL))
		die("thread");
	for (i = 0; i < count; i++) {
		if (execv("/nonexistent", args) != -1 || errno != ENOENT)
			bad++;
		bad += status_of(vfork_exec("/bin/true", args, environ)) != 0;
	}
	stop = 1;
	pthread_join(t, NULL);
	printf("%d of %d failed\n", bad, count);
	return !count;
}
