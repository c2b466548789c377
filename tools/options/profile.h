/*
 * profile.h: named sets of rules and settings, shipped as files.
 *
 * A profile is a rules file that may also hold lines "set NAME=VALUE", NAME as
 * in core/settings.h without RULES.  It lies beside the executable in
 * profiles/NAME.rules, or in ../share/fdfence/profiles (tools/base/paths.h).
 */
#ifndef FDF_PROFILE_H
#define FDF_PROFILE_H

#include <dirent.h>

#include "tools/options/config.h"

/* Name i of the profiles that are there, sorted; NULL behind the last. */
const char *profile_name(unsigned i);

/* Add c->profile behind what options set.  Returns 0, or -1 after a message. */
int profile_apply(struct config *c);

/*
 * Add those of the file path, which has a '/', behind what is set; where ("--profile") is for the
 * message if it cannot be read.  Returns 0, or -1 after a message.
 */
int profile_take(struct config *c, const char *path, const char *where);

/* NAME.rules, and not hidden; for scandir(3). */
int profile_is_rules(const struct dirent *e);

/* The files NAME.rules of dir, sorted, as scandir(3) returns them; the caller frees. */
int profile_files(const char *dir, struct dirent ***found);

/*
 * Split text in place: blank out its set lines and hand each on to set().
 * line is 1-based.  Returns 0, or what set() returned if that was not 0.
 */
int profile_split(char *text,
		  int (*set)(void *ctx, const char *name, const char *value, unsigned line),
		  void *ctx);

#endif
