/*
 * unit_text.h: the text of a unit file, as systemd reads it (systemd.syntax(7)).
 */
#ifndef FDF_UNIT_TEXT_H
#define FDF_UNIT_TEXT_H

#include <stdbool.h>

struct unit_text {
	char *rest; /* which is taken apart; at first the whole text */
	bool in_service;
};

struct assignment {
	const char *name, *value; /* without white space around them */
};

/*
 * The next assignment of a section [Service]: comments left out, lines that end in a backslash
 * put together with those behind them.  false: there are no more.
 */
bool unit_text_next(struct unit_text *t, struct assignment *a);

#endif
