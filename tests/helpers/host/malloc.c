/*
 * host_malloc: a program whose allocator must not be entered during an exec (it is a vfork child,
 * or the lock is held).
 *
 *	host_malloc WAY FDLIST    WAY: a number of ways.h, or "spawn"; or "trap": an
 *	                          allocation where none may be, to show that it is noticed
 */
#include <spawn.h>

#include "tests/helpers/host/host.h"
#include "tests/helpers/ways.h"

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void __libc_free(void *);

static volatile int forbidden;

static void noticed(void)
{
	static const char text[] = "allocates in exec\n";

	if (!forbidden)
		return;
	if (write(1, text, sizeof(text) - 1) < 0)
		_exit(2);
	abort();
}

void *malloc(size_t n)
{
	noticed();
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	noticed();
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	noticed();
	return __libc_realloc(p, n);
}

void free(void *p)
{
	noticed();
	__libc_free(p);
}

int main(int argc, char **argv)
{
	char *args[] = { "fdlist", "3", NULL, NULL };
	volatile int spawn = argc == 3 && !strcmp(argv[1], "spawn");
	pid_t pid;

	if (argc != 3)
		return 125;
	leak_at(3);
	forbidden = 1;
	if (!strcmp(argv[1], "trap"))
		free(malloc(1));
	if (spawn)
		return posix_spawn(&pid, argv[2], NULL, NULL, args, environ) || status_of(pid);
	exec_by((enum way)atoi(argv[1]), "/nonexistent/program", args, environ);
	if (!vfork()) {
		exec_by((enum way)atoi(argv[1]), argv[2], args, environ);
		_exit(1);
	}
	return wait(NULL) < 0;
}
