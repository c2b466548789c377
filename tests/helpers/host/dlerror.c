/* host_dlerror: what dlerror() has to say is still there after fclose, system, popen and pclose. */
#include <dlfcn.h>

#include "tests/helpers/host/host.h"

static void say(const char *after)
{
	printf("%s %s\n", after, dlerror() ? "kept" : "lost");
}

int main(void)
{
	FILE *f = fopen("/dev/null", "r");

	fcntl(leak_at(3), F_SETFD, 0); /* an act: fclose has to look for it */
	dlopen("/nonexistent.so", RTLD_LAZY);
	fclose(f);
	say("fclose");
	dlopen("/nonexistent.so", RTLD_LAZY);
	if (system("exec true"))
		die("system");
	say("system");
	dlopen("/nonexistent.so", RTLD_LAZY);
	pclose(popen("exec true", "r"));
	say("popen");
	return 0;
}
