/*
 * profile.c: named sets of rules and settings.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/options/profile.h"

static int is_rules(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 6 && e->d_name[0] != '.' && !strcmp(e->d_name + n - 6, ".rules");
}

int profile_files(const char *dir, struct dirent ***found)
{
	return scandir(dir, found, is_rules, alphasort);
}

const char *profile_name(unsigned i)
{
	static struct dirent **found;
	static int n = -1;
	char *dir;
	int k;

	if (n < 0) {
		dir = paths_profiles();
		n = dir ? profile_files(dir, &found) : 0;
		for (k = 0; k < n; k++)
			found[k]->d_name[strlen(found[k]->d_name) - 6] = '\0';
		free(dir);
	}
	return n > 0 && i < (unsigned)n ? found[i]->d_name : NULL;
}

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
		copy = must_printf("%.*s", (int)(end - name - 4), name + 4);
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

static int no_such(const char *name)
{
	char *names = must_dup(profile_name(0) ? "" : " none"), *more;
	unsigned i;

	for (i = 0; profile_name(i); i++) {
		more = must_printf("%s%s %s", names, i ? "," : "", profile_name(i));
		free(names);
		names = more;
	}
	if (!access(name, F_OK))
		say("--profile '%s': no such profile; the file is ./%s", name, name);
	else
		say("--profile '%s': no such profile; there are%s", name, names);
	free(names);
	return -1;
}

int profile_take(struct config *c, const char *path, const char *where)
{
	struct place p = { c, path };
	char *text;
	int r;

	if (config_read_file(path, where, &text))
		return -1;
	r = profile_split(text, set_line, &p);
	if (!r)
		r = config_add_rules(c, text, path); /* behind those of options */
	free(text);
	return r;
}

int profile_apply(struct config *c)
{
	char *path = strchr(c->profile, '/') ? must_dup(c->profile) : paths_profile(c->profile);
	int r = path ? profile_take(c, path, "--profile") : no_such(c->profile);

	free(path);
	return r;
}
