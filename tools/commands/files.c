/*
 * files.c: the files of records that somebody names.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/inputs.h"
#include "tools/commands/files.h"
#include "tools/commands/rotated.h"
#include "tools/records/lines.h"
#include "tools/records/unpack.h"
#include "tools/report/merge.h"

#define TOLD_MAX 10 /* lines of one file; the rest is counted */

static void add(struct files *f, const char *path)
{
	char **more = reallocarray(f->path, f->n + 2, sizeof(*more));

	if (!more)
		out_of_memory();
	f->path = more;
	f->path[f->n++] = must_dup(path);
	f->path[f->n] = NULL;
}

/* Its first bytes, unpacked. */
static bool begins_with_a_record(const char *path)
{
	static const char first[] = "{\"fdfence\":1,\"event\":";
	int fd = descriptor_open(path, O_RDONLY | O_NONBLOCK, 0);
	struct unpack *from = fd < 0 ? NULL : unpack_open(fd);
	char head[sizeof(first) - 1];
	size_t len = 0;
	ssize_t n = 0;

	while (from && len < sizeof(head) &&
	       (n = unpack_read(from, head + len, sizeof(head) - len)) > 0)
		len += (size_t)n;
	if (from)
		unpack_close(from);
	return len == sizeof(head) && !memcmp(head, first, len);
}

/* A log by its name; *.log, *.json and names that nobody rotates to are others', too, so their first bytes decide. */
static bool is_ours(const char *path)
{
	struct rotated r;

	return rotated_parse(&r, path) &&
	       ((r.known && !r.may_be_others) || begins_with_a_record(path));
}

static void leave_out(struct files *f, const FTSENT *e)
{
	struct rotated r;

	if (e->fts_info == FTS_F && !e->fts_statp->st_size)
		return;
	if (rotated_parse(&r, e->fts_path) && !r.may_be_others) {
		say("report %s: it is named like records, and is none that can be read; left out",
		    e->fts_path);
		f->unread++;
		return;
	}
	if (!f->left_out++)
		f->first_left_out = must_dup(e->fts_path);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* 0, or why this could not be looked at. */
static int add_found(struct files *f, const FTSENT *e)
{
	switch (e->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return e->fts_errno;
	case FTS_F:
		if (is_ours(e->fts_path))
			add(f, e->fts_path);
		else
			leave_out(f, e);
		return 0;
	case FTS_DEFAULT:
	case FTS_SLNONE:
		leave_out(f, e);
		return 0;
	default:
		return 0;
	}
}

static int add_below(struct files *f, const char *path)
{
	FTS *fts = fts_open((char *[]){ (char *)path, NULL },
			    FTS_COMFOLLOW | FTS_LOGICAL | FTS_NOCHDIR, by_name);
	size_t before = f->n;
	FTSENT *e;
	int why;

	if (!fts)
		out_of_memory();
	while ((e = fts_read(fts))) {
		why = add_found(f, e);
		if (!why)
			continue;
		say("report %s: %s", e->fts_path, strerror(why));
		fts_close(fts);
		return -1;
	}
	fts_close(fts);
	if (f->n > before)
		return 0;
	say("report %s: no *.jsonl, *.jsonl.gz or *.jsonl.zst is below it, and no *.log or *.json "
	    "that begins with a record",
	    path);
	return -1;
}

static int open_one(const char *path)
{
	int fd = !strcmp(path, "-") ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
				    : descriptor_open(path, O_RDONLY, 0);

	if (fd < 0)
		say("report %s: %s", path, descriptor_why(path));
	return fd;
}

static int add_word(struct files *f, const char *word)
{
	int fd = open_one(word), list;

	if (fd < 0)
		return -1;
	list = strcmp(word, "-") ? open(word, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	close(fd);
	if (list < 0) {
		add(f, word);
		return 0;
	}
	close(list);
	return add_below(f, word);
}

/* Standard input and other descriptors of ours can be read only once. */
static bool is_again(char *const *words, char *const *word)
{
	int fd = !strcmp(*word, "-") ? STDIN_FILENO : descriptor_named(*word);

	for (; words < word && fd >= 0; words++)
		if (fd == (!strcmp(*words, "-") ? STDIN_FILENO : descriptor_named(*words)))
			return true;
	return false;
}

/* A file in the order of reading: the logs as they were named, of each the oldest part first. */
struct part {
	char *path;
	size_t log; /* the place of the first file of this log */
	size_t place;
	struct rotated r;
	bool is_rotated; /* r is set */
};

static bool same_log(const struct part *a, const struct part *b)
{
	return a->is_rotated && b->is_rotated && a->r.log == b->r.log &&
	       !memcmp(a->path, b->path, a->r.log);
}

static int by_age(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int r = x->log == y->log && x->is_rotated ? rotated_order(&x->r, &y->r) : 0;

	if (x->log != y->log)
		return x->log < y->log ? -1 : 1;
	return r ? r : (x->place > y->place) - (x->place < y->place);
}

static int by_log(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	size_t n = x->r.log < y->r.log ? x->r.log : y->r.log;
	int r = memcmp(x->path, y->path, n);

	if (!r)
		r = (x->r.log > y->r.log) - (x->r.log < y->r.log);
	return r ? r : (x->place > y->place) - (x->place < y->place);
}

static void order(struct files *f)
{
	struct part *all = must_alloc((f->n + 1) * sizeof(*all));

	for (size_t i = 0; i < f->n; i++) {
		all[i] = (struct part){ .path = f->path[i], .place = i };
		all[i].is_rotated = rotated_parse(&all[i].r, f->path[i]);
	}
	qsort(all, f->n, sizeof(*all), by_log);
	for (size_t i = 0; i < f->n; i++)
		all[i].log = i && same_log(&all[i - 1], &all[i]) ? all[i - 1].log : all[i].place;
	qsort(all, f->n, sizeof(*all), by_age);
	for (size_t i = 0; i < f->n; i++)
		f->path[i] = all[i].path;
	free(all);
}

int files_find(struct files *f, char *const *words)
{
	*f = (struct files){ 0 };
	for (char *const *word = words; *word; word++) {
		bool again = is_again(words, word);

		if (again)
			say("report %s: it can be read only once", *word);
		if (!again && !add_word(f, *word))
			continue;
		files_free(f);
		return -1;
	}
	order(f);
	return 0;
}

void files_free(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->path[i]);
	free(f->path);
	free(f->first_left_out);
	*f = (struct files){ 0 };
}

static const char *name_of(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

/* What came of one line. */
static void tell(const char *path, unsigned long number, const char *why, unsigned long *bad)
{
	if (!why)
		return;
	if (++*bad <= TOLD_MAX)
		say("%s:%lu: %s; skipped", name_of(path), number, why);
}

/* Does path go on where before, which was read last or is NULL, ends? */
static bool goes_on(const char *before, const char *path)
{
	struct rotated a, b;

	return before && rotated_parse(&a, before) && rotated_parse(&b, path) && a.log == b.log &&
	       !memcmp(before, path, a.log) && rotated_follows(&a, &b);
}

static int read_one(const char *path, struct merge *m, unsigned long *skipped)
{
	unsigned long bad = 0;
	struct lines l;
	const char *line;
	enum lines_got got;
	size_t len;
	int fd = open_one(path);

	if (fd < 0)
		return -1;
	inputs_add("what is reported on", strcmp(path, "-") ? path : "/dev/stdin");
	lines_open(&l, fd);
	while ((got = lines_next(&l, &line, &len)) == LINES_LINE || got == LINES_TOO_LONG) {
		if (got == LINES_TOO_LONG)
			tell(path, l.number, "longer than 1 MiB", &bad);
		else if (len)
			tell(path, l.number, merge_take(m, line, len), &bad);
	}
	if (bad > TOLD_MAX)
		say("%s: %lu more lines like these; skipped", name_of(path), bad - TOLD_MAX);
	if (got == LINES_FAILED) {
		say("%s:%lu: %s; what comes from here on is not in the report", name_of(path),
		    l.number, unpack_why(l.from));
		bad++;
	}
	lines_close(&l);
	*skipped += bad;
	return 0;
}

int files_read(const struct files *f, struct merge *m, unsigned long *skipped)
{
	*skipped += f->unread;
	for (size_t i = 0; i < f->n; i++) {
		if (!goes_on(i ? f->path[i - 1] : NULL, f->path[i]))
			merge_file(m);
		if (read_one(f->path[i], m, skipped))
			return -1;
	}
	return 0;
}

void files_tell(const struct files *f)
{
	if (f->left_out)
		say("report: %zu file%s left out, which %s no records by name and first bytes: "
		    "%s%s",
		    f->left_out, f->left_out == 1 ? "" : "s", f->left_out == 1 ? "is" : "are",
		    f->first_left_out, f->left_out == 1 ? "" : ", ...");
}
