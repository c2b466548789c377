/*
 * script.h: file and line of the script that runs, from what its interpreter exports.
 *
 * Python (3.8 and later): an audit hook, which the interpreter calls with its lock held just before
 * it opens; the lock is let go when this library's hooks run.  PHP without threads: two functions
 * that only read, and Ruby two that do so for a thread of its own.  Perl writes a message, which
 * takes memory: it is asked where no signal handler is on the stack.  Nothing else is asked, since
 * nothing else can be read without the interpreter's lock or its memory's layout.
 */
#ifndef FDF_ORIGINS_SCRIPT_H
#define FDF_ORIGINS_SCRIPT_H

#include <stdbool.h>

#define SCRIPT_FILE 200 /* bytes with the NUL; the end of a longer name */

struct script {
	unsigned line;
	char file[SCRIPT_FILE]; /* "": none */
};

/* At load. */
void script_open(void);

/*
 * Where the script is whose interpreter makes `call` in this thread.  in_order: no signal handler
 * runs, as stack_take() says.
 */
void script_take(struct script *s, const char *call, bool is_main_thread, bool in_order);

#endif
