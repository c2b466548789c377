/*
 * complete.h: the completion of a subcommand's command line, from its table.
 *
 * `fdfence --complete WORD...` prints what the last word may become, one a line,
 * and a tab and its meaning behind it.  The scripts of tools/completion/ ask this
 * and know nothing themselves.  A line that begins with ':' names what the shell
 * knows better: ":files", ":users", ":command N" (a command line of its own from
 * word N on, 0 being the subcommand).
 */
#ifndef FDF_COMPLETE_H
#define FDF_COMPLETE_H

#include <stdbool.h>

#include "tools/options/options.h"

/* words[0] is the subcommand, words[n - 1] what is being typed; n at least 2. */
void options_complete(const struct options *o, int n, char **words);

#endif
