/*
 * fenced.c: see fenced.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/core/settings.h"
#include "tools/inspect/fenced.h"
#include "tools/proc/supervisor.h"

#define SHIM	     "libfdfence.so"
#define SETTINGS_MAX 4096 /* of them; what is behind is not looked at */

/* What stands behind NAME= ; NULL: it is not there. */
static const char *value_of(char *const *envp, const char *name)
{
	size_t n = strlen(name);

	for (; *envp; envp++)
		if (!strncmp(*envp, name, n) && (*envp)[n] == '=')
			return *envp + n + 1;
	return NULL;
}

static bool is_seal(const char *mode)
{
	return !mode || !*mode || !strcmp(mode, "seal");
}

/* The root may be one that others have made: no device or pipe is waited for. */
static int open_settings(const struct pinned *p)
{
	static const char file[] = "root" FDF_MACHINE_SETTINGS;
	int fd = openat(p->dir, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || (!fstat(fd, &st) && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* As its start reads them, which may have been before they were as they are now. */
static bool machine_seals(const struct pinned *p)
{
	static const char mode[] = "FDFENCE_MODE=";
	char text[SETTINGS_MAX];
	int fd = open_settings(p);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd < 0)
		return errno == ENOENT;
	close(fd);
	if (n < 0)
		return false;
	text[n] = '\0';
	/* each with a NUL behind it, MODE before the long ones */
	for (const char *s = text; s < text + n; s += strlen(s) + 1)
		if (!strncmp(s, mode, sizeof(mode) - 1))
			return is_seal(s + sizeof(mode) - 1);
	return true;
}

/* Whoever has the library may still have been told otherwise, at start. */
static bool has_library(const struct pinned *p, char *const *envp)
{
	const char *mode, *preload;

	if (!envp || !pinned_maps(p, SHIM))
		return false;
	mode = value_of(envp, "FDFENCE_MODE");
	preload = value_of(envp, "LD_PRELOAD");
	/* Where a variable preloads it the settings of the machine do not count. */
	if (mode || (preload && strstr(preload, SHIM)))
		return is_seal(mode);
	return machine_seals(p);
}

/* Whether a process has a filter at all: nobody else need be asked for its ancestors. */
static bool has_filter(const struct pinned *p)
{
	char status[8192];

	return proc_read(p->dir, "status", status, sizeof(status)) > 0 &&
	       strstr(status, "\nSeccomp:\t2\n");
}

/* Any process may take the name: the other end of a filter, which it holds, it may not. */
static bool is_supervisor(const struct pinned *p)
{
	int *fds;
	ssize_t n = strcmp(p->comm, SUPERVISOR_SEALS) ? -1 : proc_numbers(p->dir, "fd", &fds);
	bool found = false;

	for (ssize_t i = 0; i < n && !found; i++) {
		char file[32], to[64];
		ssize_t len;

		snprintf(file, sizeof(file), "fd/%d", fds[i]);
		len = readlinkat(p->dir, file, to, sizeof(to) - 1);
		to[len > 0 ? len : 0] = '\0';
		found = strstr(to, "seccomp notify");
	}
	if (n >= 0)
		free(fds);
	return found;
}

/*
 * Is a supervisor among the ancestors?  Whoever is orphaned below one is adopted below it.  A parent
 * that has been pinned counts if it still is the parent then: its number was its own.
 */
static bool has_supervisor(const struct pinned *p)
{
	struct pinned child = *p, parent;
	bool found = false;

	while (!found && child.ppid > 1) {
		enum fate fate = pinned_open(&parent, child.ppid), still = pinned_renew(&child);
		bool is_parent = still == FATE_HERE && child.ppid == parent.pid;

		if (fate != FATE_HERE || !is_parent)
			pinned_close(&parent);
		if (still != FATE_HERE || (fate != FATE_HERE && is_parent))
			break; /* the child has ended, or its parent is not to be seen */
		if (!is_parent)
			continue; /* the child has got another one */
		found = is_supervisor(&parent);
		if (child.dir != p->dir)
			pinned_close(&child);
		child = parent;
	}
	if (child.dir != p->dir)
		pinned_close(&child);
	return found;
}

enum fenced_by fenced_by(const struct pinned *p, char *const *envp)
{
	if (has_library(p, envp))
		return FENCED_BY_LIBRARY;
	return has_filter(p) && has_supervisor(p) ? FENCED_BY_SUPERVISOR : FENCED_BY_NOBODY;
}
