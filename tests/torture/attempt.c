/* attempt.c: one exec or spawn, by the shape's entry point and target (host.h). */
#include "tests/helpers/ways.h"
#include "tests/torture/host.h"

#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <wordexp.h>

/* libc's own; musl has none. */
int execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
	__attribute__((weak));

enum { BIG = 200 << 10, MANY = 40, ENV_MANY = 300, WORDS = 8 };

static char ids[3][20], letters[SHAPE_LETTERS], *lock_name, *big;
static char *words[WORDS + MANY + 1], *many_env[ENV_MANY + 64];
static char env_text[ENV_MANY][24];
static char long_name[PATH_MAX + 10], command[1024];

#define BAD ((void *)8) /* no address */

static const char *target_path(const union shape *s)
{
	static const char *const paths[] = { "./target",    "./script",	  "./deepscript",
					     "./text",	    "./link",	  "./missing",
					     "./denied",    "./dir",	  "./denied/x",
					     "./loop",	    long_name,	  "/proc/version",
					     "./badelf",    "./machine",  "./shortelf",
					     "./empty",	    "./nointerp", "./selfscript",
					     "./badinterp", "./busy",	  "./target",
					     "./target",    BAD,	  "./target",
					     "./target",    "./target" };

	return paths[s->target];
}

static char **environment(const union shape *s, bool good)
{
	static char *empty[1], *other[] = { "A=b", "PATH=.:/usr/bin:/bin", NULL };
	int n = 0;

	if (s->target == target_badenv && !good)
		return BAD;
	switch (s->env) {
	case env_empty:
		return empty;
	case env_null:
		return NULL;
	case env_other:
		return other;
	case env_many:
		for (int i = 0; i < ENV_MANY; i++) {
			snprintf(env_text[i], sizeof(env_text[i]), "V%d=x", i);
			many_env[n++] = env_text[i];
		}
		break;
	case env_twice:
		many_env[n++] = "TWICE=1";
		many_env[n++] = "TWICE=2";
		break;
	default:
		return environ;
	}
	for (char **e = environ; *e && n < ENV_MANY + 60; e++)
		many_env[n++] = *e;
	many_env[n] = NULL;
	return many_env;
}

void prepare_attempts(const union shape *s, const char *lock)
{
	lock_name = (char *)lock;
	shape_spell(s, letters);
	spell_number((unsigned long)getpid(), ids[0]);
	spell_number((unsigned long)getppid(), ids[1]);
	memset(long_name, 'l', sizeof(long_name) - 1);
	if (s->target != target_bigarg && s->target != target_manyargs)
		return;
	big = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(big, 'b', BIG - 1);
}

static char **arguments(const union shape *s, const char *path, bool good)
{
	int n = 0;

	spell_number((unsigned long)child_made, ids[2]);
	words[n++] = path == BAD ? "bad" : (char *)path;
	words[n++] = letters;
	words[n++] = ids[0];
	words[n++] = ids[1];
	words[n++] = lock_name;
	words[n++] = ids[2];
	words[n] = NULL;
	if (good)
		return words;
	if (s->target == target_badargv)
		return BAD;
	if (s->target == target_badarg)
		words[1] = BAD;
	if (s->target == target_bigarg)
		words[n++] = big;
	for (int i = 0; s->target == target_manyargs && i < MANY; i++)
		words[n++] = big + BIG / 2;
	words[n] = NULL;
	snprintf(command, sizeof(command), "%.300s %s %s %s %s %s",
		 path == BAD ? "./missing" : path, letters, ids[0], ids[1], lock_name, ids[2]);
	return words;
}

static int by_execl(int entry, const char *path, char **w, char **env)
{
	environ = env;
	if (entry == entry_execl)
		return execl(path, w[0], w[1], w[2], w[3], w[4], w[5], w[6], NULL);
	if (entry == entry_execlp)
		return execlp(path, w[0], w[1], w[2], w[3], w[4], w[5], w[6], NULL);
	return execle(path, w[0], w[1], w[2], w[3], w[4], w[5], w[6], NULL, env);
}

/* -1 and errno; or no return. */
static int by_exec(int entry, const char *path, char **argv, char **env)
{
	char **own = environ;
	int fd, r, error;

	switch (entry) {
	case entry_execl:
	case entry_execlp:
	case entry_execle:
		r = by_execl(entry, path, argv, env);
		break;
	case entry_execv:
	case entry_execvp:
		environ = env;
		r = exec_by(entry == entry_execv ? EXECV : EXECVP, path, argv, env);
		break;
	case entry_execvpe:
		r = exec_by(EXECVPE, path, argv, env);
		break;
	case entry_fexecve:
		r = exec_by(FEXECVE, path, argv, env);
		break;
	case entry_execveat:
		r = execveat ? execveat(AT_FDCWD, path, argv, env, 0)
			     : exec_by(EXECVEAT, path, argv, env);
		break;
	case entry_sysexecve:
		r = exec_by(SYSCALL, path, argv, env);
		break;
	case entry_sysexecveat:
		fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		r = (int)syscall(SYS_execveat, fd, path, argv, env, 0);
		error = errno;
		close(fd);
		errno = error;
		break;
	default:
		r = exec_by(EXECVE, path, argv, env);
	}
	error = errno;
	environ = own;
	errno = error;
	return r;
}

static void spawn(const union shape *s, const char *path, char **argv, char **env)
{
	static struct planned plan[PLAN_MAX];
	posix_spawn_file_actions_t actions;
	int n = shape_plan(s, plan), status = -1, error;
	bool act = s->means == means_action;
	pid_t pid = -1;

	if (act)
		posix_spawn_file_actions_init(&actions);
	for (int i = 0; act && i < n; i++)
		if (plan[i].meaning == MEANT)
			posix_spawn_file_actions_adddup2(&actions, plan[i].fd, plan[i].fd);
	error = (s->entry == entry_spawn ? posix_spawn : posix_spawnp)(
		&pid, path, act ? &actions : NULL, NULL, argv, env);
	if (act)
		posix_spawn_file_actions_destroy(&actions);
	if (!error)
		waitpid(pid, &status, 0);
	say("spawn: %d, status %x\n", error, (unsigned)status);
}

static void by_popen(void)
{
	FILE *f = popen(command, "r");
	char text[4096];
	size_t n;

	if (!f) {
		say("popen: %d\n", errno);
		return;
	}
	while ((n = fread(text, 1, sizeof(text), f)) > 0)
		if (write(1, text, n) != (ssize_t)n)
			broken("write");
	say("pclose: %x\n", (unsigned)pclose(f));
}

static void by_wordexp(void)
{
	static char quoted[1100];
	wordexp_t w = { 0 };
	int r;

	snprintf(quoted, sizeof(quoted), "\"$(%s)\"", command);
	r = wordexp(quoted, &w, 0);
	say("wordexp: %d\n", r);
	for (size_t i = 0; !r && i < w.we_wordc; i++)
		if (write(1, w.we_wordv[i], strlen(w.we_wordv[i])) >= 0)
			say("\n");
	if (!r)
		wordfree(&w);
}

void attempt(const union shape *s, bool good)
{
	const char *path = good ? "./target" : target_path(s);
	char **env = environment(s, good), **argv = arguments(s, path, good), **own = environ;

	errno = 0;
	if (good || s->entry <= entry_sysexecveat) {
		int r = by_exec(good ? entry_execve : s->entry, path, argv, env);

		say("exec: %d, errno %d\n", r, errno);
	} else if (s->entry <= entry_spawnp) {
		spawn(s, path, argv, env);
	} else {
		environ = env;
		if (s->entry == entry_system)
			say("system: %x\n", (unsigned)system(command));
		else if (s->entry == entry_popen)
			by_popen();
		else
			by_wordexp();
		environ = own;
	}
}
