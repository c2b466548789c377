/*
 * started.c: see started.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/commands/started.h"
#include "tools/commands/supervised.h"
#include "tools/start/launch.h"
#include "tools/start/tree.h"
#include "tools/supervise/notify.h"

/* No address of a program, no small number: what stands in the register by chance is neither. */
static int new_cookie(struct config *c)
{
	uint64_t cookie;
	char text[17];

	if (getrandom(&cookie, sizeof(cookie), 0) != sizeof(cookie)) {
		say("no random number is to be had: %s", strerror(errno));
		return -1;
	}
	cookie = (cookie & ~(3ULL << 62 | 1)) | 1ULL << 62; /* even, and not canonical */
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)cookie);
	return config_set(c, "COOKIE", text, "COOKIE");
}

/*
 * Does the library judge below the supervisor?  Also one that is there already, of the machine or of
 * another fdfence: where records are asked for it must not seal by itself what nobody is told then.
 */
static bool has_library(const struct config *c)
{
	const char *log = getenv("FDFENCE_LOG");

	return c->supervise == SUPERVISE_AUTO ||
	       (c->supervise == SUPERVISE_ALL && (config_get(c, "LOG") || (log && *log)));
}

/* Did whoever called us choose this one?  A subcommand that collects records sets some itself. */
static bool is_chosen(const struct config *c, int i)
{
	const char *name = fdf_settings_name(i);

	return c->value[i] &&
	       !(config_get(c, "LOG_KEY") && (!strncmp(name, "LOG", 3) || !strcmp(name, "MODE")));
}

/* Settings that reach less far than they say. */
static void tell_above(const struct config *c, enum notify_above above)
{
	const char *does = above == ABOVE_SEALS ? "seals" : "looks";
	char *names = must_dup("");

	for (int i = 0; fdf_settings_name(i); i++) {
		char *more = names;

		if (!is_chosen(c, i))
			continue;
		names = must_printf("%s%s%s", more, *more ? ", " : "", fdf_settings_name(i));
		free(more);
	}
	if (*names && !c->quiet)
		say("a supervisor is there already, and %s by its own settings: these reach "
		    "programs that have the library alone: %s",
		    does, names);
	else if (c->verbose)
		say("a supervisor is there already, and %s below this one too", does);
	free(names);
}

int started_prepare(struct config *c)
{
	enum notify_above above = notify_above();

	if (config_profile(c))
		return -1;
	c->joins = above != ABOVE_NOBODY;
	c->sealed = above == ABOVE_SEALS && !getenv("FDFENCE_COOKIE");
	if (c->joins && c->supervise != SUPERVISE_NOT) {
		tell_above(c, above);
		c->supervise = SUPERVISE_NOT;
	}
	if (c->supervise == SUPERVISE_ALL && config_get(c, "CLAMP")) {
		say("--clamp-open-max needs the library, which --supervise does not preload: "
		    "--supervise=auto does");
		return -1;
	}
	return has_library(c) ? new_cookie(c) : 0;
}

static int launched(struct started *s, struct config *c, char **cmd)
{
	struct launch l = { c, cmd };

	return child_start(&s->child, launch_become, &l);
}

/* What the reaper said; false: it is gone, and said nothing. */
static bool hear(struct started *s, struct supervised_word *word)
{
	ssize_t n;

	do
		n = recv(s->told, word, sizeof(*word), 0);
	while (n < 0 && errno == EINTR);
	return n == sizeof(*word);
}

/* From now on what somebody sends to us goes to the reaper, which hands it on. */
static void address(struct started *s, pid_t reaper)
{
	process_drop(&s->child.cmd);
	s->reaper = reaper;
	s->child.cmd = process_hold(reaper);
	s->child.also = s->told;
}

/* What ended the supervisor, being of our process group yet, was meant for us as well. */
static void not_started(struct started *s)
{
	static const int deadly[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2 };

	child_done(&s->child);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		if (sigismember(&s->child.seen, deadly[i]))
			raise(deadly[i]);
	say("the supervisor ended before the command started");
}

static int supervised(struct started *s, struct config *c, char **cmd)
{
	struct supervised_word word;
	int told[2], lives[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, told)) {
		say("cannot make a socket: %s", strerror(errno));
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, lives)) {
		say("cannot make a socket: %s", strerror(errno));
		close(told[0]);
		close(told[1]);
		return -1;
	}
	pid = child_fork(&s->child);
	if (pid == 0) {
		close(told[0]);
		close(lives[1]);
		supervised_become(&(struct supervised){ c, cmd, told[1], lives[0] });
	}
	close(told[1]);
	close(lives[0]);
	s->told = told[0];
	s->lives = lives[1];
	s->supervisor = pid;
	s->covers = c->supervise == SUPERVISE_AUTO;
	if (pid < 0)
		return -1;
	if (hear(s, &word) && word.is == SUPERVISED_STARTED) {
		if (!word.value)
			address(s, word.reaper);
		return word.value;
	}
	not_started(s);
	return -1;
}

int started_begin(struct started *s, struct config *c, char **cmd)
{
	*s = (struct started){ .told = -1, .lives = -1 };
	if (c->supervise == SUPERVISE_NOT || c->settings.off)
		return launched(s, c, cmd);
	return supervised(s, c, cmd);
}

int started_wait(struct started *s, void (*tick)(void *ctx), void *ctx)
{
	struct supervised_word word = { .is = SUPERVISED_STARTED };
	struct pollfd p = { .fd = s->told, .events = POLLIN };
	int status;

	if (s->told < 0)
		return child_wait(&s->child, tick, ctx);
	for (;;) {
		bool heard = poll(&p, 1, 0) > 0;

		if (heard && !hear(s, &word)) {
			word.is = SUPERVISED_STARTED;
			break;
		}
		if (heard && word.is == SUPERVISED_ENDED)
			break;
		if (heard)
			child_stopped(&s->child, word.value);
		else if (!child_ended(&s->child, 250, &status) && tick)
			tick(ctx);
	}
	witness_end(&s->child.witness);
	if (word.is != SUPERVISED_ENDED) {
		say("a process of the supervisor was killed: the status of the command is not "
		    "known");
		word.value = EXIT_OWN;
	}
	return word.value;
}

const char *started_unsupervised(const struct started *s)
{
	char word;

	if (s->lives < 0 || recv(s->lives, &word, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
		return NULL;
	return s->covers ? "the supervisor was killed: execs below it failed from there on, but "
			   "for those by "
			   "which a program that has the library hands on nothing"
			 : "the supervisor was killed: execs below it failed from there on";
}

void started_tell_unsupervised(const struct started *s)
{
	const char *text = started_unsupervised(s);

	if (text)
		say("%s", text);
}

void started_kill(struct started *s)
{
	if (s->told < 0) {
		child_kill(&s->child);
		return;
	}
	process_signal(&s->child.cmd, SIGKILL);
	child_done(&s->child);
}

const sigset_t *started_seen(const struct started *s)
{
	return &s->child.seen;
}

struct child *started_child(struct started *s)
{
	return s->told < 0 ? &s->child : NULL;
}

unsigned started_running(const struct started *s)
{
	return tree_running((const pid_t[]){ s->supervisor, s->reaper }, 2);
}

int supervised_run(struct config *c, char **cmd)
{
	struct started s;
	int r;

	r = started_begin(&s, c, cmd);
	if (r)
		return r < 0 ? EXIT_OWN : launch_failed(cmd[0], r);
	r = started_wait(&s, NULL, NULL);
	started_tell_unsupervised(&s);
	return r;
}
