/*
 * gcov_exit.c: linked with COVERAGE=1 (--wrap=_exit): a child that ends by _exit() writes its
 * counts first.  fork() and exec are gcc's own to care for.
 *
 * Counts that cannot be written are lost, and change nothing of what a test sees: neither by a
 * message nor by the signal of a file that may not grow.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

/* At the end, before gcc's own writing: nothing is started with this variable. */
static void __attribute__((destructor)) be_quiet(void)
{
	signal(SIGXFSZ, SIG_IGN);
	setenv("GCOV_ERROR_FILE", "/dev/null", 1);
}

void __wrap__exit(int status)
{
	be_quiet();
	__gcov_dump();
	__real__exit(status);
}
