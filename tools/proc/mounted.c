/*
 * mounted.c: see mounted.h.
 */
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/mounted.h"
#include "tools/proc/task.h"

/* Also of the kernel's: a folder may lie there that looks like it. */
static bool is_proc(void)
{
	struct statfs fs;

	return !statfs("/proc", &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/*
 * Our numbers from the namespace of this /proc down to ours: one, if they are the same.  The number
 * that /proc/self says may be ours by chance.
 */
bool mounted_ours(void)
{
	struct task_text status = { 0 };
	int in_proc, in_ours, n = 0;

	if (is_proc() && !task_read(0, "status", &status))
		n = sscanf(task_status_line(&status, "NSpid"), "%d %d", &in_proc, &in_ours);
	if (n <= 0) /* a kernel without namespaces, or before Linux 4.1 */
		n = atoi(task_status_line(&status, "Pid")) == getpid() ? 1 : 0;
	free(status.buf);
	return n == 1;
}

int mounted_check(void)
{
	if (mounted_ours())
		return 0;
	if (!is_proc())
		say("/proc: no proc file system is there: it has to be mounted");
	else
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
