/*
 * sandbox.c: what the unit of a service keeps from it (systemd.exec(5)).
 *
 * Settings of all files are put together; that a later file takes one back is not looked at:
 * what is refused then is said, and ReadWritePaths= opens it in any case.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/base/base.h"
#include "tools/system/sandbox.h"

enum effect { LIBRARY_CLOSES = 1, LIBRARY_OPENS = 2, LOG_CLOSES = 4, LOG_OPENS = 8 };

/* A list of paths, which lie below base; of "FROM:TO" it is TO that the service sees. */
static const struct {
	const char *name, *base;
	unsigned effect;
	bool second;
} lists[] = {
	{ "InaccessiblePaths", "", LIBRARY_CLOSES | LOG_CLOSES, false },
	{ "InaccessibleDirectories", "", LIBRARY_CLOSES | LOG_CLOSES, false },
	{ "TemporaryFileSystem", "", LIBRARY_CLOSES | LOG_CLOSES, false },
	{ "NoExecPaths", "", LIBRARY_CLOSES, false },
	{ "ExecPaths", "", LIBRARY_OPENS, false },
	{ "ReadOnlyPaths", "", LOG_CLOSES, false },
	{ "ReadOnlyDirectories", "", LOG_CLOSES, false },
	{ "ReadWritePaths", "", LOG_OPENS, false },
	{ "ReadWriteDirectories", "", LOG_OPENS, false },
	{ "BindPaths", "", LIBRARY_OPENS | LOG_OPENS, true },
	{ "BindReadOnlyPaths", "", LIBRARY_OPENS, true },
	{ "LogsDirectory", "/var/log/", LOG_OPENS, false },
	{ "StateDirectory", "/var/lib/", LOG_OPENS, false },
	{ "CacheDirectory", "/var/cache/", LOG_OPENS, false },
	{ "RuntimeDirectory", "/run/", LOG_OPENS, false },
};

/* A word that closes a path: NULL stands for every one that is no "no". */
static const struct {
	const char *name, *value, *path;
	unsigned effect;
} words[] = {
	{ "ProtectSystem", "strict", "/", LOG_CLOSES },
	{ "ProtectSystem", "full", "/etc", LOG_CLOSES },
	{ "DynamicUser", NULL, "/", LOG_CLOSES },
	{ "PrivateTmp", NULL, "/tmp", LOG_CLOSES },
	{ "PrivateTmp", NULL, "/var/tmp", LOG_CLOSES },
	{ "ProtectHome", NULL, "/home", LIBRARY_CLOSES | LOG_CLOSES },
	{ "ProtectHome", NULL, "/root", LIBRARY_CLOSES | LOG_CLOSES },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Bytes of dir, 1 for "/", if path lies in it or is it; else 0. */
static size_t reaches(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (!path || !n || strncmp(dir, path, n) != 0)
		return 0;
	return n == 1 || !path[n] || path[n] == '/' ? n : 0;
}

static char *written(const char *path, const struct assignment *a)
{
	return must_printf("%s: %s=%s", path, a->name, a->value);
}

static void close_way(struct sandbox_way *way, size_t n, const char *path,
		      const struct assignment *a)
{
	if (n <= way->closes)
		return;
	free(way->closed);
	way->closed = written(path, a);
	way->closes = n;
}

static void open_way(struct sandbox_way *way, size_t n)
{
	if (n > way->opens)
		way->opens = n;
}

static void apply(struct sandbox *s, unsigned effect, const char *dir, const char *path,
		  const struct assignment *a)
{
	size_t library = reaches(dir, s->library), log = reaches(dir, s->log);

	if (effect & LIBRARY_CLOSES)
		close_way(&s->to_library, library, path, a);
	if (effect & LIBRARY_OPENS)
		open_way(&s->to_library, library);
	if (effect & LOG_CLOSES)
		close_way(&s->to_log, log, path, a);
	if (effect & LOG_OPENS)
		open_way(&s->to_log, log);
}

/* One word of a list: "-" and "+" in front of it say what happens where it is not there. */
static void see_word(struct sandbox *s, size_t row, char *word, const char *path,
		     const struct assignment *a)
{
	char *colon, *dir;

	word += strspn(word, "-+");
	colon = strchr(word, ':');
	if (colon && lists[row].second)
		word = colon + 1;
	word[strcspn(word, ":")] = '\0';
	dir = must_printf("%s%s", lists[row].base, word);
	apply(s, lists[row].effect, dir, path, a);
	free(dir);
}

static void see_list(struct sandbox *s, size_t row, const char *path, const struct assignment *a)
{
	char *copy = must_dup(a->value), *rest = NULL, *word;

	for (word = strtok_r(copy, " \t\"'", &rest); word; word = strtok_r(NULL, " \t\"'", &rest))
		see_word(s, row, word, path, a);
	free(copy);
}

/* As systemd reads a boolean. */
static bool is_no(const char *value)
{
	static const char *const no[] = { "", "no", "n", "false", "f", "off", "0" };
	size_t i;

	for (i = 0; i < COUNT(no) && strcasecmp(value, no[i]) != 0; i++)
		;
	return i < COUNT(no);
}

void sandbox_see(struct sandbox *s, const char *path, const struct assignment *a)
{
	const char *root = a->value + strspn(a->value, "-+");
	size_t i;

	if ((!strcmp(a->name, "RootDirectory") || !strcmp(a->name, "RootImage")) && *root &&
	    strcmp(root, "/") != 0) {
		free(s->root);
		s->root = written(path, a);
	}
	for (i = 0; i < COUNT(lists); i++)
		if (!strcmp(a->name, lists[i].name))
			see_list(s, i, path, a);
	for (i = 0; i < COUNT(words); i++)
		if (!strcmp(a->name, words[i].name) &&
		    (words[i].value ? !strcmp(a->value, words[i].value) : !is_no(a->value)))
			apply(s, words[i].effect, words[i].path, path, a);
}

int sandbox_check(const struct sandbox *s, const char *unit)
{
	int dir = s->log ? (int)(strrchr(s->log, '/') - s->log) : 0;

	if (s->root)
		say("%s: the service has a root of its own, with other files, so it would start "
		    "without the fence: put %s into that, and set LD_PRELOAD there",
		    s->root, s->library);
	else if (s->to_library.closes > s->to_library.opens)
		say("%s: keeps %s from the service, which would start without the fence: "
		    "systemctl edit %s, and set BindReadOnlyPaths=%s and ExecPaths=%s there",
		    s->to_library.closed, s->library, unit, s->library, s->library);
	else if (s->to_log.closes > s->to_log.opens)
		say("%s: keeps the service from writing %s, so that nothing would be recorded: "
		    "name a log in a folder that it may write, or systemctl edit %s, and set "
		    "ReadWritePaths=%.*s there",
		    s->to_log.closed, s->log, unit, dir ? dir : 1, s->log);
	else
		return 0;
	return -1;
}

void sandbox_free(struct sandbox *s)
{
	free(s->root);
	free(s->to_library.closed);
	free(s->to_log.closed);
}
