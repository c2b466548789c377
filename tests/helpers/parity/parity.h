/*
 * parity.h: what the parity programs share.
 *
 * Each is a table of cases.  A case prints "== NAME" and then what it saw: the
 * call's result and errno, what the child reports (tests/helpers/witness.c) and
 * how it ended.  tests/e2e/shim/parity.sh runs a program with and without the shim
 * and compares case by case, so nothing printed may differ from run to run.
 * Usage: PROGRAM WITNESS, in an empty directory.
 */
#ifndef PARITY_H
#define PARITY_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct parity_case {
	const char *name;
	void (*run)(void);
};
#define CASE(name)          \
	{                   \
#name, name \
	}

extern char **environ;
static char *witness; /* absolute */

static inline void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	fflush(stdout);
}

static inline const char *error_name(int e)
{
	return e ? strerror(e) : "none";
}

static inline void say_status(int status)
{
	if (WIFSIGNALED(status))
		say("ended by signal %d\n", WTERMSIG(status));
	else
		say("exit status %d\n", WEXITSTATUS(status));
}

/* All children end here; one that was not expected is said. */
static inline void reap_all(void)
{
	int status;

	while (waitpid(-1, &status, 0) > 0 || errno == EINTR)
		say_status(status);
}

static inline void say_mask(const char *what)
{
	sigset_t set;
	int sig;

	sigprocmask(SIG_BLOCK, NULL, &set);
	say("%s: blocked", what);
	for (sig = 1; sig < 65; sig++)
		if (sigismember(&set, sig) == 1)
			say(" %d", sig);
	say("\n");
}

/* Files that the cases use, in the current directory. */
static inline void script(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode))
		exit(125);
	close(fd);
}

static inline void make_files(void)
{
	mkdir("dir", 0700);
	mkdir("bin", 0700);
	mkdir("bin2", 0700);
	mkdir("bin/isdir", 0700);
	script("plain", "echo shell script $0 $#: \"$@\"\n", 0755);
	script("hashbang", "#!/bin/sh\necho hashbang $0 $#: \"$@\"\n", 0755);
	script("no_interpreter", "#!/nonexistent/sh\n", 0755);
	script("not_executable", "#!/bin/sh\n", 0644);
	script("empty", "", 0755);
	script("bin/denied", "#!/bin/sh\necho wrong\n", 0644);
	script("bin2/denied", "#!/bin/sh\necho found second\n", 0755);
	script("bin/both", "#!/bin/sh\necho found first\n", 0755);
	script("bin2/both", "#!/bin/sh\necho found second\n", 0755);
	script("bin/text", "echo text $0 $#: \"$@\"\n", 0755);
	script("here", "#!/bin/sh\necho found here\n", 0755);
	script("bin2/isdir", "#!/bin/sh\necho found behind a directory\n", 0755);
	script("bin/bad_interpreter", "#!/nonexistent/sh\n", 0755);
	script("bin2/bad_interpreter", "#!/bin/sh\necho found behind a bad interpreter\n", 0755);
	if (symlink("loop", "loop"))
		exit(125);
}

static inline int run_cases(int argc, char **argv, const struct parity_case *table, size_t n)
{
	size_t i;

	if (argc < 2)
		return 125;
	witness = argv[1];
	make_files();
	for (i = 0; i < n; i++) {
		if (argc > 2 && strcmp(argv[2], table[i].name))
			continue;
		say("== %s\n", table[i].name);
		table[i].run();
		reap_all();
	}
	return 0;
}

#endif
