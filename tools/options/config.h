/*
 * config.h: options, profile and environment gathered into settings, and
 * settings handed on to the command that is run.
 *
 * An option goes before the profile, the profile before a variable FDFENCE_*
 * that fdfence was started with, that before the default.  --rule, --rules and
 * the rules of a profile are one setting in this order, before which RULES and
 * RULES_FILE of the environment go out of force.
 */
#ifndef FDF_CONFIG_H
#define FDF_CONFIG_H

#include <stdbool.h>

#include "tools/base/filter.h"
#include "tools/base/output.h"
#include "tools/options/options.h"
#include "preload/core/settings.h"

#define MODE_WORDS     "seal report deny abort off" /* of MODE, core/settings.h */
#define SEVERITY_WORDS "low medium high critical"   /* enum fdf_level */

#define CONFIG_SETTINGS 16 /* more than core/settings.h has names */

/* Where a rule was written, for messages. */
struct config_place {
	char *where; /* a path, "--rule", "FDFENCE_RULES" */
	unsigned line;
};

/* Who seals what the library does not reach. */
enum config_supervise { SUPERVISE_NOT, SUPERVISE_ALL, SUPERVISE_AUTO };

struct config {
	char *value[CONFIG_SETTINGS]; /* by the index of fdf_settings_name(); NULL: not set here */
	struct config_place *places;  /* of each rule of RULES in its order */
	size_t nplaces;
	char *profile;
	bool inherit, quiet, verbose;
	bool origins; /* --origins */
	enum config_supervise supervise;
	bool joins;		      /* a supervisor is above already, whose work it is */
	bool sealed;		      /* ... and it seals what the library lets through, too */
	int color;		      /* enum output_color */
	struct filter filter;	      /* --uid, --exe ... */
	const char *output;	      /* --output, NULL: stderr */
	const char *log_group;	      /* --log-group, NULL: none */
	struct fdf_settings settings; /* what holds in the end, after config_finish() */
	struct fdf_settings *asked;   /* ... of which options and the profile say so much */
	char *environment; /* "FDFENCE_KEEP=3, ...": what the environment keeps; NULL: nothing */
	char *cmd_path;	   /* set by launch_prepare() */
};

/* The options that subcommands share, with what config_take() makes of them. */
enum config_option {
	OPT_SETTING = OPT_FIRST, /* a setting of core/settings.h: row->setting */
	OPT_RULE,
	OPT_RULES,
	OPT_PROFILE,
	OPT_LOG,
	OPT_LOG_GROUP,
	OPT_INHERIT,
	OPT_SUPERVISE,
	OPT_ORIGINS,
	OPT_OUTPUT,
	OPT_COLOR,
	OPT_QUIET,
	OPT_VERBOSE,
	OPT_UID,
	OPT_CGROUP,
	OPT_EXE,
	OPT_INTO,
	OPT_TYPE,
	OPT_OWN, /* from here on a subcommand numbers its own */
};

extern const struct option_row config_launch_rows[];	/* --mode --inherit */
extern const struct option_row config_supervise_rows[]; /* --supervise */
extern const struct option_row config_policy_rows[];	/* --keep ... --no-argv: what is meant */
extern const struct option_row config_fence_rows[];	/* --on-error ... --origins */
extern const struct option_row config_log_rows[];	/* --log --log-group --log-what */
extern const struct option_row config_output_rows[];	/* --output --color */
extern const struct option_row config_message_rows[];	/* --quiet --verbose */
extern const struct option_row config_filter_rows[];	/* --uid --cgroup --exe --type */
extern const struct option_row config_into_rows[];	/* --into */

void config_init(struct config *c);
void config_free(struct config *c);

/* For struct options: ctx is a struct config.  Returns 0, or -1 after a message. */
int config_take(void *ctx, const struct option_row *row, const char *arg);

/* One row of the two.  Returns 0, or -1 after a message. */
int filter_take(struct filter *f, const struct option_row *row, const char *arg);

/* Set setting name, whatever an option said before.  Returns 0, or -1 after a message. */
int config_set(struct config *c, const char *name, const char *value, const char *where);

/* What an option set, or the profile once it is added; NULL: none did. */
const char *config_get(const struct config *c, const char *name);

/* As config_set(), but behind what is there with sep between: KEEP with commas, RULES with newlines. */
int config_append(struct config *c, const char *name, char sep, const char *value,
		  const char *where);

/*
 * Add the profile, once: whoever asks with config_get() before config_finish() sees it, too.
 * Returns 0, or -1 after a message.
 */
int config_profile(struct config *c);

/*
 * Add the profile and the environment and fill in c->settings.
 * Returns 0, or -1 after a message that names the place.
 */
int config_finish(struct config *c);

/* Name the variables FDFENCE_* that are no settings, where no shim will do so. */
void config_tell_unknown(void);

/* Put what was set by option and profile into this process's environment. */
void config_export(const struct config *c);

/* Add rules behind those that are there.  Returns 0, or -1 after a message. */
int config_add_rule(struct config *c, const char *text, const char *where);

/*
 * Add the rules of a file, whose text is changed, behind those that are there.
 * Returns 0, or -1 after a message that names path, line and place.
 */
int config_add_rules(struct config *c, char *text, const char *path);

/* The same from a file that was named by where ("--rules"). */
int config_rules_file(struct config *c, const char *path, const char *where);

/* Read a whole file into *text.  Returns 0, or -1 after a message naming where. */
int config_read_file(const char *path, const char *where, char **text);

#endif
