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
#include "tools/system/units.h"

#define OURS "FDFENCE_"

/* In the order of systemd.unit(5). */
static const char *const folders[] = {
	UNITS_OWN,
	"/run/systemd/system",
	"/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
	NULL,
};

/* foo@bar.service is made of foo@.service.  The caller frees; NULL: there is none. */
static char *file_of(const char *unit)
{
	const char *at = strchr(unit, '@'), *const * folder;
	int front = (int)(at ? at - unit : 0);
	char *path;

	for (folder = folders; *folder; folder++) {
		path = must_printf("%s/%s", *folder, unit);
		if (!access(path, F_OK))
			return path;
		free(path);
		path = must_printf("%s/%.*s@.service", *folder, front, unit);
		if (at && !access(path, F_OK))
			return path;
		free(path);
	}
	return NULL;
}

/* Environment= without a value takes back all that was set before. */
static bool empties(const char *text)
{
	const char *at;

	for (; *text; text = strchrnul(text, '\n'), text += *text != '\0') {
		at = text + strspn(text, " \t");
		if (strncmp(at, "Environment", 11) != 0)
			continue;
		at += 11 + strspn(at + 11, " \t");
		if (*at == '=' && strchr("\r\n", at[1 + strspn(at + 1, " \t")]))
			return true; /* strchr finds the final NUL too */
	}
	return false;
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

static int check_file(const char *path, bool behind)
{
	char *text;
	int r = -1;

	if (read_unit(path, &text))
		return -1;
	if (strstr(text, "LD_PRELOAD"))
		say("%s: has LD_PRELOAD itself, which the drop-in would replace, or be replaced "
		    "by: add the library there",
		    path);
	else if (behind && empties(text))
		say("%s: an empty Environment= there would take away what the drop-in sets: set "
		    "LD_PRELOAD there",
		    path);
	else if (strstr(text, OURS) && (behind || strstr(text, "UnsetEnvironment")))
		say("%s: has " OURS
		    "* itself, which goes before what the drop-in sets: take it away "
		    "there, or set all of it there",
		    path);
	else
		r = 0;
	if (!r && strstr(text, OURS))
		say("%s: has " OURS "* itself, which holds where the drop-in does not set the same",
		    path);
	free(text);
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

static int check_folder(const char *const *folder, const char *dir, const char *own)
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
		if (!r && strcmp(found[i]->d_name, own) != 0 &&
		    !is_masked(folder, dir, found[i]->d_name))
			r = check_file(file, strcmp(found[i]->d_name, own) > 0);
		free(file);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	free(path);
	return r;
}

/* Takes dir. */
static int check_dropins(char *dir, const char *own)
{
	const char *const *folder;
	int r = 0;

	for (folder = folders; !r && *folder; folder++)
		r = check_folder(folder, dir, own);
	free(dir);
	return r;
}

/* Of a-b@i.service: a-b@i, a-b@, a-@i, a-@ and a-; then what all services have. */
static int check_all_dropins(const char *unit, const char *own)
{
	const char *at = strchrnul(unit, '@'), *tail = *at ? at : strrchr(unit, '.');
	int whole = (int)(tail - unit), n = whole, r = 0;

	while (!r && n) {
		r = check_dropins(must_printf("%.*s%s", n, unit, tail), own);
		if (!r && *at)
			r = check_dropins(must_printf("%.*s@.service", n, unit), own);
		if (!r && *at && n < whole)
			r = check_dropins(must_printf("%.*s.service", n, unit), own);
		for (n--; n && unit[n - 1] != '-'; n--)
			;
	}
	return r ? r : check_dropins(must_dup("service"), own);
}

int units_check(const char *unit, const char *own)
{
	char *path = file_of(unit);
	int r = -1;

	if (!path)
		say("%s: no such unit in " UNITS_OWN
		    ", /run/systemd/system, /usr/lib/systemd/system",
		    unit);
	else if (!check_unmasked(unit, path) && !check_file(path, false))
		r = check_all_dropins(unit, own);
	free(path);
	return r;
}
