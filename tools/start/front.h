/*
 * front.h: the front: the process that somebody started, waits for and signals, and whose place CMD shall
 * have.  It is the one that forks first; CMD's parent may be another one behind it.
 */
#ifndef FDF_START_FRONT_H
#define FDF_START_FRONT_H

#include <stdbool.h>

void front_note(void); /* before each fork: the first who calls it is the front */
bool front_is_us(void);
void front_forked(void); /* in each child: it does not hold what tells that the front has ended */

/* Readable or hung up when the front has ended; -1: it is us, or no pipe was to be had. */
int front_end(void);
/* ... has it been killed, or did it end by itself? */
bool front_was_killed(void);

/* CMD goes on, and so shall the front, if it was stopped behind it. */
void front_continue(void);

#endif
