/*
 * rescue.c: fdfence-rescue, a static program: takes the library out of /etc/ld.so.preload
 * where no dynamic program starts any more, since the library is cut, gone or of another
 * processor.
 *
 *	fdfence-rescue [DIR]                 of the system whose root is DIR (/)
 *	fdfence-rescue --forget LIBRARY      before that is removed: nothing names it any more
 *	init=/usr/lib/.../fdfence-rescue     on the kernel's command line: then /sbin/init starts
 *
 * It links libc and the files of tools/ that need nothing else: no plug-in, no locale.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/forget.h"
#include "tools/system/place.h"

#define INIT		      "/sbin/init"
#define PID_NAMESPACE_OF_BOOT 0xEFFFFFFCU /* PROC_PID_INIT_INO of the kernel */

static int told(void)
{
	return fflush(stdout) || ferror(stdout) ? EXIT_OWN : 0;
}

static int rescue(void)
{
	char *name;

	if (place_disable(&name))
		return EXIT_OWN;
	if (name)
		printf("disabled: %s is no longer in %s\n", name, PRELOAD_FILE);
	else
		printf("%s does not name the library: nothing was changed\n", PRELOAD_FILE);
	free(name);
	return told();
}

/* The kernel started this in the place of init, and would panic if it ended. */
static int become_init(char **argv)
{
	if (mount(NULL, "/", NULL, MS_REMOUNT, NULL))
		say("/ cannot be made writable: %s", strerror(errno));
	rescue();
	argv[0] = INIT;
	execv(INIT, argv);
	say("%s: %s", INIT, strerror(errno));
	return EXIT_OWN;
}

/* podman and systemd-nspawn set the variable; Docker and others do not. */
static bool in_container(void)
{
	struct stat st;

	return getenv("container") ||
	       (!stat("/proc/self/ns/pid", &st) && st.st_ino != PID_NAMESPACE_OF_BOOT);
}

int main(int argc, char **argv)
{
	if (getpid() == 1 && !in_container())
		return become_init(argv);
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("fdfence-rescue " FDFENCE_VERSION);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "--forget") && argv[2][0] == '/') {
		place_lock();
		return forget_library(argv[2]) ? EXIT_OWN : told();
	}
	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		fputs("Usage: fdfence-rescue [DIR]\n"
		      "Takes libfdfence.so out of " PRELOAD_FILE
		      " of the system whose root is DIR (/).\n"
		      "       fdfence-rescue --forget LIBRARY\n"
		      "Before LIBRARY is removed: takes out what names it, drop-ins too.\n",
		      stderr);
		return EXIT_OWN;
	}
	if (argc == 2 && (chroot(argv[1]) || chdir("/"))) {
		say("%s: %s", argv[1], strerror(errno));
		return EXIT_OWN;
	}
	place_lock(); /* an enable that has read the file would write the name again */
	return rescue();
}
