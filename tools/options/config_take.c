/*
 * config_take.c: one option of the command line into the configuration.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/options/config.h"

/* The shim appends from any directory, so the path must not depend on one. */
static int take_log(struct config *c, const char *path)
{
	char cwd[PATH_MAX] = "", *abs;
	int fd, r;

	if (path[0] == '@')
		return config_set(c, "LOG", path, "--log");
	if (path[0] != '/' && !getcwd(cwd, sizeof(cwd))) {
		say("--log %s: the current directory has no name: %s", path, strerror(errno));
		return -1;
	}
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0) {
		say("--log %s: %s", path, strerror(errno));
		return -1;
	}
	close(fd);
	abs = path[0] == '/' ? must_dup(path) : must_printf("%s/%s", cwd, path);
	r = config_set(c, "LOG", abs, "--log");
	free(abs);
	return r;
}

static int take_number(int *out, const char *arg)
{
	char *end;
	long n = strtol(arg, &end, 10);

	if (end == arg || *end || n < 0 || n > 255 || (n >= EXIT_OWN && n <= EXIT_NOTFOUND)) {
		say("--error-exitcode '%s': expected 0 to 255 but for 125, 126 and 127, "
		    "which mean other failures",
		    arg);
		return -1;
	}
	*out = (int)n;
	return 0;
}

static int take_word(int *out, const char *option, const char *arg, const char *const *words)
{
	for (*out = 0; words[*out]; ++*out)
		if (!strcmp(words[*out], arg))
			return 0;
	say("%s '%s': expected %s%s%s%s%s", option, arg, words[0], words[2] ? ", " : " or ",
	    words[1], words[2] ? " or " : "", words[2] ? words[2] : "");
	return -1;
}

static int take_setting(struct config *c, const struct option_row *row, const char *arg)
{
	char *where = must_printf("--%s", row->name);
	int r;

	if (!strcmp(row->setting, "KEEP"))
		r = config_append(c, "KEEP", ',', arg, where);
	else
		r = config_set(c, row->setting, arg ? arg : row->value, where);
	free(where);
	return r;
}

int config_take(void *ctx, const struct option_row *row, const char *arg)
{
	static const char *const formats[] = { "text", "json", NULL };
	static const char *const colors[] = { "auto", "always", "never", NULL };
	struct config *c = ctx;

	switch (row->id) {
	case OPT_SETTING:
		return take_setting(c, row, arg);
	case OPT_RULE:
		return config_append(c, "RULES", '\n', arg, "--rule");
	case OPT_RULES:
		return config_rules_file(c, arg, "--rules");
	case OPT_PROFILE:
		free(c->profile);
		c->profile = must_dup(arg);
		return 0;
	case OPT_LOG:
		c->log = true;
		return take_log(c, arg);
	case OPT_ERROR_EXITCODE:
		return take_number(&c->error_exitcode, arg);
	case OPT_FORMAT:
		return take_word(&c->format, "--format", arg, formats);
	case OPT_COLOR:
		return take_word(&c->color, "--color", arg, colors);
	case OPT_OUTPUT:
		c->output = arg;
		return 0;
	default:
		break;
	}
	c->inherit |= row->id == OPT_INHERIT;
	c->explain |= row->id == OPT_EXPLAIN;
	c->seal |= row->id == OPT_SEAL;
	c->gen_suppressions |= row->id == OPT_GEN_SUPPRESSIONS;
	c->quiet |= row->id == OPT_QUIET;
	c->verbose |= row->id == OPT_VERBOSE;
	return 0;
}
