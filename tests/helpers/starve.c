/*
 * starve: not a program but an object to preload (tests/build.mk).  Once the file $STARVE is there
 * calloc() finds no memory for the program itself, which is that named $STARVED; its libraries do
 * not starve.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

void *__libc_calloc(size_t n, size_t size);

static bool is_own(const void *code)
{
	Dl_info caller, program;

	return dladdr(code, &caller) && dladdr((const void *)getauxval(AT_PHDR), &program) &&
	       caller.dli_fbase == program.dli_fbase;
}

static bool starves(void)
{
	const char *when = getenv("STARVE"), *who = getenv("STARVED");

	return when && who && !strcmp(program_invocation_short_name, who) && !access(when, F_OK);
}

void *calloc(size_t n, size_t size)
{
	int e = errno;
	bool none = is_own(__builtin_return_address(0)) && starves();

	errno = none ? ENOMEM : e;
	return none ? NULL : __libc_calloc(n, size);
}
