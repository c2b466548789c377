/*
 * mounted.c: see mounted.h.
 */
#include <errno.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/mounted.h"

int mounted_check(void)
{
	char self[16];
	ssize_t n = readlink("/proc/self", self, sizeof(self) - 1);

	if (n < 0) {
		say("/proc: %s: it has to be mounted", strerror(errno));
		return -1;
	}
	self[n] = '\0';
	if (atoi(self) == getpid())
		return 0;
	say("/proc is that of another PID namespace: mount one in this");
	return -1;
}

bool mounted_hides(void)
{
	FILE *f = geteuid() ? setmntent("/proc/self/mounts", "re") : NULL;
	const char *value = NULL;
	struct mntent *m;
	bool hides = false;

	while (f && (m = getmntent(f)))
		if (!strcmp(m->mnt_dir, "/proc") && !strcmp(m->mnt_type, "proc")) {
			value = hasmntopt(m, "hidepid");
			hides = value && strncmp(value, "hidepid=0", 9) != 0 &&
				strncmp(value, "hidepid=off", 11) != 0 &&
				strncmp(value, "hidepid=1", 9) != 0 &&
				strncmp(value, "hidepid=noaccess", 16) != 0;
		}
	if (f)
		endmntent(f);
	return hides;
}
