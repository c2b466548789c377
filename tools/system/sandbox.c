/*
 * sandbox.c: what the unit of a service keeps from it (systemd.exec(5)).
 *
 * Settings of all files are put together; that a later file takes one back is not looked at:
 * what is refused then is said.  What opens which path again is what systemd 252 does.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/base/base.h"
#include "tools/system/sandbox.h"

#define MAPPED	(1U << LIBRARY_MAPPED)
#define WRITTEN (1U << LOG_WRITTEN)
#define SEEN	(1U << LIBRARY_SEEN | 1U << LOG_SEEN)

/* A setting that is a list of paths or, with a value, a word that stands for some. */
struct rule {
	const char *name, *value, *paths;
	const char *base; /* below which the paths lie */
	unsigned closes, opens;
	bool for_good; /* nothing opens below it */
	bool second;   /* of "FROM:TO" it is TO that the service sees */
};

static const struct rule rules[] = {
	{ "InaccessiblePaths", .closes = SEEN, .for_good = true },
	{ "InaccessibleDirectories", .closes = SEEN, .for_good = true },
	{ "TemporaryFileSystem", .closes = SEEN },
	{ "NoExecPaths", .closes = MAPPED },
	{ "ExecPaths", .opens = MAPPED },
	{ "ReadOnlyPaths", .closes = WRITTEN },
	{ "ReadOnlyDirectories", .closes = WRITTEN },
	{ "ReadWritePaths", .opens = WRITTEN },
	{ "ReadWriteDirectories", .opens = WRITTEN },
	{ "BindPaths", .opens = SEEN | MAPPED | WRITTEN, .second = true },
	{ "BindReadOnlyPaths", .opens = SEEN | MAPPED, .closes = WRITTEN, .second = true },
	{ "LogsDirectory", .base = "/var/log/", .opens = SEEN | WRITTEN },
	{ "StateDirectory", .base = "/var/lib/", .opens = SEEN | WRITTEN },
	{ "CacheDirectory", .base = "/var/cache/", .opens = SEEN | WRITTEN },
	{ "RuntimeDirectory", .base = "/run/", .opens = SEEN | WRITTEN },
	{ "ProtectSystem", "strict", "/", .closes = WRITTEN },
	{ "ProtectSystem", "full", "/etc", .closes = WRITTEN },
	{ "DynamicUser", "yes", "/", .closes = WRITTEN },
	{ "DynamicUser", "yes", "/tmp /var/tmp", .closes = SEEN },
	{ "PrivateTmp", "yes", "/tmp /var/tmp", .closes = SEEN },
	{ "PrivateTmp", "disconnected", "/tmp /var/tmp", .closes = SEEN },
	{ "ProtectHome", "yes", "/home /root", .closes = SEEN, .for_good = true },
	{ "ProtectHome", "tmpfs", "/home /root", .closes = SEEN },
	{ "ProtectHome", "read-only", "/home /root", .closes = WRITTEN },
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

static const char *way_path(const struct sandbox *s, unsigned i)
{
	return i < LOG_SEEN ? s->library : s->log;
}

static void apply(struct sandbox *s, const struct rule *rule, const char *dir, const char *path,
		  const struct assignment *a)
{
	unsigned i;

	for (i = 0; i < SANDBOX_WAYS; i++) {
		size_t n = reaches(dir, way_path(s, i));

		if (n && rule->closes & 1U << i)
			close_way(&s->ways[i], rule->for_good ? SIZE_MAX : n, path, a);
		if (rule->opens & 1U << i)
			open_way(&s->ways[i], n);
	}
}

/* One word of a list: "-" and "+" in front of it say what happens where it is not there. */
static void see_word(struct sandbox *s, const struct rule *rule, char *word, const char *path,
		     const struct assignment *a)
{
	char *colon, *dir;

	word += strspn(word, "-+");
	colon = strchr(word, ':');
	if (colon && rule->second)
		word = colon + 1;
	word[strcspn(word, ":")] = '\0';
	dir = must_printf("%s%s", rule->base ? rule->base : "", word);
	apply(s, rule, dir, path, a);
	free(dir);
}

static void see_list(struct sandbox *s, const struct rule *rule, const char *path,
		     const struct assignment *a)
{
	char *copy = must_dup(rule->value ? rule->paths : a->value), *rest = NULL, *word;

	for (word = strtok_r(copy, " \t\"'", &rest); word; word = strtok_r(NULL, " \t\"'", &rest))
		see_word(s, rule, word, path, a);
	free(copy);
}

/* As systemd reads a boolean. */
static bool is_yes(const char *value)
{
	static const char *const yes[] = { "yes", "y", "true", "t", "on", "1" };
	size_t i;

	for (i = 0; i < COUNT(yes) && strcasecmp(value, yes[i]) != 0; i++)
		;
	return i < COUNT(yes);
}

static bool is_value(const char *written, const char *value)
{
	return !strcmp(value, "yes") ? is_yes(written) : !strcmp(written, value);
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
	for (i = 0; i < COUNT(rules); i++)
		if (!strcmp(a->name, rules[i].name) &&
		    (!rules[i].value || is_value(a->value, rules[i].value)))
			see_list(s, &rules[i], path, a);
}

/* Where two settings name one path, a mount brings back what is hidden; read-only goes before writable. */
static bool is_closed(const struct sandbox *s, unsigned i, size_t opens)
{
	const struct sandbox_way *way = &s->ways[i];
	bool seen = i == LIBRARY_SEEN || i == LOG_SEEN;

	return way->closed && (seen ? way->closes > opens : way->closes >= opens);
}

/* What would open it in a drop-in, or that nothing would.  The caller frees. */
static char *remedy(const struct sandbox *s, unsigned i, const char *unit, const char *path,
		    size_t n)
{
	static const char *const opens[] = { "BindReadOnlyPaths", "ExecPaths", "BindPaths",
					     "ReadWritePaths" };

	if (is_closed(s, i, n))
		return must_dup("take that out there");
	return must_printf("systemctl edit %s, and set %s=%.*s there", unit, opens[i], (int)n,
			   path);
}

static void tell(const struct sandbox *s, unsigned i, const char *unit)
{
	const char *path = way_path(s, i);
	/* of a log its folder, since it may be rotated */
	size_t n = i < LOG_SEEN ? strlen(path) : (size_t)(strrchr(path, '/') - path);
	char *what = remedy(s, i, unit, path, n ? n : 1);

	if (i < LOG_SEEN)
		say("%s: keeps %s from the service, which would start without the fence: %s",
		    s->ways[i].closed, path, what);
	else
		say("%s: keeps the service from writing %s, so that nothing would be recorded: "
		    "name a log in a folder that it may write, or %s",
		    s->ways[i].closed, path, what);
	free(what);
}

int sandbox_check(const struct sandbox *s, const char *unit)
{
	unsigned i;

	if (s->root) {
		say("%s: the service has a root of its own, with other files, so it would start "
		    "without the fence: put %s into that, and set LD_PRELOAD there",
		    s->root, s->library);
		return -1;
	}
	for (i = 0; i < SANDBOX_WAYS; i++)
		if (is_closed(s, i, s->ways[i].opens)) {
			tell(s, i, unit);
			return -1;
		}
	return 0;
}

void sandbox_free(struct sandbox *s)
{
	unsigned i;

	for (i = 0; i < SANDBOX_WAYS; i++)
		free(s->ways[i].closed);
	free(s->root);
}
