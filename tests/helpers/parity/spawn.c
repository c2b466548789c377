/*
 * parity_spawn: posix_spawn and posix_spawnp, every attribute and error,
 * and the search of PATH (see parity.h).
 */
#include "tests/helpers/parity/spawn.h"

#include <dlfcn.h>
#include <sched.h>

static void spawn_search(const char *path_variable, const char *name)
{
	say("-- PATH=%.60s %.60s\n", path_variable ? path_variable : "(unset)", name);
	if (path_variable)
		setenv("PATH", path_variable, 1);
	else
		unsetenv("PATH");
	spawn_with(posix_spawnp, name, arguments, environ);
	setenv("PATH", "/usr/bin:/bin", 1);
}

static sigset_t set_of(int a, int b)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, a);
	sigaddset(&s, b);
	return s;
}

static void on_signal(int sig)
{
	(void)sig;
}

static void plain(void)
{
	pid_t pid;
	int error;

	spawn();
	error = posix_spawn(&pid, witness, NULL, NULL, arguments, environ);
	reap_all();
	say("no attributes, no actions: %s\n", error_name(error));
	error = posix_spawn(NULL, witness, NULL, NULL, arguments, environ);
	reap_all();
	say("no pid: %s\n", error_name(error));
}

static void mask(void)
{
	sigset_t s = set_of(SIGUSR1, 40), t = set_of(SIGUSR2, SIGTERM);

	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attr, &s);
	sigprocmask(SIG_BLOCK, &t, NULL);
	raise(SIGUSR2);
	spawn();
	spawn();
	signal(SIGUSR2, SIG_IGN);
	sigprocmask(SIG_UNBLOCK, &t, NULL);
	signal(SIGUSR2, SIG_DFL);
}

static void dispositions(void)
{
	sigset_t s = set_of(SIGPIPE, SIGHUP);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, on_signal);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, on_signal);
	signal(SIGCHLD, on_signal);
	signal(50, SIG_IGN);
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&attr, &s);
	spawn();
	sigfillset(&s);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&attr, &s);
	spawn();
	/* What the caller had is untouched. */
	say("caller ignores SIGPIPE: %d, handles SIGHUP: %d\n", signal(SIGPIPE, SIG_DFL) == SIG_IGN,
	    signal(SIGHUP, SIG_DFL) == on_signal);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	signal(50, SIG_DFL);
}

static void group(void)
{
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 0);
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, getpgrp());
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 1);
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, -5);
	spawn();
}

#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif

static void session(void)
{
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID);
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 0);
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	spawn();
}

/* In a child, because it gives up ids. */
static void ids(void)
{
	pid_t pid = fork();

	if (!pid) {
		if (setresgid(2000, 2001, 2002) || setresuid(1000, 1001, 1002))
			say("no ids to give up: %s\n", strerror(errno));
		spawn();
		posix_spawnattr_setflags(&attr, POSIX_SPAWN_RESETIDS);
		spawn();
		_exit(0);
	}
}

static void scheduler(void)
{
	struct sched_param p = { 0 };

	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDPARAM);
	posix_spawnattr_setschedparam(&attr, &p);
	spawn();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDULER);
	say("set policy: %s\n", error_name(posix_spawnattr_setschedpolicy(&attr, SCHED_BATCH)));
	spawn();
	p.sched_priority = 3;
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDULER);
	say("set policy: %s\n", error_name(posix_spawnattr_setschedpolicy(&attr, SCHED_FIFO)));
	posix_spawnattr_setschedparam(&attr, &p);
	spawn();
	/* A priority that the policy does not have. */
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDPARAM);
	posix_spawnattr_setschedparam(&attr, &p);
	spawn();
}

static void errors(void)
{
	char name[300], path[5000];

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = 0;
	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = 0;
	spawn_path("missing");
	spawn_path("not_executable");
	spawn_path("dir");
	spawn_path("plain/x");
	spawn_path("loop");
	spawn_path(name);
	spawn_path(path);
	spawn_path("plain");
	spawn_path("empty");
	spawn_path("hashbang");
	spawn_path("no_interpreter");
	spawn_path("");
}

static void too_big(void)
{
	char *big = malloc(3 << 20), *argv[] = { "x", big, NULL };

	memset(big, 'b', 3 << 20);
	big[(3 << 20) - 1] = 0;
	spawn_with(posix_spawn, witness, argv, environ);
	spawn_with(posix_spawnp, witness, argv, environ);
	big[100000] = 0;
	spawn_with(posix_spawn, witness, argv, environ);
	free(big);
}

static void search(void)
{
	char longer[600];

	spawn_search("bin:bin2", "denied");
	spawn_search("bin", "denied");
	spawn_search("bin:missing", "denied");
	spawn_search("bin:bin2", "both");
	spawn_search("bin2:bin", "both");
	spawn_search("bin:bin2", "isdir");
	spawn_search("bin:bin2", "bad_interpreter");
	spawn_search("bin:bin2", "text");
	spawn_search("missing:plain:bin2", "both");
	spawn_search("plain", "both");
	spawn_search("", "here");
	spawn_search(":bin", "here");
	spawn_search("bin:", "here");
	spawn_search("bin::bin2", "here");
	spawn_search("bin", "here");
	spawn_search("bin", "./here");
	spawn_search("bin", "dir/../here");
	spawn_search("bin", "");
	spawn_search(NULL, "true");
	spawn_search(NULL, "here");
	spawn_search("loop:bin2", "both");
	memset(longer, 'n', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	spawn_search("bin", longer);
	memcpy(longer + 400, ":bin2", 6);
	spawn_search(longer, "both");
}

static void vectors(void)
{
	char *none[] = { NULL }, *one[] = { "e=1", NULL };

	spawn_with(posix_spawn, witness, none, environ);
#ifndef __GLIBC__ /* whose posix_spawn reads argv */
	spawn_with(posix_spawn, witness, NULL, environ);
#endif
	spawn_with(posix_spawn, witness, arguments, none);
	spawn_with(posix_spawn, witness, arguments, NULL);
	spawn_with(posix_spawn, witness, arguments, one);
	spawn_with(posix_spawnp, witness, arguments, none);
}

static void old_version(void)
{
#ifdef __GLIBC__
	const char *version = sizeof(long) == 8 ? "GLIBC_2.2.5" : "GLIBC_2.2";

	if (!dlvsym(RTLD_DEFAULT, "posix_spawn", version))
		return; /* a processor on which glibc came later */
	spawn_with((spawn_fn *)dlvsym(RTLD_DEFAULT, "posix_spawn", version), "plain", arguments,
		   environ);
	spawn_with((spawn_fn *)dlvsym(RTLD_DEFAULT, "posix_spawn", version), "empty", arguments,
		   environ);
	spawn_with((spawn_fn *)dlvsym(RTLD_DEFAULT, "posix_spawnp", version), "./plain", arguments,
		   environ);
	spawn_with((spawn_fn *)dlvsym(RTLD_DEFAULT, "posix_spawn", version), "missing", arguments,
		   environ);
	spawn_with((spawn_fn *)dlvsym(RTLD_DEFAULT, "posix_spawn", version), witness, arguments,
		   environ);
#endif
}

static int open_fds(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 200; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Asked by name: glibc has it from 2.39 on, the shim always. */
static void failed_pidfd(void)
{
	spawn_fn *pidfd_spawn = (spawn_fn *)dlsym(RTLD_DEFAULT, "pidfd_spawn");
	int pidfd, i, before = open_fds();

	for (i = 0; pidfd_spawn && i < 20; i++)
		pidfd_spawn(&pidfd, "missing", NULL, NULL, arguments, environ);
	say("left open: %d\n", open_fds() - before);
}

static const struct parity_case table[] = {
	CASE(plain),   CASE(mask),	  CASE(dispositions), CASE(group),   CASE(session),
	CASE(ids),     CASE(scheduler),	  CASE(errors),	      CASE(too_big), CASE(search),
	CASE(vectors), CASE(old_version), CASE(failed_pidfd),
};

int main(int argc, char **argv)
{
	return spawn_cases(argc, argv, table, sizeof(table) / sizeof(*table));
}
