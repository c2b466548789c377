/*
 * base.h: what every file of the command may use: exit statuses, the one way to
 * talk to the user, and allocation.
 */
#ifndef FDF_BASE_H
#define FDF_BASE_H

#include <stddef.h>

/* Own failures, as env(1), nice(1) and timeout(1) have them. */
enum {
	EXIT_OWN = 125,	     /* fdfence itself failed or was misused */
	EXIT_NOEXEC = 126,   /* the command was found and could not be executed */
	EXIT_NOTFOUND = 127, /* the command was not found */
};

/* "fdfence: MESSAGE\n" on stderr, in one write where it fits 1 KiB. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Allocation that cannot fail: each ends the program with a message and EXIT_OWN
 * instead of returning NULL.  Nothing in tools/ allocates in another way, so that
 * no function of the command has "no memory" among its results.
 */
void *must_alloc(size_t size); /* zeroed */
/* The end of it, for what others allocate. */
void out_of_memory(void) __attribute__((noreturn));
char *must_dup(const char *s);
char *must_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
