/*
 * base.h: what every file of the command may use: exit statuses, the one way to
 * talk to the user, and allocation.  The convention of tools/:
 *
 *   - Memory never fails to a caller.  must_*() end the program with a message
 *     and EXIT_OWN; what libraries and tsearch(3) allocate goes through
 *     out_of_memory() where it is NULL.  No function has "no memory" among its
 *     results, none aborts for it.
 *   - What can fail returns 0, or -1 after a message of its own: whoever failed
 *     has said so, whoever called only goes back.  Outputs are as before then.
 *   - Functions of the way to CMD return an exit status, EXIT_OWN after a message.
 *   - Only main() and out_of_memory() end the program (and children of fork, by
 *     _exit); abort() is for what the code itself contradicts.
 */
#ifndef FDF_BASE_H
#define FDF_BASE_H

#include <stddef.h>

/* Own failures, as env(1), nice(1) and timeout(1) have them. */
enum {
	EXIT_OWN = 125,		/* fdfence itself failed or was misused */
	EXIT_NOEXEC = 126,	/* the command was found and could not be executed */
	EXIT_NOTFOUND = 127,	/* the command was not found */
	EXIT_BY_SIGNAL = 0x100, /* added to 128+n: signal n ended CMD, and ends us (main.c) */
	EXIT_SHOWN = 0xff,	/* what a report says of such a status */
};

/*
 * "fdfence: MESSAGE\n" on stderr, in one write, cut at 1 KiB.  What a terminal
 * would not show as it is becomes \xHH (shown(), terminal.h): one line, no colours.
 */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *must_alloc(size_t size); /* zeroed */
char *must_dup(const char *s);
char *must_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The end for want of memory, of what others allocate. */
void out_of_memory(void) __attribute__((noreturn));

#endif
