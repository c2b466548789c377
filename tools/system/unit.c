/*
 * unit.c: a drop-in that puts the fence around one service of systemd.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/dropin.h"
#include "tools/system/place.h"
#include "tools/system/unit.h"
#include "tools/system/units.h"

/* With its ".service"; NULL after a message.  The caller frees. */
static char *full_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789:-_.\\@";
	const char *dot = strrchr(name, '.');

	if (!*name || *name == '.' || name[strspn(name, good)] || strlen(name) > 200) {
		say("unit '%s': expected the name of a service, such as nginx", name);
		return NULL;
	}
	return dot && !strcmp(dot, ".service") ? must_dup(name) : must_printf("%s.service", name);
}

/* The caller frees. */
static char *contents(const struct config *c, const char *library, size_t *len)
{
	char *text = NULL, *name;
	FILE *to = open_memstream(&text, len);
	int i;

	if (!to)
		out_of_memory();
	fputs(DROPIN_HEADER "[Service]\n", to);
	dropin_variable(to, "LD_PRELOAD", library);
	for (i = 0; fdf_settings_name(i); i++) {
		name = must_printf("FDFENCE_%s", fdf_settings_name(i));
		if (c->value[i])
			dropin_variable(to, name, c->value[i]);
		free(name);
	}
	if (fclose(to))
		out_of_memory();
	return text;
}

/* -1 after a message, if the file is somebody else's. */
static int open_own(struct place *p, const char *path)
{
	if (place_open(p, path))
		return -1;
	if (!p->there || dropin_is_own(p))
		return 0;
	say("%s: not written by fdfence system unit: nothing was changed", path);
	place_close(p);
	return -1;
}

/* 0 where there is none. */
static int check_folder(const char *path)
{
	struct stat st;

	if (lstat(path, &st) || S_ISDIR(st.st_mode))
		return 0;
	say("%s: %s: nothing was changed", path,
	    S_ISLNK(st.st_mode) ? "is a symbolic link: what it leads to has to be edited by hand"
				: "is no folder");
	return -1;
}

static int make_folder(const char *path)
{
	if (!mkdir(path, 0755) || errno == EEXIST)
		return 0;
	say("%s: %s", path, strerror(errno));
	return -1;
}

static int write_file(const struct config *c, const char *path, const char *library)
{
	struct place p;
	size_t len;
	char *text;
	int r;

	if (open_own(&p, path))
		return -1;
	text = contents(c, library, &len);
	place_for_all(&p);
	r = place_put(&p, text, len, false);
	if (!r)
		printf("%s %s\n", p.there ? "replaced" : "wrote", path);
	free(text);
	place_close(&p);
	return r;
}

int unit_write(const struct config *c, const char *name, const char *library)
{
	char *unit = full_name(name), *dir, *path;
	int r = -1;

	if (!unit)
		return -1;
	dir = must_printf(UNITS_OWN "/%s.d", unit);
	path = must_printf("%s/" DROPIN_FILE, dir);
	if (!units_check(unit, DROPIN_FILE, library, config_get(c, "LOG")) && !check_folder(dir) &&
	    !make_folder(dir)) {
		r = write_file(c, path, library);
		if (r)
			rmdir(dir); /* what else is in it stays */
	}
	if (!r)
		printf("systemctl daemon-reload && systemctl restart %s: from then on\n", unit);
	free(unit);
	free(dir);
	free(path);
	return r;
}

int unit_remove(const char *name)
{
	char *unit = full_name(name), *dir, *path;
	struct place p;
	int r = 0;

	if (!unit)
		return -1;
	dir = must_printf(UNITS_OWN "/%s.d", unit);
	path = must_printf("%s/" DROPIN_FILE, dir);
	if (check_folder(dir) || open_own(&p, path)) {
		r = -1;
	} else if (!p.there) {
		printf("%s: there is none\n", path);
		place_close(&p);
	} else {
		r = place_put(&p, "", 0, true);
		place_close(&p);
		if (!r)
			printf("removed %s\n", path);
		rmdir(dir); /* what else is in it stays */
	}
	free(unit);
	free(dir);
	free(path);
	return r;
}
