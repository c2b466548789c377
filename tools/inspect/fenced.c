/*
 * fenced.c: see fenced.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/inspect/fenced.h"
#include "tools/proc/supervisor.h"

#define SHIM "libfdfence.so"

/* Whoever has the library may still have been told otherwise, at start. */
static bool has_library(const struct pinned *p, char *const *envp)
{
	static const char mode[] = "FDFENCE_MODE=";

	for (char *const *v = envp; v && *v; v++)
		if (!strncmp(*v, mode, sizeof(mode) - 1)) {
			const char *value = *v + sizeof(mode) - 1;

			return (!*value || !strcmp(value, "seal")) && pinned_maps(p, SHIM);
		}
	return pinned_maps(p, SHIM);
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
