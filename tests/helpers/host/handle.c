/*
 * host_handle: execve looked up in libc by its handle, where no preloaded library is asked.
 *
 *	host_handle FDLIST
 */
#include <dlfcn.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW);
	int (*exec)(const char *, char *const *, char *const *) = dlsym(libc, "execve");
	char *args[] = { argc > 1 ? argv[1] : "", NULL };

	leak_at(3);
	if (exec)
		exec(args[0], args, environ);
	die("execve by a handle");
}
