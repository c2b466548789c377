/* fence.c: see fence.h. */
#include <linux/auxvec.h>

#include "preload/core/intent.h"
#include "preload/fence/fence.h"
#include "preload/raw/libc.h"
#include "preload/raw/mapped.h"
#include "preload/raw/readable.h"
#include "preload/raw/sys.h"

struct fdf_fence *fdf_fence;

/* Common: behind all other data, so that its first part shares their page. */
struct fdf_fence fdf_memory __attribute__((common));
_Static_assert(offsetof(struct fdf_fence, set.rules) <= 3072, "1 KiB of the page is for the rest");

char *fdf_keep_text(struct fdf_fence *f, struct fdf_str s)
{
	bool is_near = s.len + 1 <= FDF_NEAR_MAX - f->used_near;
	char *to = is_near ? f->near + f->used_near : f->text + f->used_far;

	if (!is_near && s.len + 1 > FDF_TEXT_MAX - f->used_far)
		return NULL;
	for (size_t i = 0; i < s.len; i++)
		to[i] = s.s[i];
	*(is_near ? &f->used_near : &f->used_far) +=
		s.len + 1; /* the memory was zero: the NUL is there */
	return to;
}

static const char *execfn(void)
{
	return fdf_real.getauxval ? (const char *)fdf_real.getauxval(AT_EXECFN) : NULL;
}

/*
 * The program that runs if the file that was asked for is a script: its first line says, as
 * fs/binfmt_script.c reads it, and that may be a script again.  Its length; 0: it is none.
 */
static ssize_t interpreter(struct fdf_fence *f, char *buf, size_t cap)
{
	enum { HEAD = 256, DEPTH = 5 }; /* BINPRM_BUF_SIZE, and the most rewrites (fs/exec.c) */
	const char *path = execfn();
	size_t len = 0;

	for (int i = 0; path && i < DEPTH; i++) {
		char head[HEAD];
		struct fdf_program p = fdf_program_open(AT_FDCWD, path, &f->spared);
		ssize_t n = p.fd < 0 ? p.fd : sys_pread(p.fd, head, sizeof head - 1, 0);
		size_t from = 2, to;

		if (p.fd >= 0)
			fdf_program_close(p, &f->spared);
		if (n < 2 || head[0] != '#' || head[1] != '!')
			break;
		head[n] = 0;
		while (head[from] == ' ' || head[from] == '\t')
			from++;
		for (to = from;
		     head[to] && head[to] != ' ' && head[to] != '\t' && head[to] != '\n';)
			to++;
		len = to - from;
		if (len >= cap)
			return 0;
		for (size_t k = 0; k < len; k++)
			buf[k] = head[from + k];
		buf[len] = 0;
		path = buf;
	}
	return (ssize_t)len;
}

/* Empty: no /proc. */
static struct fdf_str linked_exe(struct fdf_fence *f)
{
	static const char link[] = "/proc/self/exe";
	ssize_t room = FDF_NEAR_MAX - (ssize_t)f->used_near, n;
	struct fdf_str exe = { f->near + f->used_near, 0 };

	n = sys_readlink(link, (char *)exe.s, (size_t)room);
	if (n == room) { /* may be cut */
		exe.s = f->text + f->used_far;
		n = sys_readlink(link, (char *)exe.s, FDF_TEXT_MAX - f->used_far);
	}
	exe.len = n > 0 ? (size_t)n : 0;
	return exe;
}

/* Whoever else is here finds the same. */
static struct fdf_str note_exe(struct fdf_fence *f, struct fdf_str exe)
{
	f->exe.s = exe.s;
	__atomic_store_n(&f->exe.len, exe.len, __ATOMIC_RELEASE);
	return exe;
}

static bool is_noted(const struct fdf_fence *f)
{
	return __atomic_load_n(&f->exe.len, __ATOMIC_ACQUIRE) != 0;
}

/* The kernel has then loaded no other. */
bool fdf_by_loader(void)
{
	return fdf_real.getauxval && !fdf_real.getauxval(AT_BASE) && fdf_real.getauxval(AT_PHDR);
}

/* glibc's loader says where the program's headers are; musl's leaves its own there. */
static struct fdf_str loaded_exe(struct fdf_fence *f)
{
	struct fdf_str exe = { f->text + f->used_far, 0 };

	exe.len = fdf_mapped(fdf_real.getauxval(AT_PHDR), f->text + f->used_far,
			     FDF_TEXT_MAX - f->used_far);
	return exe;
}

struct fdf_str fdf_exe(struct fdf_fence *f)
{
	struct fdf_str exe;
	ssize_t n;

	if (is_noted(f))
		return f->exe;
	exe = fdf_by_loader() ? loaded_exe(f) : linked_exe(f);
	if (!exe.len) {
		exe.s = f->near + f->used_near;
		n = interpreter(f, (char *)exe.s, FDF_NEAR_MAX - f->used_near);
		if (n <= 0)
			return fdf_str(execfn());
		exe.len = (size_t)n;
	}
	return note_exe(f, exe);
}

void fdf_exe_before_fork(struct fdf_fence *f)
{
	struct fdf_str exe;

	if (is_noted(f) || fdf_by_loader())
		return;
	exe = linked_exe(f);
	if (exe.len)
		note_exe(f, exe);
}

/*
 * The kernel lays the arguments down below the environment, and their number below them; musl tells
 * constructors of neither.  The host may have written there: no string is believed.
 */
struct fdf_str fdf_own_applet(const struct fdf_fence *f)
{
	enum { MOST = 1 << 20 };
	const struct fdf_str unknown = { NULL, 0 };
	struct fdf_readable r = { { 0 }, 0 };
	const char *const *argv, *first, *second;
	uintptr_t argc = 0;

	/* it may have been replaced before us: the kernel's own lies on the first stack */
	if (!f->env || (const char *)f->env > execfn() || (const char *)f->env < (const char *)&r)
		return unknown;
	while (argc < MOST && (uintptr_t)f->env[-2 - (ptrdiff_t)argc] != argc)
		argc++;
	argv = (const char *const *)f->env - 1 - argc;
	first = argc && argc < MOST ? argv[0] : NULL;
	second = first ? argv[1] : NULL;
	if (!fdf_readable_text(&r, first) || (second && !fdf_readable_text(&r, second)))
		return unknown;
	return fdf_applet(first, second);
}
