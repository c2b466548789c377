/*
 * same_record.h: two ways to read a record, which have to agree.
 */
#ifndef FDF_SAME_RECORD_H
#define FDF_SAME_RECORD_H

#include <string.h>

#include "tools/records/quick.h"

#define SAME_TEXT(member)   (!strcmp(a->member, b->member))
#define SAME_NUMBER(member) (a->member == b->member)

static inline bool same_fd(const struct rec_fd *a, const struct rec_fd *b)
{
	return SAME_NUMBER(fd) && SAME_NUMBER(cloexec) && SAME_NUMBER(has_socket) &&
	       SAME_NUMBER(type) && SAME_NUMBER(verdict) && SAME_NUMBER(reason) &&
	       SAME_NUMBER(severity.level) && SAME_NUMBER(severity.danger) &&
	       SAME_NUMBER(severity.at_least) && SAME_TEXT(target) && SAME_TEXT(by) &&
	       SAME_TEXT(why) && SAME_TEXT(asked) && SAME_TEXT(access) && SAME_TEXT(family) &&
	       SAME_TEXT(sock_type) && SAME_TEXT(protocol) && SAME_TEXT(local) && SAME_TEXT(peer);
}

static inline bool same_arguments(const struct rec *quick, const struct rec *b)
{
	json_t *argv = json_loadb(quick->argv_text.s ? quick->argv_text.s : "",
				  quick->argv_text.len, 0, NULL);
	bool same = argv ? json_equal(argv, b->argv) : !b->argv;

	json_decref(argv);
	return same;
}

static inline bool same_record(const struct rec *a, const struct rec *b)
{
	bool same = SAME_NUMBER(event) && SAME_TEXT(source) && SAME_TEXT(time) && SAME_TEXT(host) &&
		    SAME_TEXT(boot_id) && SAME_TEXT(comm) && SAME_TEXT(exe) && SAME_TEXT(into) &&
		    SAME_TEXT(entry) && SAME_TEXT(inexact) && SAME_TEXT(cgroup) &&
		    SAME_NUMBER(pid) && SAME_NUMBER(ppid) && SAME_NUMBER(uid) && SAME_NUMBER(gid) &&
		    SAME_NUMBER(in_child) && SAME_NUMBER(killed) && SAME_NUMBER(more) &&
		    SAME_NUMBER(more_kept) && SAME_NUMBER(dropped) && SAME_NUMBER(error) &&
		    SAME_NUMBER(nfds) && same_arguments(a, b);

	for (size_t i = 0; same && i < a->nfds; i++)
		same = same_fd(&a->fds[i], &b->fds[i]);
	return same;
}

/* What rec_quick() takes rec_read() takes, too, and for the same.  *took: it took it. */
static inline bool reads_the_same(struct quick *q, const char *line, size_t len, bool *took)
{
	struct rec quick, slow;
	const char *why;
	bool same;

	*took = rec_quick(q, &quick, line, len);
	if (!*took)
		return true;
	if (rec_read(&slow, line, len, &why))
		return false;
	same = same_record(&quick, &slow);
	rec_free(&slow);
	return same;
}

#endif
