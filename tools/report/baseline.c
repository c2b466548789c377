/*
 * baseline.c: the leaks that are known.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/aside.h"
#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/inputs.h"
#include "tools/base/target.h"
#include "tools/report/baseline.h"
#include "tools/report/entry.h"

static const char first_head[] =
	"# Leaks of descriptors that are known: fdfence check --baseline. One a line; what stands "
	"here fails no job.\n\n";

struct baseline {
	char *path, *head, *tail; /* comments before the first and behind the last entry */
	struct entry *entries;
	size_t n, room;
};

static struct entry *add_entry(struct baseline *b)
{
	if (b->n == b->room) {
		struct entry *more = must_alloc((2 * b->room + 16) * sizeof(*more));

		if (b->n)
			memcpy(more, b->entries, b->n * sizeof(*more));
		free(b->entries);
		b->entries = more;
		b->room = 2 * b->room + 16;
	}
	return &b->entries[b->n++];
}

static int take_line(struct baseline *b, char *line, unsigned number, char **above)
{
	struct entry *e;
	char *longer;
	int bad;

	line += strspn(line, " \t");
	if (!*line || *line == '#') {
		/* What a blank line ends at the top belongs to the file. */
		if (!*line && !b->n && !*b->head) {
			free(b->head);
			b->head = **above ? must_printf("%s\n", *above) : must_dup("");
			free(*above);
			*above = must_dup("");
		}
		longer = *line ? must_printf("%s%s\n", *above, line) : must_dup(*above);
		free(*above);
		*above = longer;
		return 0;
	}
	e = add_entry(b);
	bad = entry_parse(e, line, b->path, number);
	e->above = *above;
	*above = must_dup("");
	return bad;
}

static int read_lines(struct baseline *b, FILE *in)
{
	char *line = NULL, *above = must_dup("");
	size_t cap = 0;
	ssize_t len;
	unsigned number = 0;
	int bad = 0;

	while (!bad && (len = getline(&line, &cap, in)) >= 0) {
		number++;
		while (len && line[len - 1] && strchr("\r\n\t ", line[len - 1]))
			line[--len] = '\0';
		if (strlen(line) != (size_t)len) {
			say("%s:%u: expected text, and there is a NUL byte", b->path, number);
			bad = -1;
			break;
		}
		bad = take_line(b, line, number, &above);
	}
	if (!bad && ferror(in)) {
		say("--baseline %s: %s", b->path, strerror(errno));
		bad = -1;
	}
	free(line);
	free(b->tail);
	b->tail = above;
	return bad;
}

/* Can it be written, once CMD has run?  NULL, or what is wrong. */
static const char *try_update(const char *path)
{
	struct aside to;
	const char *wrong = aside_open(&to, path, TARGET_ITSELF);

	if (!wrong)
		aside_abandon(&to);
	return wrong;
}

/*
 * What to read: a file or, to be read alone, a descriptor of ours, as of <(...).  -1 and *wrong; -1
 * and *wrong NULL: it is to be made.
 */
static int open_old(const char *path, bool may_be_new, const char **wrong)
{
	bool named = descriptor_named(path) >= 0;
	/* Not to wait for the other end of a FIFO. */
	int fd = target_open_path(path, may_be_new ? TARGET_ITSELF : TARGET_FOLLOWED,
				  O_RDONLY | O_NONBLOCK, 0, wrong);
	struct stat st;

	if (fd >= 0 && !named && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		*wrong = "it is not a regular file";
		close(fd);
		return -1;
	}
	if (fd < 0 && errno == ENOENT)
		*wrong = may_be_new ? NULL
				    : "no such file; --update-baseline makes one of what leaks now";
	return fd;
}

struct baseline *baseline_read(const char *path, bool may_be_new)
{
	const char *wrong;
	int fd = open_old(path, may_be_new, &wrong), bad;
	struct baseline *b;
	FILE *in;

	inputs_add("--baseline", path);
	if (!wrong && may_be_new)
		wrong = try_update(path);
	if (wrong) {
		say("--baseline %s: %s", path, wrong);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	b = must_alloc(sizeof(*b));
	*b = (struct baseline){ .path = must_dup(path), .tail = must_dup("") };
	b->head = must_dup(fd < 0 ? first_head : "");
	if (fd < 0)
		return b;
	in = fdopen(fd, "r");
	if (!in)
		out_of_memory();
	bad = read_lines(b, in);
	fclose(in);
	if (!bad)
		return b;
	baseline_free(b);
	return NULL;
}

void baseline_free(struct baseline *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++)
		entry_free(&b->entries[i]);
	free(b->entries);
	free(b->path);
	free(b->head);
	free(b->tail);
	free(b);
}

bool baseline_knows(void *baseline, const struct cause *c)
{
	struct baseline *b = baseline;
	char *text = entry_text(c);
	struct entry_facts f;
	bool known = false, listed = !*text;

	entry_facts_of(&f, c);
	for (size_t i = 0; i < b->n && *text; i++) {
		struct entry *e = &b->entries[i];
		bool same = !strcmp(e->text, text);

		listed |= same;
		if (!e->line || (!same && !entry_fits(e, &f)))
			continue;
		e->used = true;
		known = true;
	}
	entry_facts_free(&f);
	if (known || listed) {
		free(text);
		return known;
	}
	*add_entry(b) = (struct entry){
		.text = text, .comment = must_dup(""), .above = must_dup(""), .used = true
	};
	return false;
}

char **baseline_gone(const struct baseline *b)
{
	char **list = must_alloc((b->n + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		if (!b->entries[i].used)
			list[n++] = must_printf("%s:%u: %s", b->path, b->entries[i].line,
						b->entries[i].text);
	return list;
}

static int by_text(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int r = strcmp(x->text, y->text);

	/* Of two that are alike the one that was there, and has the comment, comes first. */
	return r ? r : (x->line ? x->line : ~0u) < (y->line ? y->line : ~0u) ? -1 : 1;
}

/* What leaks in programs that were not seen may be there still. */
static bool may_still_leak(const struct entry *e, const struct report *r)
{
	for (size_t i = 0; i < r->nuncovered; i++)
		if (entry_is_of(e, r->uncovered[i]->path))
			return true;
	return false;
}

static void put_entries(const struct baseline *b, bool keep_gone, const struct report *r, FILE *out)
{
	const char *last = "";

	fputs(b->head, out);
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entries[i];

		if ((!e->used && !keep_gone && !may_still_leak(e, r)) ||
		    (!strcmp(last, e->text) && !*e->comment))
			continue;
		fprintf(out, "%s%s%s%s\n", e->above, e->text, *e->comment ? "  " : "", e->comment);
		last = e->text;
	}
	fputs(b->tail, out);
}

static bool has_entry(const struct baseline *b, const char *text)
{
	for (size_t i = 0; i < b->n; i++)
		if (!strcmp(b->entries[i].text, text))
			return true;
	return false;
}

/* Another fdfence has it for a moment; a job that serialises itself with flock(1), until we end. */
static void lock(int folder, const char *path)
{
	enum { QUIET = 20, TRIES = 100 }; /* of 50 ms */
	const struct timespec pause = { .tv_nsec = 50000000 };

	for (int i = 0; i < TRIES && flock(folder, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
	     i++) {
		if (i == QUIET)
			say("--update-baseline: %s: its folder is locked by another (flock); in "
			    "4 s it is written without the lock",
			    path);
		nanosleep(&pause, NULL);
	}
}

/*
 * Others may have written it while CMD ran, and may now: what they have added stays.  The lock is on
 * the folder, since the file is replaced; where it cannot be had the last one to write wins.
 * -1 after a message: what is there now cannot be read.
 */
static int take_others(struct baseline *b, int *folder)
{
	struct baseline *now;
	struct target t;

	*folder = -1;
	if (!target_find(&t, b->path, TARGET_ITSELF)) {
		*folder = openat(t.folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		target_drop(&t);
	}
	if (*folder >= 0)
		lock(*folder, b->path);
	now = baseline_read(b->path, true);
	for (size_t i = 0; now && i < now->n; i++)
		if (!has_entry(b, now->entries[i].text)) {
			*add_entry(b) = now->entries[i];
			b->entries[b->n - 1].used = true;
			now->entries[i] = (struct entry){ 0 };
		}
	baseline_free(now);
	return now ? 0 : -1;
}

static int write_anew(struct baseline *b, bool keep_gone, const struct report *r)
{
	struct aside to;
	const char *wrong = aside_open(&to, b->path, TARGET_ITSELF);

	if (!wrong) {
		if (b->n)
			qsort(b->entries, b->n, sizeof(*b->entries), by_text);
		put_entries(b, keep_gone, r, to.file);
		wrong = aside_close(&to);
	}
	if (wrong)
		say("--update-baseline: %s: %s; it is as it was", b->path, wrong);
	return wrong ? -1 : 0;
}

int baseline_update(struct baseline *b, bool keep_gone, const struct report *r)
{
	int folder, bad = take_others(b, &folder) || write_anew(b, keep_gone, r);

	if (folder >= 0)
		close(folder);
	return bad ? -1 : 0;
}
