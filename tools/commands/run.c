/*
 * run.c: fdfence run: set up the fence, then become CMD; with a log file, its grandparent.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/commands/command.h"
#include "tools/commands/explain.h"
#include "tools/commands/logged.h"
#include "tools/commands/started.h"
#include "tools/options/config.h"
#include "tools/records/send.h"
#include "tools/start/launch.h"

struct line {
	struct config config;
	bool explain;
};

enum { EXPLAIN = OPT_OWN };

static const struct option_row rows[] = {
	{ .id = EXPLAIN,
	  .name = "explain",
	  .help = "say for each descriptor what decided (fdfence explain)" },
	{ 0 },
};

static const struct option_row *const tables[] = {
	config_launch_rows,  config_supervise_rows,
	config_policy_rows,  config_fence_rows,
	config_log_rows,     rows,
	config_message_rows, NULL,
};

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	struct line *l = ctx;

	if (row->id != EXPLAIN)
		return config_take(&l->config, row, arg);
	l->explain = true;
	return 0;
}

static const struct options options = {
	.name = "run",
	.about = "Run a command under the fence",
	.usage = "[OPTIONS] -- CMD [ARGS...]",
	.needs = "a command",
	.tables = tables,
	.take = take,
};

/* A log that is everybody's own to open: better told now than by each.  A listener may come later. */
static int try_log(const struct fdf_settings *set)
{
	char *path = must_printf("%.*s", (int)set->log.len, set->log.len ? set->log.s : "");
	const char *wrong;
	int fd = path[0] == '/' ? record_open(path, &wrong) : -1, r = 0;
	int error = path[0] == '@' ? record_try(path) : 0;

	if (error)
		say("log %s: nobody listens there (%s): records are lost until somebody does", path,
		    strerror(error));
	if (path[0] == '/' && fd < 0) {
		say("FDFENCE_LOG %s: %s", path,
		    descriptor_named(path) < 0
			    ? wrong
			    : "each process below would have to open it; --log takes what is open");
		r = -1;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return r;
}

/* What is said about a log wants one; that of the profile or the environment will do. */
static int refuse_without(const struct config *c, bool log_what)
{
	if (!log_what || c->settings.log.len)
		return 0;
	say("--log-what: expected --log, too: it is what is written there");
	return -1;
}

static int become(struct config *c, char **cmd)
{
	const char *log = config_get(c, "LOG");
	bool log_what = config_get(c, "LOG_WHAT");
	int r;

	if (c->log_group && (!log || log[0] != '/')) {
		say("--log-group: expected --log FILE, too: it is who may read that");
		return EXIT_OWN;
	}
	if (log && log[0] == '/')
		return started_prepare(c) ? EXIT_OWN : logged(c, cmd, log);
	if (started_prepare(c) || config_finish(c) || refuse_without(c, log_what) ||
	    try_log(&c->settings))
		return EXIT_OWN;
	r = launch_prepare(c, cmd);
	if (!r && c->supervise != SUPERVISE_NOT)
		return supervised_run(c, cmd);
	return r ? r : launch_failed(cmd[0], launch_exec(c, cmd)); /* back: it failed */
}

static int run(int argc, char **argv)
{
	struct line l = { 0 };
	char **cmd;
	int r;

	config_init(&l.config);
	r = options_parse(&options, argc, argv, &l, &cmd);
	if (r == OPTIONS_CONTINUE)
		r = l.explain ? explain(&l.config, cmd) : become(&l.config, cmd);
	config_free(&l.config);
	return r;
}

const struct subcommand command_run = { &options, run };
