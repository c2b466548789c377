/*
 * baseline.c: the leaks that are known.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preload/core/rules.h"
#include "tools/base/aside.h"
#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/report/baseline.h"
#include "tools/report/finding.h"

static const char first_head[] =
	"# Leaks of descriptors that are known: fdfence check --baseline. One a line; what stands "
	"here fails no job.\n\n";

struct entry {
	char *text;	      /* the rule */
	char *comment;	      /* behind it, from '#' on; "" if there is none */
	char *above;	      /* lines of comments in front of it */
	unsigned line;	      /* 0: new */
	bool used;	      /* a cause fits */
	struct fdf_rule rule; /* points into text */
};

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

/* One rule, with the verdict report; -1 after a message. */
static int parse(const struct baseline *b, struct entry *e, unsigned line)
{
	struct fdf_error err = { .expected = "a rule" };
	int n = fdf_rules_parse(fdf_str(e->text), &e->rule, 1, &err);

	if (n == 1 && e->rule.verdict != FDF_REPORT)
		err = (struct fdf_error){ .expected = "the verdict report" };
	else if (n == 1 && e->rule.fds.s)
		err = (struct fdf_error){ .pos = (size_t)(e->rule.fds.s - e->text),
					  .expected = "no fd=, which changes from run to run" };
	else if (n == 1)
		return 0;
	say("%s:%u: %s: expected %s at column %zu, as in 'report exe=/usr/bin/make into=* "
	    "type=pipe'",
	    b->path, line, e->text, err.expected, err.pos + 1);
	return -1;
}

static int take_line(struct baseline *b, char *line, unsigned number, char **above)
{
	struct entry *e;
	char *longer;

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
	*e = (struct entry){ .text = must_dup(line), .line = number, .above = *above };
	*above = must_dup("");
	if (parse(b, e, number)) {
		e->comment = must_dup("");
		return -1;
	}
	e->comment =
		must_dup(e->text + e->rule.text.len + strspn(e->text + e->rule.text.len, " \t"));
	e->text[e->rule.text.len] = '\0';
	return 0;
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
	const char *wrong = aside_open(&to, path);

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
	int named = may_be_new ? -1 : descriptor_named(path);
	/* Not to wait for the other end of a FIFO. */
	int fd = named >= 0 ? descriptor_copy(named, O_RDONLY)
			    : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
						 (may_be_new ? O_NOFOLLOW : 0));
	struct stat st;

	*wrong = NULL;
	if (fd >= 0 && named < 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		*wrong = "it is not a regular file";
		close(fd);
		return -1;
	}
	if (fd < 0 && !(errno == ENOENT && may_be_new))
		*wrong = errno == ELOOP ? "it is a symbolic link: name the file itself"
			 : errno == ENOENT
				 ? "no such file; --update-baseline makes one of what leaks now"
				 : strerror(errno);
	return fd;
}

struct baseline *baseline_read(const char *path, bool may_be_new)
{
	const char *wrong;
	int fd = open_old(path, may_be_new, &wrong), bad;
	struct baseline *b;
	FILE *in;

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
	for (size_t i = 0; i < b->n; i++) {
		free(b->entries[i].text);
		free(b->entries[i].comment);
		free(b->entries[i].above);
	}
	free(b->entries);
	free(b->path);
	free(b->head);
	free(b->tail);
	free(b);
}

/* A cause as a rule sees it: bytes. */
struct facts {
	struct fdf_exec x;
	struct fdf_fd d;
	char *exe, *into, *target, *local;
};

static struct fdf_str bytes_of(char **to, const char *plain)
{
	*to = must_dup(plain);
	return (struct fdf_str){ *to, rec_unescape(*to) };
}

static void facts_of(struct facts *f, const struct cause *c)
{
	*f = (struct facts){ .d = { .fd = 3, .have = FDF_HAVE_TYPE, .type = (uint8_t)c->type } };
	f->x.exe = bytes_of(&f->exe, c->exe);
	f->x.into = bytes_of(&f->into, c->into);
	f->d.target = bytes_of(&f->target, c->target);
	if (f->d.target.len)
		f->d.have |= FDF_HAVE_TARGET;
	bytes_of(&f->local, c->local);
}

static void facts_free(struct facts *f)
{
	free(f->exe);
	free(f->into);
	free(f->target);
	free(f->local);
}

static bool fits(const struct entry *e, const char *rule, const struct facts *f)
{
	struct fdf_rule r = e->rule;

	if (!strcmp(e->text, rule))
		return true;
	r.addr = (struct fdf_str){ 0 }; /* of which only the text is known here */
	return (!e->rule.addr.s || (*f->local && fdf_glob(e->rule.addr, fdf_str(f->local)))) &&
	       fdf_rule_matches(&r, &f->x, &f->d);
}

bool baseline_knows(void *baseline, const struct cause *c)
{
	struct baseline *b = baseline;
	char *rule = finding_rule(c);
	bool known = false;
	struct facts f;

	facts_of(&f, c);
	for (size_t i = 0; i < b->n && *rule; i++) {
		struct entry *e = &b->entries[i];

		if ((!e->line && strcmp(e->text, rule) != 0) || !fits(e, rule, &f))
			continue;
		e->used = true;
		known |= e->line > 0;
	}
	facts_free(&f);
	if (known || !*rule) {
		free(rule);
		return known;
	}
	*add_entry(b) = (struct entry){
		.text = rule, .comment = must_dup(""), .above = must_dup(""), .used = true
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

static void put_entries(const struct baseline *b, bool keep_gone, FILE *out)
{
	const char *last = "";

	fputs(b->head, out);
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entries[i];

		if ((!e->used && !keep_gone) || (!strcmp(last, e->text) && !*e->comment))
			continue;
		fprintf(out, "%s%s%s%s\n", e->above, e->text, *e->comment ? "  " : "", e->comment);
		last = e->text;
	}
	fputs(b->tail, out);
}

int baseline_update(struct baseline *b, bool keep_gone)
{
	struct aside to;
	const char *wrong = aside_open(&to, b->path);

	if (!wrong) {
		qsort(b->entries, b->n, sizeof(*b->entries), by_text);
		put_entries(b, keep_gone, to.file);
		wrong = aside_close(&to);
	}
	if (wrong)
		say("--update-baseline: %s: %s; it is as it was", b->path, wrong);
	return wrong ? -1 : 0;
}
