/*
 * races: what changes while somebody looks.
 *
 *	inspect/races toggle     number 9 is, in turn and for ever, /etc/passwd close-on-exec and a
 *	                         pipe that is not
 *	inspect/races short DIR  for ever: children that call themselves nN, hold DIR/nN open, and
 *	                         end at once; their numbers are used again and again (in a PID
 *	                         namespace of its own, whose /proc is mounted)
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_ONCE 24

static void toggle(void)
{
	int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC), ends[2];

	if (file < 0 || pipe2(ends, O_CLOEXEC))
		exit(2);
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;) {
		dup3(file, 9, O_CLOEXEC);
		dup2(ends[0], 9);
	}
}

static void child(const char *dir, unsigned n)
{
	char name[16], path[256];

	snprintf(name, sizeof(name), "n%u", n);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	prctl(PR_SET_NAME, name);
	if (open(path, O_RDWR | O_CREAT, 0600) != 3)
		_exit(2);
	usleep(n % 7 * 300);
	unlink(path);
	_exit(0);
}

/* The next child gets the number that comes behind this one. */
static void rewind_numbers(const char *to)
{
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, to, strlen(to)) < 0)
		exit(77);
	close(fd);
}

static void shorts(const char *dir)
{
	unsigned n = 0;

	printf("%d\n", (int)getpid());
	fflush(stdout);
	close_range(3, ~0u, 0);
	for (;; n++) {
		if (n % AT_ONCE == 0)
			rewind_numbers("1000");
		if (n >= AT_ONCE)
			wait(NULL);
		if (!fork())
			child(dir, n);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "toggle"))
		toggle();
	if (argc == 3 && !strcmp(argv[1], "short"))
		shorts(argv[2]);
	return 2;
}
