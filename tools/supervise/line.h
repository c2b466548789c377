/*
 * line.h: who a process was forked from, in the image that it runs: what they did to a descriptor on
 * purpose goes along.
 */
#ifndef FDF_SUPERVISE_LINE_H
#define FDF_SUPERVISE_LINE_H

#include "tools/supervise/born.h"

#define FOREBEARS 16

struct line {
	bool asked;
	pid_t forebears[FOREBEARS]; /* that still run the image, the nearest first */
	size_t n;
	/*
	 * The last of them, or the process itself, has a parent no more: clock ticks since boot when it was
	 * forked; 0: it is not so.
	 */
	unsigned long long alone;
};

/* Process pid, which runs that image, or has just left it by an exec. */
void line_ask(struct line *l, pid_t pid, const struct born_key *key);

/*
 * Is the process what is left of its image, as a server in the background is: has all that it may have been
 * forked from ended?  Of /proc, all of which it asks.
 */
bool line_is_left(const struct line *l, const struct born_key *key);

/* The signs that f has from them. */
unsigned line_signs(const struct line *l, struct born *b, const struct born_key *key,
		    struct born_fd f);

#endif
