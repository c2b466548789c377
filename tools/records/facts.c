/*
 * facts.c: one descriptor that was looked at, read as a record's.
 */
#include "preload/core/record.h"
#include "tools/records/facts.h"

/* A path of 4096 bytes is a quarter of a record at most (fdf_record_fd()), four bytes each. */
#define ROOM (1 << 16)

void rec_facts(struct rec_facts *to, const struct fdf_fd *d, const struct fdf_decision *v)
{
	char buf[ROOM];
	struct fdf_record r = { .buf = buf, .cap = sizeof(buf) };
	json_error_t e;

	fdf_record_fd(&r, d, v);
	to->root = json_loadb(r.buf, r.len, 0, &e);
	to->fd = (struct rec_fd){ 0 };
	rec_read_fd(&to->fd, to->root);
}

void rec_facts_free(struct rec_facts *f)
{
	json_decref(f->root);
}
