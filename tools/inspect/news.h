/*
 * news.h: what was not there at the look before.
 */
#ifndef FDF_INSPECT_NEWS_H
#define FDF_INSPECT_NEWS_H

#include "tools/inspect/look.h"

struct news; /* what the look before saw, and what this one has seen so far */

struct news *news_new(void);
void news_free(struct news *n);

/*
 * Leave only those of the process shown that the look before did not see in the same table, under
 * the same number, as the same open for the same; or which have got worse since, are judged in
 * another way, listen now, or have another peer.  What was told of the process counts so, too.
 */
void news_filter(struct news *n, struct inspect_process *x);

/* This look is over. */
void news_turn(struct news *n);

#endif
