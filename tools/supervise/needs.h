/*
 * needs.h: may a supervisor do what it has to?  A filter above may kill it for a call that it makes at some
 * later exec, or deny it what it answers by.
 */
#ifndef FDF_SUPERVISE_NEEDS_H
#define FDF_SUPERVISE_NEEDS_H

/*
 * Tries each call once that fdfence has not made before, in a child: NULL, or why it cannot be done, to be
 * freed.  asker: a socket to a process under the filter that has made needs_ask(), and then says a word
 * there.  Its call is answered.
 */
char *needs_try(int listener, int asker);

/* Make a call that is notified, and that does nothing. */
void needs_ask(void);

#endif
