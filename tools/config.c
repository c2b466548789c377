/*
 * config.c: options, profile and environment gathered into settings.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "profile.h"

/* execve(2): MAX_ARG_STRLEN bounds one string of the environment, "FDFENCE_RULES=" and NUL
 * included. */
#define VALUE_MAX (131072 - 32)

void config_init(struct config *c)
{
	*c = (struct config){ .error_exitcode = 99 };
}

void config_free(struct config *c)
{
	int i;

	for (i = 0; i < CONFIG_SETTINGS; i++)
		free(c->value[i]);
	free(c->profile);
	free(c->cmd_path);
}

static int setting_index(const char *name)
{
	int i;

	for (i = 0; fdf_settings_name(i); i++)
		if (!strcmp(fdf_settings_name(i), name))
			return i;
	abort(); /* the option table names a setting that core does not have: a test walks all */
}

/* One message: where, the place in the value, what was expected. */
static void refuse(const char *where, const char *value, const struct fdf_error *e)
{
	size_t line = 1, start = 0, i;

	for (i = 0; i < e->pos && value[i]; i++)
		if (value[i] == '\n') {
			line++;
			start = i + 1;
		}
	if (strchr(where, '/') || line > 1)
		say("%s:%zu:%zu: expected %s", where, line, e->pos - start + 1, e->expected);
	else
		say("%s '%.200s': at character %zu: expected %s", where, value, e->pos + 1,
		    e->expected);
}

/* Does core accept this value of this setting? */
static int try(const char *name, const char *value, const char *where)
{
	static struct fdf_settings scratch;
	struct fdf_error e = { 0 };

	fdf_settings_init(&scratch);
	if (fdf_settings_set(&scratch, fdf_str(name), fdf_str(value), &e) < 0) {
		refuse(where, value, &e);
		return -1;
	}
	if (strlen(value) > VALUE_MAX) {
		say("%s: longer than the %d bytes that fit the environment", where, VALUE_MAX);
		return -1;
	}
	return 0;
}

static int replace(struct config *c, const char *name, char *value)
{
	int i = setting_index(name);

	free(c->value[i]);
	c->value[i] = value;
	return 0;
}

int config_set(struct config *c, const char *name, const char *value, const char *where)
{
	return try(name, value, where) ? -1 : replace(c, name, must_dup(value));
}

/* Settings that grow with each option: KEEP with commas, RULES with lines. */
static int append(struct config *c, const char *name, char sep, const char *value,
		  const char *where)
{
	const char *old = c->value[setting_index(name)];

	if (try(name, value, where))
		return -1;
	return replace(c, name,
		       old && *old ? must_printf("%s%c%s", old, sep, value) : must_dup(value));
}

int config_read_file(const char *path, const char *where, char **text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = -1;

	*text = must_alloc(VALUE_MAX + 2);
	if (fd >= 0)
		while ((n = read(fd, *text + len, VALUE_MAX + 1 - len)) > 0)
			len += (size_t)n;
	if (n < 0)
		say("%s %s: %s", where, path, strerror(errno));
	else if (len > VALUE_MAX)
		say("%s %s: longer than the %d bytes that fit the environment", where, path,
		    VALUE_MAX);
	else if (strlen(*text) != len)
		say("%s %s: byte %zu is NUL: expected text", where, path, strlen(*text) + 1);
	if (fd >= 0)
		close(fd);
	if (n == 0 && len <= VALUE_MAX && strlen(*text) == len)
		return 0;
	free(*text);
	*text = NULL;
	return -1;
}

static int take_rules_file(struct config *c, const char *path, const char *where)
{
	char *text, *place = must_printf("%s%s", strchr(path, '/') ? "" : "./", path);
	int r = config_read_file(path, where, &text);

	if (!r)
		r = append(c, "RULES", '\n', text, place);
	free(text);
	free(place);
	return r;
}

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

static int take_word(const char *option, const char *arg, const char *const *words)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(words[i], arg))
			return i;
	say("%s '%s': expected %s%s%s%s%s", option, arg, words[0], words[2] ? ", " : " or ",
	    words[1], words[2] ? " or " : "", words[2] ? words[2] : "");
	return -1;
}

static int take_setting(struct config *c, const struct option_row *row, const char *arg)
{
	char *where = must_printf("--%s", row->name);
	int r;

	if (!strcmp(row->setting, "KEEP"))
		r = append(c, "KEEP", ',', arg, where);
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
	int n;

	switch (row->id) {
	case OPT_SETTING:
		return take_setting(c, row, arg);
	case OPT_RULE:
		return append(c, "RULES", '\n', arg, "--rule");
	case OPT_RULES:
		return take_rules_file(c, arg, "--rules");
	case OPT_PROFILE:
		free(c->profile);
		c->profile = must_dup(arg);
		return 0;
	case OPT_LOG:
		return take_log(c, arg);
	case OPT_ERROR_EXITCODE:
		return take_number(&c->error_exitcode, arg);
	case OPT_FORMAT:
		n = take_word("--format", arg, formats);
		c->format = n > 0 ? (enum config_format)n : FORMAT_TEXT;
		return n < 0 ? -1 : 0;
	case OPT_COLOR:
		n = take_word("--color", arg, colors);
		c->color = n > 0 ? (enum config_color)n : COLOR_AUTO;
		return n < 0 ? -1 : 0;
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

/* FDFENCE_RULES_FILE is a part of RULES; once inlined the shim must not read it again. */
static int finish_rules(struct config *c)
{
	const char *file = getenv("FDFENCE_RULES_FILE"), *rules = getenv("FDFENCE_RULES");

	if (file && *file && !c->value[setting_index("RULES")]) {
		if (rules && append(c, "RULES", '\n', rules, "FDFENCE_RULES"))
			return -1;
		if (take_rules_file(c, file, "FDFENCE_RULES_FILE"))
			return -1;
	}
	return 0;
}

int config_finish(struct config *c)
{
	struct fdf_error e = { 0 };
	int i;

	if (c->profile && profile_apply(c))
		return -1;
	if (finish_rules(c))
		return -1;
	fdf_settings_init(&c->settings);
	for (i = 0; fdf_settings_name(i); i++) {
		char *name = must_printf("FDFENCE_%s", fdf_settings_name(i));
		const char *value = c->value[i] ? c->value[i] : getenv(name);
		int r = value ? fdf_settings_set(&c->settings, fdf_str(fdf_settings_name(i)),
						 fdf_str(value), &e)
			      : 0;

		if (r < 0)
			refuse(name, value, &e);
		free(name);
		if (r < 0)
			return -1;
	}
	return 0;
}

void config_export(const struct config *c)
{
	int i;

	for (i = 0; fdf_settings_name(i); i++) {
		char *name = must_printf("FDFENCE_%s", fdf_settings_name(i));

		if (c->value[i] && setenv(name, c->value[i], 1))
			say("%s: %s", name, strerror(errno));
		free(name);
	}
	if (c->value[setting_index("RULES")])
		unsetenv("FDFENCE_RULES_FILE");
}
