/*
 * behind.h: a process of fdfence that stays behind CMD's start.
 */
#ifndef FDF_START_BEHIND_H
#define FDF_START_BEHIND_H

/* Close what CMD got and this process does not need: a lock that it held on to would never be released. */
void behind_let_go(void);

/* Nobody who reads to the end of our input or output waits for this process; its directory is free. */
void behind_silent(void);

#endif
