/*
 * seed.c: the processes that are there when the tracer starts.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/core/intent.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/images.h"
#include "tools/kernel/seed.h"

static pid_t parent_of(pid_t pid)
{
	char path[64], line[1024], *p;
	pid_t parent = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fgets(line, sizeof(line), f) && (p = strrchr(line, ')')))
		sscanf(p + 1, " %*c %d", &parent);
	fclose(f);
	return parent;
}

bool seed_is_below(pid_t pid, pid_t root)
{
	int depth;

	for (depth = 0; pid > 0 && depth < 1000; depth++) {
		if (pid == root)
			return true;
		pid = parent_of(pid);
	}
	return false;
}

/* What the arguments of a process begin with. */
static void arguments_of(pid_t pid, char called[FDT_CALLED])
{
	char path[64];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	f = fopen(path, "re");
	if (!f)
		return;
	n = fread(called, 1, FDT_CALLED - 1, f);
	called[n] = '\0';
	fclose(f);
}

static void seed_one(struct trace_bpf *b, pid_t pid, bool in_tree)
{
	char path[64], exe[4096], called[FDT_CALLED] = "";
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	if (n > 0)
		trace_images_put(TRACE_SEED | (uint64_t)pid, &(struct trace_image){ .exe = exe });
	if (fdf_is_many(fdf_str(exe)))
		arguments_of(pid, called);
	trace_bpf_image(b, pid, TRACE_SEED | (uint64_t)pid, in_tree, called);
}

int seed_images(struct trace_bpf *b, pid_t root)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	pid_t pid;

	if (!dir)
		return -1;
	while ((e = readdir(dir))) {
		pid = (pid_t)strtol(e->d_name, NULL, 10);
		if (pid > 0 && (!root || seed_is_below(pid, root)))
			seed_one(b, pid, root != 0);
	}
	closedir(dir);
	return 0;
}
