/*
 * units.c: what systemd reads for a service: its file, and the drop-ins behind it.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/options/config.h"
#include "tools/system/sandbox.h"
#include "tools/system/unit_text.h"
#include "tools/system/units.h"

#define OURS "FDFENCE_"

/* In the order of systemd.unit(5). */
static const char *const folders[] = {
	"/etc/systemd/system.control",
	"/run/systemd/system.control",
	"/run/systemd/transient",
	"/run/systemd/generator.early",
	UNITS_OWN,
	"/etc/systemd/system.attached",
	"/run/systemd/system",
	"/run/systemd/system.attached",
	"/run/systemd/generator",
	"/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
	"/run/systemd/generator.late",
	NULL,
};

/* What is looked for, and what has been seen. */
struct look {
	const char *own; /* name of the drop-in */
	struct sandbox sandbox;
};

/* The caller frees; NULL: there is none. */
static char *in_folders(const char *name)
{
	const char *const *folder;
	char *path;

	for (folder = folders; *folder; folder++) {
		path = must_printf("%s/%s", *folder, name);
		if (!access(path, F_OK))
			return path;
		free(path);
	}
	return NULL;
}

/* foo@bar.service is made of foo@.service.  The caller frees; NULL: there is none. */
static char *file_of(const char *unit)
{
	const char *at = strchr(unit, '@');
	char *path = in_folders(unit), *template;

	if (path || !at)
		return path;
	template = must_printf("%.*s@.service", (int)(at - unit), unit);
	path = in_folders(template);
	free(template);
	return path;
}

/* A named pipe would be waited for; a drop-in that leads to /dev/null is one that is masked. */
static int read_unit(const char *path, char **text)
{
	struct stat st;

	if (stat(path, &st) || S_ISREG(st.st_mode) || S_ISCHR(st.st_mode))
		return config_read_file(path, "unit", text);
	say("%s: expected a file", path);
	return -1;
}

/* What a file says of the variables that count here. */
struct variables {
	bool preload, ours, unsets_ours;
	bool empties; /* Environment= without a value takes back all that was set before */
};

static void see(struct look *l, const char *path, char *text, struct variables *v)
{
	struct unit_text rest = { .rest = text };
	struct assignment a;

	while (unit_text_next(&rest, &a)) {
		sandbox_see(&l->sandbox, path, &a);
		v->preload |= strstr(a.value, "LD_PRELOAD") != NULL;
		v->empties |= !strcmp(a.name, "Environment") && !*a.value;
		if (strstr(a.value, OURS)) {
			v->ours = true;
			v->unsets_ours |= !strcmp(a.name, "UnsetEnvironment");
		}
	}
}

static int check_file(struct look *l, const char *path, bool behind)
{
	struct variables v = { false };
	char *text;
	int r = -1;

	if (read_unit(path, &text))
		return -1;
	see(l, path, text, &v);
	free(text);
	if (v.preload)
		say("%s: has LD_PRELOAD itself, which the drop-in would replace, or be replaced "
		    "by: add the library there",
		    path);
	else if (behind && v.empties)
		say("%s: an empty Environment= there would take away what the drop-in sets: set "
		    "LD_PRELOAD there",
		    path);
	else if (v.unsets_ours || (behind && v.ours))
		say("%s: has " OURS
		    "* itself, which goes before what the drop-in sets: take it away "
		    "there, or set all of it there",
		    path);
	else
		r = 0;
	if (!r && v.ours)
		say("%s: has " OURS "* itself, which holds where the drop-in does not set the same",
		    path);
	return r;
}

/* As systemd.unit(5) has it: an empty file, or a link to /dev/null. */
static int check_unmasked(const char *unit, const char *path)
{
	struct stat st;

	if (stat(path, &st) || (st.st_size && !S_ISCHR(st.st_mode)) || S_ISFIFO(st.st_mode))
		return 0;
	say("%s: is masked by %s: systemd starts no such service; systemctl unmask %s", unit, path,
	    unit);
	return -1;
}

static int is_conf(const struct dirent *e)
{
	return !fnmatch("*.conf", e->d_name, FNM_PERIOD);
}

/* Is there a file of this name in a folder that goes before? */
static bool is_masked(const char *const *folder, const char *dir, const char *name)
{
	const char *const *before;
	bool found = false;
	char *path;

	for (before = folders; !found && before < folder; before++) {
		path = must_printf("%s/%s.d/%s", *before, dir, name);
		found = !access(path, F_OK);
		free(path);
	}
	return found;
}

static int check_folder(struct look *l, const char *const *folder, const char *dir)
{
	char *path = must_printf("%s/%s.d", *folder, dir), *file;
	struct dirent **found;
	int n = scandir(path, &found, is_conf, alphasort), i, r = 0;

	if (n < 0 && errno != ENOENT) {
		say("%s: %s", path, strerror(errno));
		r = -1;
	}
	for (i = 0; i < n; i++) {
		file = must_printf("%s/%s", path, found[i]->d_name);
		if (!r && strcmp(found[i]->d_name, l->own) != 0 &&
		    !is_masked(folder, dir, found[i]->d_name))
			r = check_file(l, file, strcmp(found[i]->d_name, l->own) > 0);
		free(file);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	free(path);
	return r;
}

/* Takes dir. */
static int check_dropins(struct look *l, char *dir)
{
	const char *const *folder;
	int r = 0;

	for (folder = folders; !r && *folder; folder++)
		r = check_folder(l, folder, dir);
	free(dir);
	return r;
}

/* Of a-b@i.service: a-b@i, a-b@, a-@i, a-@ and a-. */
static int check_name(struct look *l, const char *unit)
{
	const char *at = strchrnul(unit, '@'), *tail = *at ? at : strrchr(unit, '.');
	int whole = (int)(tail - unit), n = whole, r = 0;

	while (!r && n) {
		r = check_dropins(l, must_printf("%.*s%s", n, unit, tail));
		if (!r && *at)
			r = check_dropins(l, must_printf("%.*s@.service", n, unit));
		if (!r && *at && n < whole)
			r = check_dropins(l, must_printf("%.*s.service", n, unit));
		for (n--; n && unit[n - 1] != '-'; n--)
			;
	}
	return r;
}

/* The name of a file as unit, an instance perhaps, has it: b@.service is b@i.service for a@i. */
static char *name_for(const char *file, const char *unit)
{
	const char *at = strstr(file, "@."), *instance = strchr(unit, '@');

	if (!at || !instance)
		return must_dup(file);
	return must_printf("%.*s%s", (int)(at - file), file, instance);
}

static bool is_in_folders(const char *path)
{
	int n = (int)(strrchr(path, '/') - path);
	const char *const *folder;
	bool found = false;
	char *real;

	for (folder = folders; !found && *folder; folder++) {
		real = realpath(*folder, NULL);
		found = real && strlen(real) == (size_t)n && !strncmp(real, path, (size_t)n);
		free(real);
	}
	return found;
}

/* A link to another unit is one more name of it; one to elsewhere is the unit itself. */
static int check_is_no_alias(const char *unit, const char *real)
{
	char *name = name_for(strrchr(real, '/') + 1, unit);
	int r = 0;

	if (is_in_folders(real) && strcmp(name, unit) != 0) {
		say("%s: is another name of %s: fdfence system unit %s", unit, name, name);
		r = -1;
	}
	free(name);
	return r;
}

static int is_service(const struct dirent *e)
{
	return e->d_type != DT_REG && !fnmatch("*.service", e->d_name, FNM_PERIOD);
}

/* May a link of this name be another name of unit?  Of an instance it is that of a template. */
static bool is_of_a_kind(const char *link, const char *unit)
{
	return strchr(unit, '@') ? strstr(link, "@.") != NULL : !strchr(link, '@');
}

/* Is this, which has not the name of the unit, another name of the file at real? */
static bool is_alias(const char *name, const char *unit, const char *real)
{
	char *path = strcmp(name, unit) ? file_of(name) : NULL;
	char *leads = path ? realpath(path, NULL) : NULL;
	bool same = leads && !strcmp(leads, real) && strcmp(path, real) != 0;

	free(path);
	free(leads);
	return same;
}

/* systemd reads the drop-ins of all names of a unit. */
static int check_aliases(struct look *l, const char *unit, const char *real)
{
	const char *const *folder;
	struct dirent **found;
	int n, i, r = 0;
	char *name;

	for (folder = folders; *folder; folder++) {
		n = scandir(*folder, &found, is_service, alphasort);
		for (i = 0; i < n; i++) {
			name = name_for(found[i]->d_name, unit);
			if (!r && is_of_a_kind(found[i]->d_name, unit) &&
			    is_alias(name, unit, real))
				r = check_name(l, name);
			free(name);
			free(found[i]);
		}
		if (n >= 0)
			free(found);
	}
	return r;
}

static int check_all(struct look *l, const char *unit, const char *path)
{
	char *real = realpath(path, NULL);
	int r = -1;

	if (!real)
		say("%s: %s", path, strerror(errno));
	else if (!check_unmasked(unit, path) && !check_is_no_alias(unit, real) &&
		 !check_file(l, path, false) && !check_name(l, unit) &&
		 !check_aliases(l, unit, real) && !check_dropins(l, must_dup("service")))
		r = sandbox_check(&l->sandbox, unit);
	free(real);
	return r;
}

int units_check(const char *unit, const char *own, const char *library, const char *log)
{
	struct look l = { .own = own, .sandbox = { .library = library, .log = log } };
	char *path = file_of(unit);
	int r = -1;

	if (path)
		r = check_all(&l, unit, path);
	else
		say("%s: no such unit in " UNITS_OWN " and the other folders of systemd "
		    "(systemd-analyze unit-paths)",
		    unit);
	sandbox_free(&l.sandbox);
	free(path);
	return r;
}
