/*
 * pairs: channels that are handed on by plain inheritance, and ends that are forgotten, each the
 * way programs do it; what is started is told by words.
 *
 *	pairs MODEL PROGRAM ARG...    an ARG of %R, %W: the number of the model's end for the child;
 *	                              an ARG with = is a variable
 *
 * Exits as the child did.  fork_* and the like: how the child is started.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char **words;
static char *argv[32];
static bool crowds;

/* The child's arguments, where %R and %W stand for numbers. */
static void name(int r, int w)
{
	static char text[32][64];
	int n = 0;

	for (int i = 0; words[i] && i < 31; i++) {
		const char *mark = strchr(words[i], '%');

		argv[n] = words[i];
		if (mark) {
			snprintf(text[i], sizeof text[i], "%.*s%d%s", (int)(mark - words[i]),
				 words[i], mark[1] == 'R' ? r : w, mark + 2);
			argv[n] = text[i];
		}
		if (i && argv[n][0] != '-' && strchr(argv[n], '='))
			putenv(argv[n]);
		else
			n++;
	}
	argv[n] = NULL;
}

static void run(void)
{
	execve(argv[0], argv, environ);
	_exit(127);
}

static int done(pid_t child)
{
	int status = 0;

	if (child < 0 || waitpid(child, &status, 0) < 0)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int make(int p[2], int flags)
{
	if (pipe2(p, flags) < 0)
		exit(125);
	name(p[0], p[1]);
	return 0;
}

static int closes(bool child_closes, bool sockets)
{
	int p[2], q[2];
	pid_t child;

	if (sockets && socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0)
		name(p[1], p[1]);
	else
		make(p, 0);
	while (crowds && open("/dev/null", O_RDONLY | O_CLOEXEC) < 66)
		;
	if (crowds && pipe2(q, O_CLOEXEC)) /* on the numbers of the first and 64 */
		return 125;
	child = fork();
	if (!child) {
		if (child_closes)
			close(p[0]);
		run();
	}
	close(p[1]);
	return done(child);
}

static int fork_closes(void)
{
	return closes(true, false);
}
static int fork_sockets(void)
{
	return closes(true, true);
}
static int crowded(void)
{
	crowds = true;
	return closes(true, false);
}
static int self_pipe(void)
{
	return closes(false, false);
}

/* GIMP: two pipes, its own ends are close-on-exec, a spawn. */
static int spawn_marked(void)
{
	int p[2], q[2];
	pid_t child;

	if (pipe(p) || pipe(q))
		return 125;
	fcntl(p[1], F_SETFD, FD_CLOEXEC);
	fcntl(q[0], F_SETFD, FD_CLOEXEC);
	name(p[0], q[1]);
	return posix_spawn(&child, argv[0], NULL, NULL, argv, environ) ? 126 : done(child);
}

static int vfork_closes(void)
{
	int p[2];
	pid_t child;

	make(p, 0);
	child = vfork();
	if (!child) {
		close(p[1]);
		run();
	}
	close(p[0]);
	return done(child);
}

static int spawns(bool onto_stdin)
{
	posix_spawn_file_actions_t fa;
	int p[2];
	pid_t child;

	make(p, 0);
	posix_spawn_file_actions_init(&fa);
	if (onto_stdin)
		posix_spawn_file_actions_adddup2(&fa, p[0], 0);
	posix_spawn_file_actions_addclose(&fa, p[1]);
	return posix_spawn(&child, argv[0], &fa, NULL, argv, environ) ? 126 : done(child);
}

static int spawn_closes(void)
{
	return spawns(false);
}

/* A child of the child is started; which of the two closes the other end? */
static int twice(bool first_closes)
{
	int p[2];
	pid_t child;

	make(p, 0);
	child = fork();
	if (!child) {
		pid_t grandchild;

		if (first_closes)
			close(p[1]);
		grandchild = fork();
		if (!grandchild) {
			close(p[1]);
			run();
		}
		_exit(done(grandchild));
	}
	return done(child);
}

static int double_fork(void)
{
	return twice(false);
}

static int range_closes(void)
{
	int p[2];
	pid_t child;

	make(p, 0);
	child = fork();
	if (!child) {
		close_range((unsigned)p[1], ~0u, 0);
		run();
	}
	return done(child);
}

/* The parent marks its end in the child. */
static int child_marks(void)
{
	int p[2];
	pid_t child;

	make(p, 0);
	child = fork();
	if (!child) {
		fcntl(p[1], F_SETFD, FD_CLOEXEC);
		run();
	}
	return done(child);
}

/* ---- what is forgotten ---- */

/* A server keeps its ends of two earlier children's pipes. */
static int siblings(void)
{
	int p[2], last = 0;

	for (int i = 0; i < 3; i++) {
		pid_t child;

		make(p, 0);
		child = fork();
		if (!child) {
			if (i < 2)
				_exit(0);
			close(p[0]);
			close(p[1]);
			run();
		}
		close(p[0]);
		last = done(child);
	}
	return last;
}

/* Made before another child was started. */
static int stale(void)
{
	int p[2];
	pid_t child;

	make(p, 0);
	fcntl(p[1], F_SETFD, FD_CLOEXEC);
	child = fork();
	if (!child)
		_exit(0);
	done(child);
	child = fork();
	if (!child)
		run();
	return done(child);
}

static int stale_spawn(void)
{
	char *nothing[] = { (char[]){ "/bin/true" }, NULL };
	int p[2];
	pid_t child;

	make(p, 0);
	fcntl(p[1], F_SETFD, FD_CLOEXEC);
	if (posix_spawn(&child, nothing[0], NULL, NULL, nothing, environ))
		return 125;
	done(child);
	return posix_spawn(&child, argv[0], NULL, NULL, argv, environ) ? 126 : done(child);
}

/* The worker closed the other end; what it starts is another process. */
static int worker(void)
{
	return twice(true);
}

/* One end is on a standard stream, too. */
static int on_stdio(void)
{
	int p[2];
	pid_t child;

	make(p, 0);
	child = fork();
	if (!child) {
		close(p[1]);
		dup2(p[0], 0);
		run();
	}
	return done(child);
}

static int spawn_stdio(void)
{
	return spawns(true);
}

/* Made close-on-exec, and an end duplicated without. */
static int dup_of_cloexec(void)
{
	int p[2], q;
	pid_t child;

	make(p, O_CLOEXEC);
	q = dup(p[0]);
	name(q, q);
	child = fork();
	if (!child)
		run();
	return done(child);
}

/* No child closed an end: the maker did, and execs itself. */
static int maker_closes(void)
{
	int p[2];

	make(p, 0);
	close(p[1]);
	run();
	return 125;
}

/* Another's: the file behind the number is not the one that was made. */
static int replaced(void)
{
	int p[2], q[2];
	pid_t child;

	make(p, 0);
	syscall(SYS_close, p[0]);
	syscall(SYS_pipe2, q, 0);
	child = fork();
	if (!child) {
		close(p[1]);
		run();
	}
	return done(child);
}

static int no_pair(void)
{
	int p[2] = { open("/dev/null", O_RDONLY), open("/dev/null", O_RDONLY) };
	pid_t child;

	name(p[0], p[1]);
	child = fork();
	if (!child) {
		close(p[1]);
		run();
	}
	return done(child);
}

static int other_user(void)
{
	int p[2];
	pid_t child;

	make(p, 0);
	child = fork();
	if (!child) {
		close(p[1]);
		if (setgid(65534) || setuid(65534))
			_exit(125);
		run();
	}
	return done(child);
}

static const struct {
	const char *name;
	int (*fn)(void);
} models[] = {
#define MODEL(m)      \
	{             \
#m, m \
	}
	MODEL(fork_closes),    MODEL(fork_sockets), MODEL(spawn_marked), MODEL(vfork_closes),
	MODEL(spawn_closes),   MODEL(double_fork),  MODEL(range_closes), MODEL(child_marks),
	MODEL(self_pipe),      MODEL(siblings),	    MODEL(stale),	 MODEL(stale_spawn),
	MODEL(worker),	       MODEL(on_stdio),	    MODEL(spawn_stdio),	 MODEL(replaced),
	MODEL(dup_of_cloexec), MODEL(no_pair),	    MODEL(other_user),	 MODEL(maker_closes),
	MODEL(crowded),
};

int main(int argc, char **args)
{
	words = args + 2;
	for (size_t i = 0; argc > 2 && i < sizeof models / sizeof *models; i++)
		if (!strcmp(args[1], models[i].name))
			return models[i].fn();
	fprintf(stderr, "usage: pairs MODEL PROGRAM ARG...\n");
	return 125;
}
