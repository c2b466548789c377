/*
 * addressed.h: variables of the environment that name a process by its number, and are for that one alone.
 */
#ifndef FDF_START_ADDRESSED_H
#define FDF_START_ADDRESSED_H

/* Which of them name this process?  Before the first fork: they are meant for the process that becomes CMD. */
void addressed_note(void);

/* In the process that becomes CMD: they name it.  Those that name another stay as they are. */
void addressed_take(void);

#endif
