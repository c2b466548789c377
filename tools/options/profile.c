/*
 * profile.c: named sets of rules and settings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/options/profile.h"

int profile_split(char *text,
		  int (*set)(void *ctx, const char *name, const char *value, unsigned line),
		  void *ctx)
{
	unsigned line = 1;
	char *end;
	int r = 0;

	for (; !r && *text; text = end + (*end == '\n'), line++) {
		char *name = text + strspn(text, " \t"), *copy, *eq;

		end = strchrnul(text, '\n');
		if (strncmp(name, "set ", 4))
			continue;
		copy = strndup(name + 4, (size_t)(end - name - 4));
		if (!copy)
			return -1;
		eq = strchrnul(copy, '=');
		r = set(ctx, strtok(copy, "="), *eq ? eq + 1 : NULL, line);
		free(copy);
		memset(text, ' ', (size_t)(end - text));
	}
	return r;
}

struct place {
	struct config *c;
	const char *path;
};

static int set_line(void *ctx, const char *name, const char *value, unsigned line)
{
	struct place *p = ctx;
	char *where = must_printf("%s:%u: set", p->path, line);
	int i, r = -1;

	for (i = 0; fdf_settings_name(i); i++)
		if (name && value && !strcmp(name, fdf_settings_name(i)) && strcmp(name, "RULES"))
			break;
	if (!fdf_settings_name(i))
		say("%s: expected NAME=VALUE with the name of a setting", where);
	else if (p->c->value[i])
		r = 0; /* an option goes before */
	else
		r = config_set(p->c, name, value, where);
	free(where);
	return r;
}

int profile_apply(struct config *c)
{
	char *path = NULL, *text = NULL;
	struct place p = { c, NULL };
	int r = -1;

	if (strchr(c->profile, '/') || !(path = paths_profile(c->profile))) {
		say("--profile '%s': no such profile; there are strict, default, ci and server",
		    c->profile);
	} else if (!config_read_file(path, "--profile", &text)) {
		p.path = path;
		r = profile_split(text, set_line, &p);
		if (!r)
			r = config_add_rules(c, text, path); /* behind those of options */
	}
	free(text);
	free(path);
	return r;
}
