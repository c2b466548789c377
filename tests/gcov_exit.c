/*
 * gcov_exit.c: linked with COVERAGE=1 (--wrap=_exit): a child that ends by _exit() writes its
 * counts first.  fork() and exec are gcc's own to care for.
 */
#include <unistd.h>

void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
