/*
 * forget.c: nothing of the system names a library that is about to be removed.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/dropin.h"
#include "tools/system/forget.h"
#include "tools/system/list.h"
#include "tools/system/names.h"
#include "tools/system/place.h"

#define SHELL "/bin/sh"

struct library {
	const char *path;
	bool there;
	struct stat st; /* if it is there */
};

static bool is_it(const char *path, void *ctx)
{
	const struct library *l = ctx;
	struct stat st;

	return l->there && !stat(path, &st) && st.st_dev == l->st.st_dev &&
	       st.st_ino == l->st.st_ino;
}

/* Up to the machine it is the same for both classes. */
static bool read_head(const char *path, Elf32_Ehdr *head)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool got = fd >= 0 && read(fd, head, sizeof(*head)) == sizeof(*head) &&
		   !memcmp(head->e_ident, ELFMAG, SELFMAG);

	if (fd >= 0)
		close(fd);
	return got;
}

/* Is it of the shell's processor and word size?  That is what the machine itself is. */
static bool is_for_shell(const char *path, void *none)
{
	Elf32_Ehdr shell, head;

	(void)none;
	return read_head(SHELL, &shell) && read_head(path, &head) &&
	       head.e_machine == shell.e_machine &&
	       head.e_ident[EI_CLASS] == shell.e_ident[EI_CLASS] &&
	       head.e_ident[EI_DATA] == shell.e_ident[EI_DATA];
}

/* LIBDIR/fdfence/libfdfence.so: another one, and the one that the shell's ld.so takes. */
static bool is_left(const char *path, void *ctx)
{
	char *dir, *slash;
	bool is;
	int i;

	if (is_it(path, ctx) || !is_for_shell(path, NULL))
		return false;
	dir = must_dup(path);
	for (i = 0; i < 2 && (slash = strrchr(dir, '/')); i++)
		*slash = '\0';
	is = names_libc(dir, is_for_shell, NULL);
	free(dir);
	return is;
}

/* Does a name in the text stand for it, and for nothing that is left? */
static bool is_named(const struct place *p, struct library *l)
{
	const char *at = p->text, *end = p->text + p->len, *name;
	bool named = false;
	size_t n;

	for (; (name = list_own(at, (size_t)(end - at), &n)); at = name + n) {
		if (!names_path(name, n, l->path) && !names_any(name, n, is_it, l))
			continue;
		if (names_any(name, n, is_left, l))
			say("%.*s stays in " PRELOAD_FILE
			    "; programs that would load %s start without the fence from now on, "
			    "and ld.so says so",
			    (int)n, name, l->path);
		else
			named = true;
	}
	return named;
}

static int forget_preload(struct library *l)
{
	char *real = realpath(PRELOAD_FILE, NULL), *name;
	struct place p;
	bool named;
	int r;

	if (!real)
		return place_unopened(PRELOAD_FILE);
	r = place_open(&p, real);
	if (!r) {
		named = is_named(&p, l);
		place_close(&p);
		r = named ? place_disable(&name) : 0;
		if (named && !r) {
			printf("disabled: %s is no longer in %s\n", name, PRELOAD_FILE);
			free(name);
		}
	}
	free(real);
	return r;
}

int forget_library(const char *path)
{
	char *real = realpath(path, NULL);
	struct library l = { .path = real ? real : path };
	int r;

	l.there = !stat(l.path, &l.st);
	r = forget_preload(&l);
	r |= dropin_forget(l.path);
	free(real);
	return r ? -1 : 0;
}
