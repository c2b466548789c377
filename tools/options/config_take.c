/*
 * config_take.c: the options that subcommands share, and what each does to the
 * configuration.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/output.h"
#include "tools/options/config.h"
#include "tools/options/profile.h"

const struct option_row config_launch_rows[] = {
	{ .id = OPT_SETTING,
	  .name = "mode",
	  .arg = "MODE",
	  .values = VALUES_ONE,
	  .words = MODE_WORDS,
	  .setting = "MODE",
	  .help = "what happens to a descriptor that nobody meant:\n"
		  "seal (default), report, deny, abort, off" },
	{ .id = OPT_INHERIT,
	  .name = "inherit",
	  .help = "give CMD every descriptor that fdfence was given" },
	{ 0 },
};

const struct option_row config_supervise_rows[] = {
	{ .id = OPT_SUPERVISE,
	  .name = "supervise",
	  .arg = "HOW",
	  .optional = true,
	  .values = VALUES_ONE,
	  .words = "all auto", /* enum config_supervise, from SUPERVISE_ALL on */
	  .help = "seal from outside too, static programs and those in Go:\n"
		  "all (default), without the library; auto: with it,\n"
		  "and from outside those that it does not reach" },
	{ 0 },
};

const struct option_row config_policy_rows[] = {
	{ .id = OPT_SETTING,
	  .name = "keep",
	  .arg = "RANGES",
	  .setting = "KEEP",
	  .help = "numbers that every exec keeps, such as 3,7-9" },
	{ .id = OPT_RULE,
	  .name = "rule",
	  .arg = "RULE",
	  .help = "one rule, such as 'keep into=less fd=9'; repeatable,\n"
		  "the first rule that matches wins" },
	{ .id = OPT_RULES,
	  .name = "rules",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "rules from a file" },
	{ .id = OPT_PROFILE,
	  .name = "profile",
	  .arg = "NAME",
	  .values = VALUES_ONE,
	  .word = profile_name,
	  .help = "a named set of rules: strict, default, ci, server;\n"
		  "or a file with 'set' lines and rules: ./my.rules" },
	{ .id = OPT_SETTING,
	  .name = "intent",
	  .arg = "MEMBERS",
	  .values = VALUES_LIST,
	  .words = "all none given image act precise pair generic dup2",
	  .setting = "INTENT",
	  .help = "signs that a descriptor is meant: all (default), none,\n"
		  "or a list of given,image,act,precise,pair,generic,dup2;\n"
		  "-MEMBER takes one away" },
	{ .id = OPT_SETTING,
	  .name = "no-argv",
	  .setting = "LOG_ARGV",
	  .value = "no",
	  .help = "leave arguments out of records" },
	{ 0 },
};

const struct option_row config_fence_rows[] = {
	{ .id = OPT_SETTING,
	  .name = "on-error",
	  .arg = "WHAT",
	  .values = VALUES_ONE,
	  .words = "allow deny",
	  .setting = "ON_ERROR",
	  .help = "where sealing is impossible: allow (default), or deny\n"
		  "the exec" },
	{ .id = OPT_SETTING,
	  .name = "no-follow",
	  .setting = "FOLLOW",
	  .value = "no",
	  .help = "do not put the fence back into environments that lack it" },
	{ .id = OPT_SETTING,
	  .name = "clamp-open-max",
	  .setting = "CLAMP",
	  .value = "yes",
	  .help = "tell programs that ask for their limit of open files\n"
		  "little more than what is open: close loops end soon" },
	{ .id = OPT_ORIGINS,
	  .name = "origins",
	  .help = "say of each leak where it was opened: file and line,\n"
		  "function, stack" },
	{ 0 },
};

const struct option_row config_log_rows[] = {
	{ .id = OPT_LOG,
	  .name = "log",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "append a record of each exec that has a leak" },
	{ .id = OPT_LOG_GROUP,
	  .name = "log-group",
	  .arg = "GROUP",
	  .help = "who may read that file beside its owner" },
	{ .id = OPT_SETTING,
	  .name = "log-what",
	  .arg = "WHAT",
	  .values = VALUES_ONE,
	  .words = "leaks all",
	  .setting = "LOG_WHAT",
	  .help = "leaks (default), or all: every exec and start" },
	{ 0 },
};

const struct option_row config_output_rows[] = {
	{ .id = OPT_OUTPUT,
	  .letter = 'o',
	  .name = "output",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "report to FILE instead of stderr" },
	{ .id = OPT_COLOR,
	  .name = "color",
	  .arg = "WHEN",
	  .values = VALUES_ONE,
	  .words = OUTPUT_COLOR_WORDS,
	  .help = "auto (default), always or never" },
	{ 0 },
};

const struct option_row config_message_rows[] = {
	{ .id = OPT_QUIET, .letter = 'q', .name = "quiet", .help = "say only what went wrong" },
	{ .id = OPT_VERBOSE,
	  .letter = 'v',
	  .name = "verbose",
	  .help = "say what is set at the start" },
	{ 0 },
};

/* The shim appends from any directory, so the path must not depend on one. */
static int take_log(struct config *c, const char *path)
{
	char cwd[PATH_MAX] = "", *abs;
	int r;

	if (!strcmp(path, "-")) {
		say("--log -: expected a file (./- is one) or @NAME: standard output is CMD's own");
		return -1;
	}
	if (path[0] == '@')
		return config_set(c, "LOG", path, "--log");
	if (path[0] != '/' && !getcwd(cwd, sizeof(cwd))) {
		say("--log %s: the current directory has no name: %s", path, strerror(errno));
		return -1;
	}
	abs = path[0] == '/' ? must_dup(path) : must_printf("%s/%s", cwd, path);
	r = config_set(c, "LOG", abs, "--log");
	free(abs);
	return r;
}

static int take_setting(struct config *c, const struct option_row *row, const char *arg)
{
	char *where = must_printf("--%s", row->name);
	int r;

	if (!strcmp(row->setting, "KEEP"))
		r = !*arg ? option_refuse(row, arg, "numbers, as in 3,5-7")
			  : config_append(c, "KEEP", ',', arg, where);
	else
		r = config_set(c, row->setting, arg ? arg : row->value, where);
	free(where);
	return r;
}

static int take_supervise(struct config *c, const struct option_row *row, const char *arg)
{
	int how = 0;

	if (arg && option_one(row, arg, &how))
		return -1;
	c->supervise = (enum config_supervise)(SUPERVISE_ALL + how);
	return 0;
}

int config_take(void *ctx, const struct option_row *row, const char *arg)
{
	struct config *c = ctx;

	switch (row->id) {
	case OPT_SETTING:
		return take_setting(c, row, arg);
	case OPT_RULE:
		return config_add_rule(c, arg, "--rule");
	case OPT_RULES:
		return config_rules_file(c, arg, "--rules");
	case OPT_PROFILE:
		free(c->profile);
		c->profile = must_dup(arg);
		return 0;
	case OPT_LOG:
		return take_log(c, arg);
	case OPT_LOG_GROUP:
		c->log_group = arg;
		return 0;
	case OPT_COLOR:
		return option_one(row, arg, &c->color);
	case OPT_SUPERVISE:
		return take_supervise(c, row, arg);
	case OPT_OUTPUT:
		c->output = output_named(arg);
		return 0;
	case OPT_UID:
	case OPT_CGROUP:
	case OPT_EXE:
	case OPT_INTO:
	case OPT_TYPE:
		return filter_take(&c->filter, row, arg);
	default:
		break;
	}
	c->inherit |= row->id == OPT_INHERIT;
	c->origins |= row->id == OPT_ORIGINS;
	c->quiet |= row->id == OPT_QUIET;
	c->verbose |= row->id == OPT_VERBOSE;
	return 0;
}
