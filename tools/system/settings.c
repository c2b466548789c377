/*
 * settings.c: /etc/fdfence.conf and /etc/fdfence.d/.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/options/config.h"
#include "tools/options/profile.h"
#include "tools/system/owned.h"
#include "tools/system/place.h"
#include "tools/system/settings.h"

/* A program that starts has room for 128 KiB, with those of its environment. */
#define TEXT_MAX (112 << 10)

/* One that is set in two files is that of the first. */
static int take(struct config *c, const char *path)
{
	struct stat st;

	if (owned_by_root(path))
		return -1;
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) { /* a named pipe would be waited for */
		say("%s: expected a file", path);
		return -1;
	}
	return profile_take(c, path, "settings");
}

/* A link that leads nowhere is there: whoever reads it says what is wrong. */
static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st) || errno != ENOENT;
}

static int is_left_out(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && !profile_is_rules(e);
}

static void tell_left_out(void)
{
	struct dirent **found;
	int n = scandir(SETTINGS_FOLDER, &found, is_left_out, alphasort);

	for (int i = 0; i < n; i++) {
		say(SETTINGS_FOLDER "/%s: left out: expected a name that ends in .rules, without "
				    "a '.' in front",
		    found[i]->d_name);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
}

static int take_folder(struct config *c)
{
	struct dirent **found;
	int n, i, r = 0;
	char *path;

	if (owned_by_root(SETTINGS_FOLDER)) /* who may write there adds rules */
		return -1;
	n = profile_files(SETTINGS_FOLDER, &found);
	if (n < 0) {
		say(SETTINGS_FOLDER ": %s", strerror(errno));
		return -1;
	}
	tell_left_out();
	for (i = 0; i < n; i++) {
		path = must_printf(SETTINGS_FOLDER "/%s", found[i]->d_name);
		if (!r)
			r = take(c, path);
		free(path);
		free(found[i]);
	}
	free(found);
	return r;
}

static char *text_of(const struct config *c, size_t *len)
{
	char *text = NULL;
	FILE *to = open_memstream(&text, len);
	int i;

	if (!to)
		out_of_memory();
	for (i = 0; fdf_settings_name(i); i++)
		if (c->value[i])
			fprintf(to, "FDFENCE_%s=%s%c", fdf_settings_name(i), c->value[i], '\0');
	if (fclose(to))
		out_of_memory();
	return text;
}

char *settings_read(size_t *len)
{
	struct config c;
	char *text = NULL;
	int r = 0;

	config_init(&c);
	if (is_there(SETTINGS_FILE))
		r = take(&c, SETTINGS_FILE);
	if (!r && is_there(SETTINGS_FOLDER))
		r = take_folder(&c);
	if (!r && !config_finish(&c))
		text = text_of(&c, len);
	config_free(&c);
	if (text && *len > TEXT_MAX) {
		say("%s and %s: %zu bytes together, of at most %d", SETTINGS_FILE, SETTINGS_FOLDER,
		    *len, TEXT_MAX);
		free(text);
		text = NULL;
	}
	return text;
}

bool settings_are_there(void)
{
	return is_there(SETTINGS_FILE) || is_there(SETTINGS_FOLDER);
}

int settings_write(const char *text, size_t len)
{
	struct place p;
	int r;

	if (place_open(&p, FDF_MACHINE_SETTINGS))
		return -1;
	place_for_all(&p);
	r = place_put(&p, text, len, true);
	place_close(&p);
	return r;
}

int settings_hold(void)
{
	if (!is_there(FDF_MACHINE_SETTINGS) || !owned_for_all(FDF_MACHINE_SETTINGS))
		return 0;
	say("fdfence system reload writes it anew");
	return -1;
}

char *settings_in_force(size_t *len)
{
	struct place p;

	if (place_open(&p, FDF_MACHINE_SETTINGS))
		return NULL;
	*len = p.len;
	return p.text;
}
