/*
 * machine.c: see machine.h.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/proc/machine.h"

#define FIRST_PIDS 0xEFFFFFFCU

struct fdf_str machine_host(void)
{
	static char name[65];

	if (!name[0] && gethostname(name, sizeof(name) - 1))
		name[0] = '\0';
	return fdf_str(name);
}

struct fdf_str machine_boot_id(void)
{
	static char id[40];
	FILE *f;

	if (!id[0] && (f = fopen("/proc/sys/kernel/random/boot_id", "re"))) {
		if (fgets(id, sizeof(id), f))
			id[strcspn(id, "\n")] = '\0';
		fclose(f);
	}
	return fdf_str(id);
}

bool machine_other_pids(void)
{
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino != FIRST_PIDS;
}
