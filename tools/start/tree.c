/*
 * tree.c: all that runs below this process.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/proc/mounted.h"
#include "tools/proc/process.h"
#include "tools/start/tree.h"

#define TICK_NS	  250000000L
#define DEPTH_MAX 1000 /* processes change while they are looked at: no circle */

void tree_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

bool tree_reap(struct child *cmd)
{
	int status;
	pid_t pid;

	while ((pid = process_wait(-1, &status, WNOHANG)) > 0)
		if (cmd && pid == cmd->cmd.pid)
			child_reaped(cmd, status);
	return pid == 0;
}

/* 0: it is not there.  *state: a letter of proc(5). */
static pid_t parent_of(pid_t pid, char *state)
{
	char path[64], line[1024], *p;
	pid_t parent = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fgets(line, sizeof(line), f) && (p = strrchr(line, ')')))
		sscanf(p + 1, " %c %d", state, &parent);
	fclose(f);
	return parent;
}

static bool runs_below_us(pid_t pid)
{
	pid_t self = getpid();
	char state = 'Z', other;
	int depth;

	pid = parent_of(pid, &state);
	for (depth = 0; pid > 0 && pid != self && depth < DEPTH_MAX; depth++)
		pid = parent_of(pid, &other);
	return pid == self && state != 'Z' && state != 'X';
}

static bool is_one_of(const pid_t *ours, size_t n, pid_t pid)
{
	for (size_t i = 0; i < n; i++)
		if (ours[i] == pid)
			return true;
	return false;
}

unsigned tree_running(const pid_t *ours, size_t n)
{
	DIR *dir = mounted_ours() ? opendir("/proc") : NULL;
	struct dirent *e;
	unsigned found = 0;

	while (dir && (e = readdir(dir))) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

		found += pid > 0 && !is_one_of(ours, n, pid) && runs_below_us(pid);
	}
	if (dir)
		closedir(dir);
	for (size_t i = 0; i < n && !found; i++)
		if (ours[i] > 0)
			return 0;
	return found ? found : tree_reap(NULL); /* orphans are our children: the kernel knows */
}

bool tree_counted(void)
{
	return mounted_ours() && !mounted_hides();
}

bool tree_wait(void (*tick)(void *ctx), void *ctx)
{
	const struct timespec wait = { .tv_nsec = TICK_NS };
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	while (tree_reap(NULL)) {
		sig = sigtimedwait(&set, NULL, &wait);
		if (sig > 0 && sig != SIGCHLD)
			return false;
		if (tick)
			tick(ctx);
	}
	return true;
}
