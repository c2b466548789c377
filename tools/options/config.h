/*
 * config.h: options, profile and environment gathered into settings, and
 * settings handed on to the command that is run.
 *
 * An option goes before the profile, the profile before a variable FDFENCE_*
 * that fdfence was started with, that before the default.  RULES, RULES_FILE,
 * --rule, --rules and the rules of a profile are one setting in this order.
 */
#ifndef FDF_CONFIG_H
#define FDF_CONFIG_H

#include <stdbool.h>

#include "tools/options/options.h"
#include "preload/core/settings.h"

#define CONFIG_SETTINGS 16 /* more than core/settings.h has names */

enum config_format { FORMAT_TEXT, FORMAT_JSON };
enum config_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct config {
	char *value[CONFIG_SETTINGS]; /* by the index of fdf_settings_name(); NULL: not set here */
	char *profile;
	bool inherit, explain, seal, gen_suppressions, quiet, verbose, log;
	int error_exitcode;
	int format, color;	      /* enum config_format, enum config_color */
	const char *output;	      /* --output, NULL: stderr */
	struct fdf_settings settings; /* what holds in the end, after config_finish() */
	char *cmd_path;		      /* set by launch_prepare() */
};

void config_init(struct config *c);
void config_free(struct config *c);

/* For options_parse(): ctx is a struct config.  Returns 0, or -1 after a message. */
int config_take(void *ctx, const struct option_row *row, const char *arg);

/* Set setting name, whatever an option said before.  Returns 0, or -1 after a message. */
int config_set(struct config *c, const char *name, const char *value, const char *where);

/* The same, but behind what is there with sep between: KEEP with commas, RULES with newlines. */
int config_append(struct config *c, const char *name, char sep, const char *value,
		  const char *where);

/*
 * Add the profile and the environment and fill in c->settings.
 * Returns 0, or -1 after a message that names the place.
 */
int config_finish(struct config *c);

/* Put what was set by option and profile into this process's environment. */
void config_export(const struct config *c);

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
