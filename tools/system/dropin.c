/*
 * dropin.c: the file that `fdfence system unit` writes.
 */
#include <dirent.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/dropin.h"
#include "tools/system/units.h"

#define SYSTEMD_RUNS "/run/systemd/system" /* sd_booted(3) */

void dropin_variable(FILE *to, const char *name, const char *value)
{
	fprintf(to, "Environment=\"%s=", name);
	for (; *value; value++) {
		if (*value == '\n')
			fputs("\\n", to);
		else if (*value == '%')
			fputs("%%", to);
		else if (strchr("\"\\", *value))
			fprintf(to, "\\%c", *value);
		else
			fputc(*value, to);
	}
	fputs("\"\n", to);
}

bool dropin_is_own(const struct place *p)
{
	return !strncmp(p->text, DROPIN_HEADER, strlen(DROPIN_HEADER));
}

static bool has_line(const struct place *p, const char *library)
{
	size_t len;
	char *line = NULL;
	FILE *to = open_memstream(&line, &len);
	bool has;

	if (!to)
		out_of_memory();
	dropin_variable(to, "LD_PRELOAD", library);
	if (fclose(to))
		out_of_memory();
	has = strstr(p->text, line);
	free(line);
	return has;
}

static int take_away(const struct place *p, const char *dir, bool *removed)
{
	const char *unit = strrchr(dir, '/') + 1;

	if (place_put(p, "", 0, true))
		return -1;
	rmdir(dir); /* what else is in it stays */
	printf("removed %s; until systemctl restart %.*s ld.so misses the library in what that "
	       "starts, and says so\n",
	       p->path, (int)(strlen(unit) - strlen(".d")), unit);
	*removed = true;
	return 0;
}

/* One that is not there is nobody's. */
static int forget(const char *dir, const char *library, bool *removed)
{
	char *path = must_printf("%s/" DROPIN_FILE, dir), *real = realpath(path, NULL);
	struct place p;
	int r = 0;

	if (real && place_open(&p, real)) {
		r = -1;
	} else if (real) {
		if (!strcmp(real, path) && dropin_is_own(&p) && has_line(&p, library))
			r = take_away(&p, dir, removed);
		else if (strstr(p.text, library))
			say("%s: names %s, which is being removed, and is not as fdfence system "
			    "unit wrote it: take the name out there",
			    path, library);
		place_close(&p);
	}
	free(path);
	free(real);
	return r;
}

/* A manager that runs would give the variable to what it starts from now on. */
static void reload(void)
{
	int status = -1;
	pid_t pid;

	if (access(SYSTEMD_RUNS, F_OK))
		return;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		execlp("systemctl", "systemctl", "daemon-reload", (char *)NULL);
		_exit(EXIT_OWN);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (status)
		say("systemctl daemon-reload failed: until it is done services start with the "
		    "drop-ins that are gone");
}

int dropin_forget(const char *library)
{
	DIR *d = opendir(UNITS_OWN);
	bool removed = false;
	struct dirent *e;
	char *dir;
	int r = 0;

	if (!d)
		return place_unopened(UNITS_OWN);
	while ((e = readdir(d))) {
		if (fnmatch("*.service.d", e->d_name, 0))
			continue;
		dir = must_printf(UNITS_OWN "/%s", e->d_name);
		r |= forget(dir, library, &removed);
		free(dir);
	}
	closedir(d);
	if (removed)
		reload();
	return r;
}
