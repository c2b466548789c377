/*
 * gcov_exit.c: linked with COVERAGE=1, by --wrap: a child that ends by _exit() writes its counts first,
 * and who has another root by then writes them where the build is.  fork() and exec are gcc's own to
 * care for.
 *
 * Counts that cannot be written are lost, and change nothing of what a test sees: neither by a
 * message nor by the signal of a file that may not grow.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
int __real_chroot(const char *path);
int __wrap_chroot(const char *path);

static int first_root = -1;

int __wrap_chroot(const char *path)
{
	if (first_root < 0)
		first_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return __real_chroot(path);
}

/* At the end, before gcc's own writing: nothing of the program comes behind it. */
static void __attribute__((destructor)) prepare(void)
{
	int null;

	if (first_root >= 0 && (fchdir(first_root) || __real_chroot(".")))
		first_root = -1; /* they are lost */
	fflush(stderr);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDERR_FILENO) < 0)
		close(STDERR_FILENO);
	signal(SIGXFSZ, SIG_IGN);
}

void __wrap__exit(int status)
{
	prepare();
	__gcov_dump();
	__real__exit(status);
}
