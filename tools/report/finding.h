/*
 * finding.h: a cause in words that stay the same from run to run and from machine to machine.
 */
#ifndef FDF_FINDING_H
#define FDF_FINDING_H

#include "tools/report/causes.h"

/*
 * What a name has of one run alone becomes a star: below /tmp, /var/tmp, /dev/shm, /run and $TMPDIR
 * and in abstract addresses each number, and each word of six letters and digits or more, which is
 * what mkstemp(3), mktemp(1) and their like make.  Plain text; the caller frees.
 */
char *finding_stable(const char *plain);

/*
 * 32 hexadecimal digits of the base names of both programs, type, access and the stable target: no
 * process, number, inode or temporary name is in them.  The caller frees.
 */
char *finding_print(const struct cause *c);

/*
 * As finding_stable(), of a text that begins with the name of a file: below the current directory as
 * "./", so that it is the same in every checkout.  The caller frees.
 */
char *finding_place(const char *plain);

/* As many digits of n texts.  The caller frees. */
char *finding_digest(const char *const *parts, size_t n);

/*
 * A rule with the verdict report that fits this leak in the next run, too: stars as in
 * finding_stable() and for the number of the process that leaks, and "./" for the current
 * directory, whose other names stay.  A socket that no rule has a name for gets "what=", as in
 * tools/report/entry.h.  "" for what is not known.  The caller frees.
 */
char *finding_rule(const struct cause *c);

/* The current directory as a pattern, without a slash at its end; NULL: it has no name. */
char *finding_here(void);

/* "listener leaks from php8.2 into dash".  The caller frees. */
char *finding_title(const struct cause *c);

/*
 * "/usr/bin/php8.2 leaks descriptor 4 (listener, tcp 127.0.0.1:80) into /usr/bin/dash, 2 times: it
 * can take connections, and keeps the address in use", and behind that where it was opened, if
 * that is known.  The caller frees.
 */
char *finding_message(const struct cause *c);

/*
 * The source or script that opened it, whose line is c->origin.line: from the current directory,
 * where it lies below that, since there a job in CI has its sources.  "": not known.  The caller
 * frees.
 */
char *finding_source(const struct cause *c);

/* Behind the last slash; "?" for a program whose name is not known. */
const char *finding_program(const char *path);

/* "3,5,7+": '+' for numbers beyond CAUSE_FDS.  The caller frees. */
char *finding_numbers(const struct cause *c);

#endif
