/* peers.c: the peers, and a worker with the preload of each. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/driver.h"

#define STRACE_PATH "/usr/bin/strace"

const struct peer_kind peers[PEERS] = {
	[NONE] = { "no preload", NULL, NULL },
	[MINIMAL] = { "empty, raw", "empty-raw.so", NULL },
	[DEFAULT] = { "empty, gcc -shared", "empty-default.so", NULL },
	[SNOOPY] = { "snoopy", "", NULL },
	[DLSYM] = { "conventional", "conventional.so", NULL },
	[STRACE] = { "strace", NULL, NULL },
	[FENCE] = { "fdfence", "", NULL },
	[FENCE_STRICT] = { "fdfence, intent=none", "", "FDFENCE_INTENT=none" },
	[BEFORE] = { "fdfence, before", "", NULL },
};

static struct {
	pid_t pid;
	int to, from;
} workers[PLACES][PEERS];

const char *preload_of(enum peer p)
{
	if (!peers[p].file)
		return NULL;
	if (p == SNOOPY)
		return options.snoopy;
	if (p == BEFORE)
		return options.before;
	return *peers[p].file ? beside(peers[p].file) : options.shim;
}

bool have_peer(enum peer p)
{
	if (p == STRACE)
		return access(STRACE_PATH, X_OK) == 0;
	return !peers[p].file || (preload_of(p) && access(preload_of(p), R_OK) == 0);
}

/* About 4 KiB, as after a login; no variable that a convention knows. */
static int large_env(char **env)
{
	enum { variables = 40, length = 100 };
	static char text[variables][length + 1];

	for (int i = 0; i < variables; i++) {
		int n = snprintf(text[i], sizeof text[i], "VARIABLE_%02d=", i);

		memset(text[i] + n, 'v', (size_t)(length - n));
		env[i] = text[i];
	}
	return variables;
}

static void environment(char **env, enum place place, enum peer p)
{
	static char preload[4200];
	const char *file = preload_of(p);
	int n = 0;

	env[n++] = "PATH=/usr/bin:/bin";
	env[n++] = "LC_ALL=C";
	if (file) {
		snprintf(preload, sizeof preload, "%s=%s",
			 place == CHILD ? "BENCH_CHILD_PRELOAD" : "LD_PRELOAD", file);
		env[n++] = preload;
	}
	if (peers[p].env)
		env[n++] = (char *)peers[p].env;
	if (place == LARGE_ENV)
		n += large_env(env + n);
	env[n] = NULL;
}

static void start(enum place place, enum peer p)
{
	static char *const strace[] = {
		STRACE_PATH, "-f", "--seccomp-bpf", "-e", "trace=execve,execveat", "-o", "/dev/null"
	};
	char *env[64], *argv[16];
	char self[4200];
	posix_spawn_file_actions_t fa;
	int in[2], out[2], given[FDS_GIVEN], n = 0;

	environment(env, place, p);
	for (size_t i = 0; p == STRACE && i < sizeof strace / sizeof *strace; i++)
		argv[n++] = strace[i];
	strcpy(self, beside("bench"));
	argv[n++] = self;
	argv[n++] = "worker";
	argv[n] = NULL;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		die("pipe2");
	for (int i = 0; place == GIVEN && i < FDS_GIVEN; i++)
		given[i] = dup(2);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in[0], 0);
	posix_spawn_file_actions_adddup2(&fa, out[1], 1);
	errno = posix_spawn(&workers[place][p].pid, argv[0], &fa, NULL, argv, env);
	if (errno)
		die(argv[0]);
	posix_spawn_file_actions_destroy(&fa);
	for (int i = 0; place == GIVEN && i < FDS_GIVEN; i++)
		close(given[i]);
	close(in[0]);
	close(out[1]);
	workers[place][p].to = in[1];
	workers[place][p].from = out[0];
}

struct answer ask_peer(enum place place, enum peer p, const struct ask *a)
{
	struct answer r;

	if (!workers[place][p].pid)
		start(place, p);
	if (write(workers[place][p].to, a, sizeof *a) != sizeof *a ||
	    read(workers[place][p].from, &r, sizeof r) != sizeof r) {
		fprintf(stderr, "bench: the worker of %s has ended\n", peers[p].name);
		exit(2);
	}
	return r;
}

void end_workers(void)
{
	for (int place = 0; place < PLACES; place++)
		for (int p = 0; p < PEERS; p++) {
			if (!workers[place][p].pid)
				continue;
			close(workers[place][p].to);
			close(workers[place][p].from);
			waitpid(workers[place][p].pid, NULL, 0);
			workers[place][p].pid = 0;
		}
}
