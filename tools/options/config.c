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

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/inputs.h"
#include "tools/base/terminal.h"
#include "tools/options/config.h"
#include "tools/options/profile.h"

/*
 * Bytes of one value.  execve(2) takes strings of 128 KiB, and the shim has room
 * for as much in all (preload/fence/fence.h): this leaves some for the other variables.
 */
#define VALUE_MAX (112 << 10)

void config_init(struct config *c)
{
	*c = (struct config){ .filter = FILTER_NONE };
}

void config_free(struct config *c)
{
	int i;

	for (i = 0; i < CONFIG_SETTINGS; i++)
		free(c->value[i]);
	for (i = 0; i < (int)c->nplaces; i++)
		free(c->places[i].where);
	free(c->places);
	free(c->profile);
	free(c->cmd_path);
	free(c->environment);
	free(c->asked);
}

static int setting_index(const char *name)
{
	int i;

	for (i = 0; fdf_settings_name(i); i++)
		if (!strcmp(fdf_settings_name(i), name))
			return i;
	abort(); /* the option table names a setting that core does not have: a test walks all */
}

/* One message: where, the place in the value, what was expected.  Rules are lines of a file. */
static void refuse(const char *where, const char *value, const struct fdf_error *e)
{
	size_t line = 1, start = 0, i;

	for (i = 0; i < e->pos && value[i]; i++)
		if (value[i] == '\n') {
			line++;
			start = i + 1;
		}
	if ((strchr(where, '/') && !strcmp(e->name, "RULES")) || line > 1)
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
		say("%s: longer than the %d bytes that fit", where, VALUE_MAX);
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

const char *config_get(const struct config *c, const char *name)
{
	return c->value[setting_index(name)];
}

/* Settings that grow with each option: KEEP with commas, RULES with lines. */
int config_append(struct config *c, const char *name, char sep, const char *value,
		  const char *where)
{
	const char *old = c->value[setting_index(name)];

	if (try(name, value, where))
		return -1;
	return replace(c, name,
		       old && *old ? must_printf("%s%c%s", old, sep, value) : must_dup(value));
}

/* Remember where the rules of text, which parses, were written. */
static void note_places(struct config *c, const char *text, const char *where)
{
	static struct fdf_rule rules[FDF_RULES_MAX];
	struct fdf_error e;
	int n = fdf_rules_parse(fdf_str(text), rules, FDF_RULES_MAX, &e);

	if (n <= 0)
		return;
	c->places = reallocarray(c->places, c->nplaces + (size_t)n, sizeof(*c->places));
	if (!c->places)
		out_of_memory();
	for (int i = 0; i < n; i++)
		c->places[c->nplaces++] = (struct config_place){ must_dup(where), rules[i].line };
}

int config_add_rule(struct config *c, const char *text, const char *where)
{
	if (config_append(c, "RULES", '\n', text, where))
		return -1;
	note_places(c, text, where);
	return 0;
}

int config_read_file(const char *path, const char *where, char **text)
{
	int fd = descriptor_open(path, O_RDONLY, 0);
	size_t len = 0;
	ssize_t n = -1;

	inputs_add(where, path);
	*text = must_alloc(VALUE_MAX + 2);
	if (fd >= 0)
		while ((n = read(fd, *text + len, VALUE_MAX + 1 - len)) > 0)
			len += (size_t)n;
	if (n < 0)
		say("%s %s: %s", where, path, descriptor_why(path));
	else if (len > VALUE_MAX)
		say("%s %s: longer than the %d bytes that fit", where, path, VALUE_MAX);
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

/*
 * Drop lines that are empty or only a comment: each process below parses what
 * is left.
 */
static void compact(char *text)
{
	char *in = text, *out = text, *end;

	for (; *in; in = end) {
		char *word = in + strspn(in, " \t");

		end = strchrnul(in, '\n');
		end += *end != '\0';
		if (!strchr("#\n", *word)) { /* strchr finds the final NUL too */
			memmove(out, in, (size_t)(end - in));
			out += end - in;
		}
	}
	*out = '\0';
}

int config_add_rules(struct config *c, char *text, const char *path)
{
	if (try("RULES", text, path))
		return -1;
	note_places(c, text, path);
	compact(text);
	return !*text ? 0 : config_append(c, "RULES", '\n', text, path);
}

int config_rules_file(struct config *c, const char *path, const char *where)
{
	char *text, *place = must_printf("%s%s", strchr(path, '/') ? "" : "./", path);
	int r = config_read_file(path, where, &text);

	if (!r)
		r = config_add_rules(c, text, place);
	free(text);
	free(place);
	return r;
}

/* FDFENCE_RULES_FILE is a part of RULES; once inlined the shim must not read it again. */
static int finish_rules(struct config *c)
{
	const char *file = getenv("FDFENCE_RULES_FILE"), *rules = getenv("FDFENCE_RULES");

	if (file && *file && !c->value[setting_index("RULES")]) {
		if (rules && config_add_rule(c, rules, "FDFENCE_RULES"))
			return -1;
		if (config_rules_file(c, file, "FDFENCE_RULES_FILE"))
			return -1;
	}
	return 0;
}

/* The environment is the caller's, and may be nobody's intent here: who reports has to say so. */
static void note_environment(struct config *c)
{
	static const struct {
		const char *setting, *variable;
	} keep[] = { { "KEEP", "FDFENCE_KEEP" },
		     { "RULES", "FDFENCE_RULES" },
		     { "RULES", "FDFENCE_RULES_FILE" } };

	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++) {
		const char *value = getenv(keep[i].variable);
		char *text, *list;

		if (!value || !*value || config_get(c, keep[i].setting))
			continue;
		text = escaped(fdf_str(value));
		list = must_printf("%s%s%s%s%s", c->environment ? c->environment : "",
				   c->environment ? ", " : "", keep[i].variable,
				   strlen(text) > 200 ? "" : "=", strlen(text) > 200 ? "" : text);
		free(text);
		free(c->environment);
		c->environment = list;
	}
}

static int settle(const struct config *c, struct fdf_settings *to, bool environment)
{
	struct fdf_error e = { 0 };

	fdf_settings_init(to);
	for (int i = 0; fdf_settings_name(i); i++) {
		char *name = must_printf("FDFENCE_%s", fdf_settings_name(i));
		const char *value = c->value[i] ? c->value[i] : environment ? getenv(name) : NULL;
		int r = value ? fdf_settings_set(to, fdf_str(fdf_settings_name(i)), fdf_str(value),
						 &e)
			      : 0;

		if (r < 0)
			refuse(name, value, &e);
		free(name);
		if (r < 0)
			return -1;
	}
	return 0;
}

int config_profile(struct config *c)
{
	int r = c->profile ? profile_apply(c) : 0;

	free(c->profile);
	c->profile = NULL;
	return r;
}

int config_finish(struct config *c)
{
	if (config_profile(c))
		return -1;
	note_environment(c);
	free(c->asked);
	c->asked = must_alloc(sizeof(*c->asked)); /* 30 KiB: not for a small stack */
	return settle(c, c->asked, false) || finish_rules(c) || settle(c, &c->settings, true) ? -1
											      : 0;
}

void config_tell_unknown(void)
{
	char *const *v;
	size_t len;
	int i;

	for (v = environ; *v; v++) {
		if (strncmp(*v, "FDFENCE_", 8))
			continue;
		len = strcspn(*v, "=");
		for (i = 0; fdf_settings_name(i); i++)
			if (strlen(fdf_settings_name(i)) == len - 8 &&
			    !strncmp(fdf_settings_name(i), *v + 8, len - 8))
				break;
		if (!fdf_settings_name(i) && strncmp(*v + 8, "RULES_FILE=", 11) != 0 &&
		    strncmp(*v + 8, "STATE=", 6) != 0)
			say("%.*s: expected the name of a setting, see fdfence(1); ignored",
			    (int)len, *v);
	}
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
