/*
 * script.h: file and line of the script that runs, from what its interpreter exports.
 *
 * Python (3.8 and later): an audit hook, which the interpreter calls with its lock held just before
 * it opens; the lock is let go when this library's hooks run.  The hook is set by the interpreter's
 * main thread once that runs: before it is initialised its allocator is not chosen yet.  PHP without
 * threads: two functions that only read, and Ruby two that do so for a thread of its own, which has
 * to hold Ruby's lock or to be its only thread: another's collector moves what they read.  Perl
 * writes a message, which takes memory: it is asked where no signal handler is on the stack.
 * Nothing else is asked, since nothing else can be read without the interpreter's lock or its
 * memory's layout.
 */
#ifndef FDF_ORIGINS_SCRIPT_H
#define FDF_ORIGINS_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#define SCRIPT_FILE 200 /* bytes with the NUL; the end of a longer name */

struct script {
	unsigned line;
	char file[SCRIPT_FILE]; /* "": none */
};

/* At load. */
void script_open(void);

/* Who makes a call: what stack_take() says, and whether in the first thread of the process. */
struct caller {
	const uintptr_t *frames;
	unsigned nframes;
	bool is_main_thread, in_order;
};

/* Where the script is whose interpreter makes `call` in this thread. */
void script_take(struct script *s, const char *call, const struct caller *by);

/* A call of this thread's has opened nothing. */
void script_forget(void);

#endif
