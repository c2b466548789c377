/* As a daemon for Solaris and illumos starts: prints what it closed, and how much is left. */
#include <sys/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* some bring their own declarations */
extern void closefrom(int);
extern int fdwalk(int (*)(void *, int), void *);

struct limits {
	int low, high;
};

static int close_some(void *arg, int fd)
{
	const struct limits *l = arg;

	if (fd >= l->low && fd <= l->high) {
		printf("%d ", fd);
		close(fd);
	}
	return 0;
}

static int count_all(void *arg, int fd)
{
	(void)fd;
	++*(int *)arg;
	return 0;
}

int main(void)
{
	struct limits l = { 5, 8 };
	void (*by_address)(int) = closefrom;
	int fd, n = 0;

	for (fd = 3; fd < 12; fd++)
		dup2(0, fd);
	fdwalk(close_some, &l);
	by_address(10);
	fdwalk(count_all, &n);
	printf("left %d\n", n);
	return 0;
}
