/*
 * wordexp.c: wordexp(), whose command substitution starts programs: libc does it, with a sealed table.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "preload/raw/libc.h"
#include "preload/raw/sys.h"
#include "preload/start/exec.h"
#include "preload/start/shell.h"

/* wordexp_t, the same in both. */
struct words {
	size_t n;
	char **word;
	size_t reserved;
};

/* In memory that stays when a signal handler leaves wordexp() by siglongjmp(). */
struct real_wordexp {
	int (*fn)(const char *, void *, int);
	struct words to;
	int flags, result;
	char text[];
};

/* Page faults of children that have ended: each that executed something had some. */
static long children_faults(void)
{
	enum { CHILDREN = -1, MINFLT = 8 };
	long usage[18] = { 0 };

	SYS2(__NR_getrusage, CHILDREN, usage);
	return usage[MINFLT];
}

static bool waits_for_children(void)
{
	struct fdf_sigaction chld = { 0 };

	sys_sigaction(SIGCHLD, NULL, &chld);
	return chld.handler != SIG_IGN && !(chld.flags & SA_NOCLDWAIT);
}

static int call_wordexp(void *arg)
{
	struct real_wordexp *w = arg;
	long before = children_faults();

	w->result = w->fn(w->text, &w->to, w->flags);
	return children_faults() == before && waits_for_children() ? ECHILD : 0;
}

static bool has_command(const char *words)
{
	for (; *words; words++)
		if (*words == '`' || (words[0] == '$' && words[1] == '('))
			return true;
	return false;
}

int fdf_wordexp(int (*real)(const char *, void *, int), const char *words, void *to, int flags)
{
	enum { NOCMD = 4, NOSPACE = 1 };
	struct fdf_call c = {
		.entry = "wordexp", .dirfd = AT_FDCWD, .path = "/bin/sh", .envp = environ
	};
	struct fdf_str text;
	struct real_wordexp *w;
	size_t len;
	int r;

	if ((flags & NOCMD) || !has_command(words))
		return real(words, to, flags);
	text = fdf_str(words);
	len = sizeof *w + text.len + 1;
	w = sys_mmap_anon(len);
	if (!w)
		return NOSPACE;
	*w = (struct real_wordexp){ .fn = real, .to = *(struct words *)to, .flags = flags };
	for (size_t i = 0; i < text.len; i++)
		w->text[i] = words[i];
	r = fdf_call_sealed(&c, call_wordexp, w);
	*(struct words *)to = w->to;
	r = r < 0 ? NOSPACE : w->result;
	sys_munmap(w, len);
	return r;
}
