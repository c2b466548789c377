/*
 * host_sched: policy and nice value survive the exec of a threaded program that has
 * SCHED_RESET_ON_FORK (rtkit demands it).  Prints them in the new image.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include "tests/helpers/host/host.h"

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

int main(int argc, char **argv)
{
	struct sched_param none = { 0 };
	char *again[] = { argv[0], "again", NULL };
	pthread_t t;

	if (argc == 2) {
		printf("policy %x nice %d\n", (unsigned)sched_getscheduler(0),
		       getpriority(PRIO_PROCESS, 0));
		return 0;
	}
	if (setpriority(PRIO_PROCESS, 0, -5) ||
	    sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &none))
		cannot("be so nice");
	if (pthread_create(&t, NULL, idle, NULL))
		die("thread");
	leak_at(3);
	execv("/proc/self/exe", again);
	die("exec");
}
