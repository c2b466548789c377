/*
 * system.c: fdfence system: the fence for every program of a machine, or for one service.
 *
 *	fdfence system enable|disable|status|reload
 *	fdfence system unit NAME [--profile P] [--remove]
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/commands/command.h"
#include "tools/options/config.h"
#include "tools/system/enabled.h"
#include "tools/system/library.h"
#include "tools/system/list.h"
#include "tools/system/log.h"
#include "tools/system/place.h"
#include "tools/system/settings.h"
#include "tools/system/trial.h"
#include "tools/system/unit.h"

enum { OPT_ROOT = OPT_OWN, OPT_LIBRARY, OPT_REMOVE };

#define WORDS_MAX   2 /* the action, and the name of a unit */
#define NOT_ENABLED 1 /* exit status */

struct request {
	struct config config;
	char *root;    /* NULL: this machine's own */
	char *library; /* its path */
	bool for_unit; /* an option that only a unit has */
	bool remove;
	int machine; /* "/" before chroot() */
};

static int refuse_preload(const char *path)
{
	if (path[0] == '/' && !strpbrk(path, " \t\n:#"))
		return 0;
	say("%s: expected a path that starts with '/', without white space, ':' and '#': the "
	    "loader "
	    "takes these for the end of a name",
	    path);
	return -1;
}

/* The folder of the machine's root that is meant; from here on "/" is there. */
static int enter(struct request *r)
{
	char *found = r->library ? must_dup(r->library) : paths_shim();

	free(r->library);
	r->library = found ? found : must_dup("/usr/lib/fdfence/libfdfence.so");
	r->machine = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->root && (chroot(r->root) || chdir("/"))) {
		say("--root %s: %s", r->root, strerror(errno));
		return -1;
	}
	return refuse_preload(r->library);
}

/* len bytes of them hold for what starts from now on. */
static void tell_set(size_t len)
{
	if (len)
		puts(SETTINGS_FILE " and " SETTINGS_FOLDER " are in force");
	else if (settings_are_there())
		puts("settings are the defaults: " SETTINGS_FILE " and " SETTINGS_FOLDER
		     " set nothing");
	else
		puts("settings are the defaults: there is no " SETTINGS_FILE);
}

/* ... or will, where what every program has does not hold: as status says it. */
static int tell_reloaded(size_t len)
{
	char *name;
	enum enabled now = enabled_look(&name);

	free(name);
	if (now == ENABLED || now == ENABLED_NOT)
		tell_set(len);
	if (now == ENABLED_NOT)
		puts("not enabled: programs have them from fdfence system enable on");
	else if (now != ENABLED)
		say("the settings were taken, and are in force for every program once that is "
		    "mended");
	return now == ENABLED || now == ENABLED_NOT ? 0 : -1;
}

static int reload(struct request *r, const char *none)
{
	size_t len;
	char *text = settings_read(&len);
	int result = -1;

	(void)r;
	(void)none;
	if (text && !log_ready(text, len, true) && !settings_write(text, len))
		result = tell_reloaded(len);
	free(text);
	return result ? EXIT_OWN : 0;
}

/* The settings go first: what starts in between has them.  Both are put there, or neither. */
static int put_both(const struct place *p, const struct ground *g)
{
	size_t len;
	char *old = settings_in_force(&len);
	int r = old ? settings_write(g->settings, g->settings_len) : -1;

	if (!r && place_put(p, g->text, g->len, false)) {
		r = -1;
		if (settings_write(old, len))
			say("%s has the new settings all the same", FDF_MACHINE_SETTINGS);
	}
	free(old);
	return r;
}

/* Nothing is changed before all has been tried. */
static int put(struct request *r, struct place *p, const char *name)
{
	char *rescue = library_rescue(r->library);
	char *text = must_alloc(p->len + strlen(name) + 2), *settings;
	size_t len = list_with(p->text, p->len, name, text);
	struct ground ground = {
		.machine = r->machine,
		.root = r->root ? r->root : "/",
		.name = name,
		.library = r->library,
		.text = text,
		.len = len,
	};
	int result;

	ground.settings = settings = settings_read(&ground.settings_len);
	result = settings ? trial(&ground, rescue) : -1;
	if (result || log_ready(settings, ground.settings_len, true) || put_both(p, &ground)) {
		say("%s is as it was", PRELOAD_FILE);
		result = -1;
	} else {
		tell_set(ground.settings_len);
		printf("enabled: %s, in %s\n"
		       "programs that start from now on are fenced; to end this: fdfence system "
		       "disable,\nand where nothing starts any more: %s\n",
		       name, PRELOAD_FILE, rescue);
	}
	free(rescue);
	free(settings);
	free(text);
	return result;
}

static int enable(struct request *r, const char *none)
{
	char *name = library_name(r->library);
	struct place p;
	int result = -1;

	(void)none;
	if (!library_check_all(name, r->library) && !place_open(&p, PRELOAD_FILE)) {
		if (memchr(p.text, '\0', p.len))
			say("%s: has a NUL: expected text; nothing was changed", PRELOAD_FILE);
		else if (enabled_check_file(&p))
			say("nothing was changed");
		else
			result = put(r, &p, name);
		place_close(&p);
	}
	free(name);
	return result ? EXIT_OWN : 0;
}

static int disable(struct request *r, const char *none)
{
	char *name;

	(void)r;
	(void)none;
	if (place_disable(&name))
		return EXIT_OWN;
	if (name)
		printf("disabled: %s is no longer in %s; what runs keeps the fence until it ends\n",
		       name, PRELOAD_FILE);
	else
		printf("%s does not name the library: nothing was changed\n", PRELOAD_FILE);
	free(name);
	return 0;
}

static int tell_settings(void)
{
	size_t len, len_now;
	char *text = settings_read(&len), *now = settings_in_force(&len_now);
	int r = settings_hold() || !text || !now || log_ready(text, len, false) ? -1 : 0;

	if (!r && (len != len_now || memcmp(text, now, len) != 0))
		puts("settings: " SETTINGS_FILE " or " SETTINGS_FOLDER
		     " has changed; fdfence system reload puts it in force");
	free(text);
	free(now);
	return r;
}

static int status(struct request *r, const char *none)
{
	int result = NOT_ENABLED;
	enum enabled now;
	char *name;
	size_t n;

	(void)r;
	(void)none;
	now = enabled_look(&name);
	if (now == ENABLED_UNKNOWN)
		return EXIT_OWN;
	if (now == ENABLED_NOT) {
		puts("not enabled");
		free(settings_read(
			&n)); /* says what is wrong with them: enable would not take them */
	} else {
		printf("enabled: %s\n", name);
		result = tell_settings() || now == ENABLED_BROKEN ? EXIT_OWN : 0;
	}
	free(name);
	return result;
}

static int unit(struct request *r, const char *name)
{
	const char *log;

	if (r->remove)
		return unit_remove(name) ? EXIT_OWN : 0;
	log = config_get(&r->config, "LOG");
	if (library_check_own(r->library) || (log && log_check_name(log)))
		return EXIT_OWN;
	return unit_write(&r->config, name, r->library) ? EXIT_OWN : 0;
}

static const struct {
	const char *name;
	int (*run)(struct request *r, const char *unit);
	bool reads; /* and changes nothing */
} actions[] = {
	{ "enable", enable, false }, { "disable", disable, false }, { "status", status, true },
	{ "reload", reload, false }, { "unit", unit, false },
};

#define NACTIONS (sizeof(actions) / sizeof(actions[0]))

static const char *action(unsigned i)
{
	return i < NACTIONS ? actions[i].name : NULL;
}

static int act(struct request *r, char *const words[], size_t n)
{
	bool is_unit = !strcmp(words[0], "unit");
	size_t i;

	for (i = 0; i < NACTIONS && strcmp(words[0], actions[i].name) != 0; i++)
		;
	if (i == NACTIONS) {
		say("system '%s': expected enable, disable, status, reload or unit", words[0]);
		return EXIT_OWN;
	}
	if (n != (is_unit ? 2 : 1)) {
		say(is_unit ? "system %s: expected the name of a service behind it"
			    : "system %s: expected nothing behind it",
		    words[0]);
		return EXIT_OWN;
	}
	if (!is_unit && r->for_unit) {
		say("system %s: only a unit has settings and --remove; those of the machine are "
		    "in " SETTINGS_FILE,
		    words[0]);
		return EXIT_OWN;
	}
	if (!actions[i].reads && geteuid()) {
		say("system %s: only root may change files of the system", words[0]);
		return EXIT_OWN;
	}
	if ((is_unit && config_finish(&r->config)) || enter(r))
		return EXIT_OWN;
	if (!actions[i].reads)
		place_lock();
	return actions[i].run(r, words[1]);
}

static const struct option_row own_rows[] = {
	{ .id = OPT_ROOT,
	  .name = "root",
	  .arg = "DIR",
	  .values = VALUES_FILE,
	  .help = "of the system whose root is DIR, instead of this one" },
	{ .id = OPT_LIBRARY,
	  .name = "library",
	  .arg = "PATH",
	  .values = VALUES_FILE,
	  .help = "of libfdfence.so, as that system sees it" },
	{ .id = OPT_REMOVE, .name = "remove", .help = "unit: take the drop-in away" },
	{ .id = OPT_SETTING,
	  .name = "mode",
	  .arg = "MODE",
	  .values = VALUES_ONE,
	  .words = MODE_WORDS,
	  .setting = "MODE",
	  .help = "unit: what happens to a descriptor that nobody meant" },
	{ .id = OPT_LOG,
	  .name = "log",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "unit: append a record of each exec that has a leak" },
	{ 0 },
};

static const struct option_row *const tables[] = { own_rows, config_policy_rows, NULL };

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	struct request *r = ctx;

	switch (row->id) {
	case OPT_ROOT:
		free(r->root);
		r->root = realpath(arg, NULL);
		if (!r->root)
			say("--root %s: %s", arg, strerror(errno));
		return r->root ? 0 : -1;
	case OPT_LIBRARY:
		free(r->library);
		r->library = must_dup(arg);
		return 0;
	case OPT_REMOVE:
		r->remove = r->for_unit = true;
		return 0;
	default:
		r->for_unit = true;
		return config_take(&r->config, row, arg);
	}
}

static const struct options options = {
	.name = "system",
	.about = "Put the fence around every program of a machine, or around a service",
	.usage = "[OPTIONS] enable|disable|status|reload\n[OPTIONS] unit NAME",
	.needs = "enable, disable, status, reload or unit",
	.rest = action,
	.mixed = true,
	.tables = tables,
	.take = take,
};

/* What is written here is for others: not what the administrator's own shell has. */
static void forget_environment(void)
{
	char *name;
	int i;

	for (i = 0; fdf_settings_name(i); i++) {
		name = must_printf("FDFENCE_%s", fdf_settings_name(i));
		unsetenv(name);
		free(name);
	}
	unsetenv("FDFENCE_RULES_FILE");
}

static int run(int argc, char **argv)
{
	struct request r = { .machine = -1 };
	char *words[WORDS_MAX + 1] = { NULL };
	size_t n;
	int result;

	forget_environment();
	config_init(&r.config);
	result = options_words(&options, argc, argv, &r, words, WORDS_MAX + 1, &n);
	if (result == OPTIONS_CONTINUE)
		result = act(&r, words, n);
	if (r.machine >= 0)
		close(r.machine);
	free(r.root);
	free(r.library);
	config_free(&r.config);
	return result;
}

const struct subcommand command_system = { &options, run };
