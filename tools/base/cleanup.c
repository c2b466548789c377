/*
 * cleanup.c: files that have to go however the program ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/base/cleanup.h"

/* Read by a signal handler: a slot is set and emptied in one step. */
static struct {
	_Atomic(const char *) path; /* NULL: free */
	atomic_int owner, folder;   /* process; descriptor */
} files[CLEANUP_MAX];

static void remove_all(void)
{
	pid_t self = getpid();

	for (int i = CLEANUP_MAX - 1; i >= 0; i--) {
		const char *path = atomic_load(&files[i].path);

		int folder = atomic_load(&files[i].folder);

		if (path && atomic_load(&files[i].owner) == self && unlinkat(folder, path, 0) &&
		    errno == EISDIR)
			unlinkat(folder, path, AT_REMOVEDIR);
	}
}

static void end(int sig)
{
	remove_all();
	/* It is blocked while it is handled: it comes again, and ends us, when we return. */
	signal(sig, SIG_DFL);
	raise(sig);
}

static void catch_signals(void)
{
	static const int to_end[] = { SIGINT, SIGTERM, SIGHUP };
	static bool done;
	struct sigaction old, ours = { .sa_handler = end };

	if (done)
		return;
	done = true;
	for (size_t i = 0; i < sizeof(to_end) / sizeof(to_end[0]); i++)
		if (!sigaction(to_end[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(to_end[i], &ours, NULL);
	atexit(remove_all);
}

void cleanup_add(const char *path)
{
	cleanup_add_at(AT_FDCWD, path);
}

void cleanup_add_at(int folder, const char *path)
{
	catch_signals();
	cleanup_drop(path);
	for (int i = 0; i < CLEANUP_MAX; i++) {
		if (atomic_load(&files[i].path))
			continue;
		atomic_store(&files[i].owner, getpid());
		atomic_store(&files[i].folder, folder);
		atomic_store(&files[i].path, path);
		return;
	}
	abort(); /* more files than the program has */
}

void cleanup_drop(const char *path)
{
	for (int i = 0; i < CLEANUP_MAX; i++)
		if (atomic_load(&files[i].path) == path)
			atomic_store(&files[i].path, NULL);
}
