/*
 * quick.h: records as an encoder of ours writes them, without a tree of JSON.
 *
 * rec_read() takes whatever a stranger may send, and says what is wrong with it.  Most lines of a
 * log are none of that: no blank between members, each of them known and there once, text of
 * printable ASCII.  Those are read here, several times as fast and to the same record; of all
 * others nothing is said, and rec_read() is to be asked.
 */
#ifndef FDF_QUICK_H
#define FDF_QUICK_H

#include "tools/records/record_json.h"

/* Room for one record after the other; zeros to begin with. */
struct quick {
	char *text;	    /* a copy of the line, in which texts end */
	size_t size;	    /* of text */
	struct rec_fd *fds; /* the record's */
	size_t nfds;	    /* for which there is room */
};

/*
 * true: *r is what rec_read() makes of the line, which stands alone in it; nothing of it is freed,
 * and it is valid until the next call, as long as line is.  false: ask rec_read().
 */
bool rec_quick(struct quick *q, struct rec *r, const char *line, size_t len);

void quick_free(struct quick *q);

#endif
