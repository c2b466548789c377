/*
 * stopwatch: not a program but an object to preload (tests/build.mk).  $STOPWATCH names a file, where
 * the longest loop of close() over neighbouring numbers, upwards or downwards, is put down, whoever
 * of the processes below made it: a struct loop, with the time of the clock, which is read at each.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The file, which must be there, all zeros. */
struct loop {
	long calls, ns;
};

static struct loop nobody, *longest = &nobody; /* other constructors close, too */
static long calls, began;
static int last;

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

static void __attribute__((constructor)) open_file(void)
{
	const char *name = getenv("STOPWATCH");
	int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	longest = mmap(NULL, sizeof(*longest), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (longest == MAP_FAILED)
		longest = &nobody;
	syscall(SYS_close, fd);
}

int close(int fd)
{
	int r;

	if (fd != last + 1 && fd != last - 1) {
		calls = 0;
		began = now();
	}
	last = fd;
	r = (int)syscall(SYS_close, fd);
	if (++calls > longest->calls)
		*longest = (struct loop){ calls, now() - began };
	return r;
}
