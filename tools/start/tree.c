/*
 * tree.c: all that runs below this process.
 */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/proc/mounted.h"
#include "tools/proc/process.h"
#include "tools/proc/task.h"
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

static bool runs_below_us(pid_t pid)
{
	struct task_stat t, above;
	pid_t self = getpid(), parent;
	int depth;

	if (task_stat(pid, &t) || t.state == 'Z' || t.state == 'X')
		return false;
	parent = t.ppid;
	for (depth = 0; parent > 0 && parent != self && depth < DEPTH_MAX; depth++)
		parent = task_stat(parent, &above) ? 0 : above.ppid;
	return parent == self;
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
