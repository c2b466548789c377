/*
 * files.c: the files of records that somebody names.
 */
#include <ctype.h>
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

/* What stands behind the last SUFFIX of a name and the number of a rotated file; NULL: no SUFFIX. */
static const char *behind(const char *name, const char *suffix)
{
	const char *s = strstr(name, suffix), *next;

	while (s && (next = strstr(s + 1, suffix)))
		s = next;
	if (!s)
		return NULL;
	s += strlen(suffix);
	if (*s == '.' && isdigit((unsigned char)s[1]))
		s += 1 + strspn(s + 1, "0123456789");
	return s;
}

static bool begins_with_a_record(const char *path)
{
	static const char first[] = "{\"fdfence\":1,\"event\":";
	char head[sizeof(first) - 1];
	int fd = descriptor_open(path, O_RDONLY | O_NONBLOCK, 0);
	bool r = fd >= 0 && read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) &&
		 !memcmp(head, first, sizeof(head));

	if (fd >= 0)
		close(fd);
	return r;
}

/* *.jsonl, also packed; *.log and *.json are others' names, too, so their first bytes decide. */
static bool is_ours(const char *name, const char *path)
{
	static const struct {
		const char *suffix, *packed;
		bool may_be_others;
	} names[] = {
		{ ".jsonl", "", false }, { ".jsonl", ".gz", false }, { ".jsonl", ".zst", false },
		{ ".log", "", true },	 { ".json", "", true },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *s = behind(name, names[i].suffix);

		if (s && !strcmp(s, names[i].packed))
			return !names[i].may_be_others || begins_with_a_record(path);
	}
	return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_below(struct files *f, const char *path)
{
	FTS *fts = fts_open((char *[]){ (char *)path, NULL },
			    FTS_COMFOLLOW | FTS_LOGICAL | FTS_NOCHDIR, by_name);
	size_t before = f->n;
	FTSENT *e;

	if (!fts)
		out_of_memory();
	while ((e = fts_read(fts))) {
		if (e->fts_info == FTS_F && is_ours(e->fts_name, e->fts_path))
			add(f, e->fts_path);
		if (e->fts_info != FTS_DNR && e->fts_info != FTS_ERR)
			continue;
		say("report %s: %s", e->fts_path, strerror(e->fts_errno));
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
	return 0;
}

void files_free(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->path[i]);
	free(f->path);
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

static int read_one(const char *path, struct merge *m, unsigned long *skipped)
{
	unsigned long bad = 0;
	struct lines l;
	const char *line;
	enum lines_got got;
	size_t len;
	int fd = open_one(path);
	bool torn;

	if (fd < 0)
		return -1;
	inputs_add("what is reported on", strcmp(path, "-") ? path : "/dev/stdin");
	merge_file(m);
	lines_open(&l, fd);
	while ((got = lines_next(&l, &line, &len)) == LINES_LINE || got == LINES_TOO_LONG) {
		if (got == LINES_TOO_LONG)
			tell(path, l.number, "longer than 1 MiB", &bad);
		else if (len)
			tell(path, l.number, merge_take(m, line, len, &torn), &bad);
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
	for (size_t i = 0; i < f->n; i++)
		if (read_one(f->path[i], m, skipped))
			return -1;
	return 0;
}
