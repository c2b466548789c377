/*
 * run.c: fdfence run: set up the fence, then become CMD.
 */
#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/options/config.h"
#include "tools/commands/explain.h"
#include "tools/start/launch.h"

static int become(struct config *c, char **cmd)
{
	int r;

	if (c->explain)
		return explain(c, cmd);
	if (config_finish(c))
		return EXIT_OWN;
	r = launch_prepare(c, cmd);
	return r ? r : launch_failed(cmd[0], launch_exec(c, cmd)); /* back: it failed */
}

int cmd_run(int argc, char **argv)
{
	struct config c;
	char **cmd;
	int r;

	config_init(&c);
	r = options_parse(FOR_RUN, argc, argv, config_take, &c, &cmd);
	r = r ? (r > 0 ? 0 : EXIT_OWN) : become(&c, cmd);
	config_free(&c);
	return r;
}
