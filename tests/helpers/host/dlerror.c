/*
 * host_dlerror: what dlerror() has to say is still there after fclose, system, popen and pclose,
 * and after what libc itself does: wordexp, and closefrom where close_range is denied.
 */
#include <dlfcn.h>
#include <wordexp.h>

#include "tests/helpers/host/host.h"
#include "tests/helpers/surround.h"

static void say(const char *after)
{
	printf("%s %s\n", after, dlerror() ? "kept" : "lost");
}

int main(void)
{
	FILE *f = fopen("/dev/null", "r");
	wordexp_t words;

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
	dlopen("/nonexistent.so", RTLD_LAZY);
	if (wordexp("plain", &words, WRDE_NOCMD))
		die("wordexp");
	say("wordexp");
	surround((char *[]){ "deny=close_range:EPERM", NULL });
	dlopen("/nonexistent.so", RTLD_LAZY);
	closefrom(3);
	say("closefrom");
	return 0;
}
