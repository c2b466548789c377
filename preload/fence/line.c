/* line.c: see line.h. */
#include <errno.h>

#include "preload/core/text.h"
#include "preload/fence/line.h"

static bool in_line(const struct fdf_line *l, int pid)
{
	for (int i = 0; i < l->n; i++)
		if (l->pid[i] == pid)
			return true;
	return false;
}

void fdf_line_will_fork(struct fdf_fence *f)
{
	struct fdf_line *l = &f->line;
	int pid = sys_getpid();

	if (l->lost || in_line(l, pid) || fdf_borrower(f))
		return;
	if (l->n == FDF_LINE_MAX)
		l->lost = true;
	else
		l->pid[l->n++] = pid;
}

void fdf_line_forked(struct fdf_fence *f)
{
	struct fdf_line *l = &f->line;
	int pid = sys_getpid();

	if (pid == f->pid)
		f->pid = 0;
	if (!l->lost && in_line(l, pid)) /* of another namespace, or before it came again */
		l->lost = true;
}

static int exe_of(int pid, struct fdf_stat *st)
{
	char path[32];
	struct fdf_text m = { .p = path, .end = path + sizeof path };

	fdf_putf(&m, "/proc/%u/exe", pid);
	fdf_putc(&m, 0);
	return sys_stat(AT_FDCWD, path, 0, st);
}

static bool same_file(const struct fdf_stat *a, const struct fdf_stat *b)
{
	return a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

/* Not a zombie, nor another process with its number.  What is not known goes on. */
static bool goes_on(int pid, const struct fdf_stat *own)
{
	long r = SYS2(__NR_kill, pid, 0);
	struct fdf_stat st;

	if (r == 0) {
		int known = exe_of(pid, &st);

		return known == 0 ? same_file(&st, own) : known != -ENOENT && known != -ESRCH;
	}
	return r != -ESRCH;
}

bool fdf_line_is_last(struct fdf_fence *f, int pid)
{
	const struct fdf_line *l = &f->line;
	int parent = l->lost ? 0 : (int)SYS1(__NR_getppid, 0); /* 0: outside this namespace */
	struct fdf_stat own, st;

	if (!parent || in_line(l, parent) || exe_of(pid, &own) < 0)
		return false;
	for (int i = 0; i < l->n; i++)
		if (l->pid[i] != pid && goes_on(l->pid[i], &own))
			return false;
	return exe_of(parent, &st) < 0 || !same_file(&st, &own);
}
