/*
 * task.c: see task.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/procfs.h"
#include "tools/proc/task.h"
#include "tools/proc/ttys.h"

#define FIRST_CAP 4096
/* include/linux/sched.h */
#define PF_FORKNOEXEC 0x40
#define PF_KTHREAD    0x00200000

/* The fields of /proc/PID/stat, as proc(5) counts them. */
enum {
	STAT_COMM = 2,
	STAT_STATE = 3,
	STAT_PPID = 4,
	STAT_TTY = 7,
	STAT_FLAGS = 9,
	STAT_START = 22,
	STAT_STACK = 28,
	STAT_ARGS = 48,
	STAT_ENV = 50,
};

static const char *path_in(char path[64], pid_t pid, const char *name)
{
	if (pid)
		snprintf(path, 64, "/proc/%d/%s", (int)pid, name);
	else
		snprintf(path, 64, "/proc/self/%s", name);
	return path;
}

static int open_in(pid_t pid, const char *name, int flags)
{
	char path[64];

	return procfs_open(path_in(path, pid, name), flags);
}

static void take_field(struct task_stat *to, int field, const char *value)
{
	unsigned long long n = strtoull(value, NULL, 10);

	switch (field) {
	case STAT_STATE:
		to->state = *value;
		break;
	case STAT_PPID:
		to->ppid = (pid_t)n;
		break;
	case STAT_TTY:
		ttys_split((uint32_t)n, &to->tty_major, &to->tty_minor);
		break;
	case STAT_FLAGS:
		to->forked = n & PF_FORKNOEXEC;
		to->kernel = n & PF_KTHREAD;
		break;
	case STAT_START:
		to->start = n;
		break;
	case STAT_STACK:
		to->stack = n;
		break;
	case STAT_ARGS:
		to->args = n;
		break;
	case STAT_ENV:
		to->env = n;
		break;
	}
}

int task_stat_parse(const char *text, struct task_stat *to)
{
	/* A name may hold blanks and brackets: what counts stands behind the last one. */
	const char *comm = strchr(text, '('), *p = strrchr(text, ')');
	int field = STAT_COMM;

	*to = (struct task_stat){ 0 };
	if (!comm || !p)
		return -1;
	snprintf(to->comm, sizeof(to->comm), "%.*s", (int)(p - comm - 1), comm + 1);
	while ((p = strchr(p, ' ')) && ++field <= STAT_ENV)
		take_field(to, field, ++p);
	return field > STAT_STACK ? 0 : -1;
}

int task_stat(pid_t pid, struct task_stat *to)
{
	char text[2048];
	int fd = open_in(pid, "stat", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	return task_stat_parse(text, to);
}

/* Of the first thread that still has them. */
static bool take_addresses(void *stat, pid_t tid)
{
	struct task_stat *to = stat, one;

	if (task_stat(tid, &one))
		return true;
	to->stack = one.stack;
	to->args = one.args;
	to->env = one.env;
	return !to->stack;
}

int task_stat_living(pid_t pid, struct task_stat *to)
{
	int r = task_stat(pid, to);
	char path[64];

	if (!r && pid && to->state == 'Z')
		procfs_each(path_in(path, pid, "task"), take_addresses, to);
	return r;
}

static void grow(struct task_text *t)
{
	size_t cap = t->cap ? 2 * t->cap : FIRST_CAP;
	char *buf = must_alloc(cap);

	memcpy(buf, t->buf ? t->buf : "", t->len);
	free(t->buf);
	t->buf = buf;
	t->cap = cap;
}

int task_read(pid_t pid, const char *name, struct task_text *to)
{
	int fd = open_in(pid, name, O_RDONLY), error;
	ssize_t n;

	to->len = 0;
	if (!to->buf)
		grow(to);
	to->buf[0] = '\0';
	if (fd < 0)
		return -1;
	while ((n = read(fd, to->buf + to->len, to->cap - to->len - 1)) > 0) {
		to->len += (size_t)n;
		if (to->len + 1 == to->cap)
			grow(to);
	}
	error = errno;
	close(fd);
	errno = error;
	to->buf[to->len] = '\0';
	return n < 0 ? -1 : 0;
}

int task_file(pid_t pid, const char *name, struct stat *to)
{
	char path[64];

	*to = (struct stat){ 0 };
	return procfs_stat(path_in(path, pid, name), to);
}

int task_image(pid_t pid, struct stat *to)
{
	return task_file(pid, "exe", to);
}

ssize_t task_link(pid_t pid, const char *name, char *to, size_t size)
{
	char path[64];
	ssize_t n = procfs_readlink(path_in(path, pid, name), to, size - 1);

	to[n > 0 ? n : 0] = '\0';
	return n;
}

char **task_vector(const struct task_text *t)
{
	size_t n = 0, i = 0;
	char **list, *p;

	for (p = t->buf; p < t->buf + t->len; p += strlen(p) + 1)
		n++;
	list = must_alloc((n + 1) * sizeof(*list));
	for (p = t->buf; p < t->buf + t->len; p += strlen(p) + 1)
		list[i++] = p;
	list[n] = NULL;
	return list;
}

const char *task_status_line(const struct task_text *status, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = status->buf ? status->buf : ""; *p;
	     p += strcspn(p, "\n"), p += *p == '\n')
		if (!strncmp(p, name, len) && p[len] == ':')
			return p + len + 1;
	return "";
}

bool task_has_fd(pid_t pid, int fd)
{
	char path[64], name[24];
	struct stat st;

	/* A file compared with itself: a tenth of what the way by a name takes. */
	if (pid && !syscall(SYS_kcmp, pid, pid, KCMP_FILE, fd, fd))
		return true;
	if (pid && errno == EBADF) {
		errno = ENOENT;
		return false;
	}
	snprintf(name, sizeof(name), "fd/%d", fd);
	return !procfs_lstat(path_in(path, pid, name), &st);
}

/* The number of fd's name in d, or -1 for "." and "..". */
static int number_of(const struct dirent64 *d)
{
	return d->d_name[0] == '.' ? -1 : atoi(d->d_name);
}

static void append(int **list, size_t *n, size_t *cap, int fd)
{
	if (*n == *cap) {
		int *more = must_alloc(2 * *cap * sizeof(int));

		memcpy(more, *list, *cap * sizeof(int));
		free(*list);
		*list = more;
		*cap *= 2;
	}
	(*list)[(*n)++] = fd;
}

static ssize_t list_dir(int dir, int **list)
{
	char buf[4096] __attribute__((aligned(8)));
	size_t n = 0, cap = 64;
	ssize_t got;

	*list = must_alloc(cap * sizeof(int));
	while ((got = getdents64(dir, buf, sizeof(buf))) > 0)
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *d = (const struct dirent64 *)(buf + at);

			if (number_of(d) >= 0) /* ascending, as fs/proc/fd.c goes */
				append(list, &n, &cap, number_of(d));
			at += d->d_reclen;
		}
	if (got == 0)
		return (ssize_t)n;
	free(*list); /* half a list is none */
	*list = NULL;
	return -1;
}

size_t task_count_fds(pid_t pid)
{
	struct stat st;
	char path[64];

	return procfs_stat(path_in(path, pid, "fd"), &st) ? 0 : (size_t)st.st_size;
}

ssize_t task_fds(pid_t pid, int **list)
{
	int dir = open_in(pid, "fd", O_RDONLY | O_DIRECTORY), error;
	ssize_t n;

	*list = NULL;
	if (dir < 0)
		return -1;
	n = list_dir(dir, list);
	error = errno;
	close(dir);
	errno = error;
	return n;
}
