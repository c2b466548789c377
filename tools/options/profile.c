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

int profile_is_rules(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 6 && e->d_name[0] != '.' && !strcmp(e->d_name + n - 6, ".rules");
}

int profile_files(const char *dir, struct dirent ***found)
{
	return scandir(dir, found, profile_is_rules, alphasort);
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

/* What rules take for blanks; so the end of a line is one as DOS writes it. */
static const char blanks[] = " \t\v\f\r";

static char *trimmed(const char *s, size_t len)
{
	size_t skip = strspn(s, blanks);

	for (skip = skip < len ? skip : len; len > skip && strchr(blanks, s[len - 1]); len--)
		;
	return must_printf("%.*s", (int)(len - skip), s + skip);
}

int profile_split(char *text,
		  int (*set)(void *ctx, const char *name, const char *value, unsigned line),
		  void *ctx)
{
	unsigned line = 1;
	char *end;
	int r = 0;

	for (; !r && *text; text = end + (*end == '\n'), line++) {
		char *name = text + strspn(text, " \t"), *copy, *value;

		end = strchrnul(text, '\n');
		if (strncmp(name, "set", 3) || (name[3] != ' ' && name[3] != '\t'))
			continue;
		copy = trimmed(name + 4, (size_t)(end - name - 4));
		value = copy;
		name = strsep(&value, "="); /* before the call: its arguments have no order */
		r = set(ctx, name, value, line);
		free(copy);
		memset(text, ' ', (size_t)(end - text));
	}
	return r;
}

struct place {
	struct config *c;
	const char *path;
};

/* The setting whose name s starts with, but for RULES; NULL: none. */
static const char *setting_named(const char *s, size_t len, bool any_case)
{
	const char *name = NULL;

	for (int i = 0; (name = fdf_settings_name(i)); i++)
		if (strlen(name) == len && strcmp(name, "RULES") != 0 &&
		    !(any_case ? strncasecmp : strncmp)(s, name, len))
			break;
	return name;
}

static int set_line(void *ctx, const char *name, const char *value, unsigned line)
{
	struct place *p = ctx;
	const char *known = name && value ? setting_named(name, strlen(name), false) : NULL;
	char *where = must_printf("%s:%u: set %s", p->path, line, known ? known : "");
	int r = -1;

	if (!known)
		say("%s:%u: set: expected NAME=VALUE with the name of a setting", p->path, line);
	else if (config_get(p->c, known))
		r = 0; /* an option goes before */
	else
		r = config_set(p->c, known, value, where);
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

/* A line that starts with NAME= is no rule: "set" was forgotten.  What a backslash continues may. */
static int check_set(const char *text, const char *path)
{
	const char *end, *name, *known;
	bool continued = false;

	for (unsigned line = 1; *text; text = end + (*end == '\n'), line++) {
		size_t len;

		end = strchrnul(text, '\n');
		name = text + strspn(text, blanks);
		len = strcspn(name, "=;# \t\v\f\r\n");
		known = setting_named(name, len, true);
		if (len && name[len] == '=' && !continued) {
			say("%s:%u: expected 'set %s=VALUE'%s", path, line, known ? known : "NAME",
			    known ? ", which makes it a setting"
				  : " with the name of a setting, or a rule");
			return -1;
		}
		continued = end > text && end[-1] == '\\';
	}
	return 0;
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
		r = check_set(text, path);
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
