/*
 * pinned.c: see pinned.h.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/pinned.h"
#include "tools/proc/task.h"

ssize_t proc_read(int dir, const char *file, char *text, size_t cap)
{
	int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	while (len < cap - 1 && (n = read(fd, text + len, cap - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	text[len] = '\0';
	return n < 0 ? -1 : (ssize_t)len;
}

/* The number behind a label at the start of a line of /proc/PID/status; NULL: no such line. */
static const char *status_line(const char *status, const char *label)
{
	size_t n = strlen(label);
	const char *p = status;

	while (p && strncmp(p, label, n))
		p = (p = strchr(p, '\n')) ? p + 1 : NULL;
	return p ? p + n : NULL;
}

static unsigned status_number(const char *status, const char *label)
{
	const char *p = status_line(status, label);

	return p ? (unsigned)strtoul(p, NULL, 10) : 0;
}

/* "Uid:\treal\teffective\t..." */
static uint32_t status_effective(const char *status, const char *label)
{
	unsigned real = 0, effective = 0;
	const char *p = status_line(status, label);

	if (p && sscanf(p, "%u %u", &real, &effective) != 2)
		effective = 0;
	return effective;
}

static bool has_ended(const struct task_stat *t)
{
	return t->state == 'Z' || t->state == 'X';
}

static enum fate take_stat(struct pinned *p, const char *text)
{
	struct task_stat t;

	if (task_stat_parse(text, &t)) {
		errno = EINVAL;
		return FATE_FAILED;
	}
	memcpy(p->comm, t.comm, sizeof(p->comm));
	p->start = t.start;
	p->tty_major = t.tty_major;
	p->tty_minor = t.tty_minor;
	if (t.kernel)
		return FATE_KERNEL;
	return has_ended(&t) ? FATE_ZOMBIE : FATE_HERE;
}

static enum fate fate_of(int err)
{
	return err == ENOENT || err == ESRCH   ? FATE_ENDED
	       : err == EACCES || err == EPERM ? FATE_DENIED
					       : FATE_FAILED;
}

bool pinned_has_thread(const struct pinned *p, pid_t tid)
{
	char file[48], stat[2048];
	struct task_stat t;

	snprintf(file, sizeof(file), "task/%d/stat", (int)tid);
	return proc_read(p->dir, file, stat, sizeof(stat)) >= 0 && !task_stat_parse(stat, &t) &&
	       !has_ended(&t);
}

/* 0: there is none. */
static pid_t living_thread(const struct pinned *p)
{
	int *tids;
	ssize_t n = proc_numbers(p->dir, "task", &tids), i;
	pid_t tid = 0;

	for (i = 0; i < n && !tid; i++)
		if (pinned_has_thread(p, tids[i]))
			tid = tids[i];
	free(tids);
	return tid;
}

static enum fate identify(struct pinned *p)
{
	char stat[2048], status[8192];
	enum fate fate;
	unsigned threads;
	pid_t group;

	if (proc_read(p->dir, "stat", stat, sizeof(stat)) < 0 ||
	    proc_read(p->dir, "status", status, sizeof(status)) < 0)
		return fate_of(errno);
	fate = take_stat(p, stat);
	group = (pid_t)status_number(status, "Tgid:");
	p->ppid = (pid_t)status_number(status, "PPid:");
	p->uid = status_effective(status, "Uid:");
	p->gid = status_effective(status, "Gid:");
	threads = status_number(status, "Threads:");
	if (group != p->pid) {
		p->ppid = group;
		return FATE_THREAD;
	}
	p->tid = p->pid;
	if (fate != FATE_ZOMBIE || threads < 2)
		return fate;
	/* Its first thread has ended, others run on, with its memory and descriptors. */
	p->tid = living_thread(p);
	return p->tid ? FATE_HERE : FATE_ENDED;
}

bool pinned_lives(const struct pinned *p)
{
	char stat[16];

	/* Signal 0 is sent to nobody: it asks whether the process has been waited for. */
	if (p->pidfd >= 0 && !syscall(SYS_pidfd_send_signal, p->pidfd, 0, NULL, 0))
		return true;
	if (p->pidfd >= 0 && errno == ESRCH)
		return false;
	/* It is another user's, or nobody may ask so. */
	return p->dir < 0 || proc_read(p->dir, "stat", stat, sizeof(stat)) > 0;
}

enum fate pinned_renew(struct pinned *p)
{
	enum fate fate = identify(p);

	return pinned_lives(p) ? fate : FATE_ENDED;
}

static enum fate open_both(struct pinned *p)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)p->pid);
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (p->pidfd < 0) {
		p->pidfd = -errno;
		if (errno == ESRCH)
			return FATE_NONE;
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
			return FATE_FAILED;
		/* EINVAL, in newer kernels ENOENT: a thread.  Denied: the directory has to do. */
	}
	p->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir >= 0)
		return FATE_HERE;
	if (errno != ENOENT)
		return fate_of(errno);
	if (p->pidfd < 0)
		return FATE_NONE;
	return pinned_lives(p) ? FATE_HIDDEN : FATE_ENDED;
}

enum fate pinned_open(struct pinned *p, pid_t pid)
{
	enum fate fate;
	int err;

	*p = (struct pinned){ .pid = pid, .pidfd = -1, .dir = -1 };
	fate = open_both(p);
	if (fate == FATE_HERE)
		fate = identify(p);
	err = errno;
	/* Now both are of one process: the pidfd's was there while the directory was opened. */
	if ((fate == FATE_HERE || fate == FATE_ZOMBIE || fate == FATE_KERNEL) && !pinned_lives(p))
		fate = FATE_ENDED;
	if (fate != FATE_HERE && fate != FATE_ZOMBIE && fate != FATE_KERNEL)
		pinned_close(p);
	errno = err;
	return fate;
}

void pinned_close(struct pinned *p)
{
	if (p->pidfd >= 0)
		close(p->pidfd);
	if (p->dir >= 0)
		close(p->dir);
	p->pidfd = p->dir = -1;
}

char *pinned_exe(const struct pinned *p)
{
	char path[PATH_MAX + 64];
	char file[48];
	ssize_t n;

	snprintf(file, sizeof(file), "task/%d/exe", (int)p->tid);
	n = readlinkat(p->dir, file, path, sizeof(path) - 1);
	if (n < 0)
		return NULL;
	path[n] = '\0';
	return must_dup(path);
}

bool pinned_maps(const struct pinned *p, const char *name)
{
	int fd = openat(p->dir, "maps", O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	const char *base;
	size_t cap = 0, n = strlen(name);
	ssize_t len;
	bool found = false;

	if (!f && fd >= 0)
		close(fd);
	while (f && !found && (len = getline(&line, &cap, f)) > 0) {
		line[len - 1] = '\0';
		base = strrchr(line, '/');
		found = base && !strncmp(base + 1, name, n) &&
			(!base[1 + n] || !strcmp(base + 1 + n, " (deleted)"));
	}
	free(line);
	if (f)
		fclose(f);
	return found;
}

uint32_t pinned_namespace(const struct pinned *p, const char *name)
{
	char file[48], text[64];
	ssize_t n;
	char *number;

	snprintf(file, sizeof(file), "task/%d/ns/%s", (int)p->tid, name);
	n = readlinkat(p->dir, file, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	number = strchr(text, '[');
	return number ? (uint32_t)strtoul(number + 1, NULL, 10) : 0;
}

char **pinned_vector(const struct pinned *p, const char *file, size_t max, bool *cut)
{
	char *text = must_alloc(max + 2), path[64], **v, *to;
	size_t len, words = 0, at;
	ssize_t n;

	snprintf(path, sizeof(path), "task/%d/%s", (int)p->tid, file);
	n = proc_read(p->dir, path, text, max + 2);

	if (n < 0) {
		free(text);
		return NULL;
	}
	*cut = (size_t)n > max;
	len = *cut ? max : (size_t)n;
	text[len] = '\0';
	for (at = 0; at < len; at += strlen(text + at) + 1)
		words++;
	v = must_alloc((words + 1) * sizeof(*v) + len + 1);
	to = memcpy(v + words + 1, text, len + 1);
	for (words = at = 0; at < len; at += strlen(text + at) + 1)
		v[words++] = to + at;
	free(text);
	return v;
}

int proc_stat(int dir, const char *file, struct statx *st)
{
	return statx(dir, file, AT_STATX_DONT_SYNC | AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME,
		     st);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

ssize_t proc_numbers(int dir, const char *file, int **list)
{
	int fd = openat(dir, file, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	size_t n = 0, cap = 0;
	struct dirent *e;
	int err;

	*list = NULL;
	if (!d)
		return -1;
	while ((errno = 0, e = readdir(d))) {
		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		if (n == cap) {
			cap = cap ? 2 * cap : 64;
			*list = reallocarray(*list, cap, sizeof(**list));
			if (!*list)
				out_of_memory();
		}
		(*list)[n++] = atoi(e->d_name);
	}
	err = errno;
	closedir(d);
	if (err) { /* the process has ended */
		free(*list);
		*list = NULL;
		errno = err;
		return -1;
	}
	if (n)
		qsort(*list, n, sizeof(**list), by_number);
	return (ssize_t)n;
}
