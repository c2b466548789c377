/*
 * unseen.h: an exec that a supervisor was asked about and could not look at: the words for it in
 * a record's "inexact".
 */
#ifndef FDF_UNSEEN_H
#define FDF_UNSEEN_H

enum unseen { UNSEEN_TRACED, UNSEEN_NOT_DUMPABLE, UNSEEN_USER, UNSEEN_FOREIGN, UNSEEN_OTHER };

/* Static text for the record. */
const char *unseen_text(enum unseen why);

/* What stands behind "not covered: " in such a text, static; NULL: it is none. */
const char *unseen_why(const char *inexact);

/* Records that did not get here: why, from the errno that their sender met; static text. */
const char *unseen_lost(int error);

#endif
