/*
 * tables: a process whose threads have tables of descriptors of their own.
 *
 *	inspect/tables [gone]
 *
 * The process holds /etc/passwd at 10.  One thread shares its table, one has a copy in which
 * /etc/group is at 11, and a third shares that copy: made by a clone of the second's table.
 * With "gone" the first thread ends, and the others stay.  Prints the number of the second thread
 * when all is so, and waits.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_barrier_t ready;

static void open_at(const char *path, int at)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, at) != at)
		exit(2);
	close(fd);
}

static void *stays(void *unused) __attribute__((noreturn));
static void *stays(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
}

static void *leaves(void *unused)
{
	pthread_t sharer;

	(void)unused;
	if (unshare(CLONE_FILES))
		exit(77);
	open_at("/etc/group", 11);
	if (pthread_create(&sharer, NULL, stays, NULL))
		exit(2);
	printf("%ld\n", syscall(SYS_gettid));
	fflush(stdout);
	return stays(NULL);
}

int main(int argc, char **argv)
{
	pthread_t t;

	pthread_barrier_init(&ready, NULL, 4);
	open_at("/etc/passwd", 10);
	if (pthread_create(&t, NULL, stays, NULL) || pthread_create(&t, NULL, leaves, NULL))
		return 2;
	pthread_barrier_wait(&ready);
	if (argc > 1 && !strcmp(argv[1], "gone"))
		pthread_exit(NULL);
	for (;;)
		pause();
}
