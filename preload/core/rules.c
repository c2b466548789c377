/*
 * rules.c: text to rules, and whether a rule matches.
 *
 * Part of the pure core: no allocation, no statics, no call out.  Parsing runs
 * once, at load; matching runs wherever an exec is judged, a vfork child
 * included.  Rules are views into the text.
 */
#include "rules.h"
#include "glob.h"

struct scan {
	const char *s;
	size_t at, len;
	uint32_t line;
	bool parts; /* no newline in the text: ';' counts as one in messages */
	struct fdf_error *err;
};

static const char verdicts[FDF_VERDICTS][7] = { "none", "keep", "seal", "report", "deny", "abort" };
static const char types[FDF_TYPES][9] = {
	[FDF_UNKNOWN] = "unknown",   [FDF_FILE] = "file",   [FDF_DIR] = "dir",
	[FDF_CHR] = "chr",	     [FDF_BLK] = "blk",	    [FDF_LINK] = "link",
	[FDF_PIPE] = "pipe",	     [FDF_FIFO] = "fifo",   [FDF_SOCKET] = "socket",
	[FDF_LISTENER] = "listener", [FDF_MEMFD] = "memfd", [FDF_ANON] = "anon",
};

const char *fdf_verdict_name(enum fdf_verdict v)
{
	return verdicts[(unsigned)v < FDF_VERDICTS ? v : FDF_NONE];
}

enum fdf_verdict fdf_verdict_from(struct fdf_str name)
{
	int v = FDF_VERDICTS - 1;

	while (v > FDF_NONE && !fdf_str_eq(name, fdf_str(verdicts[v])))
		v--;
	return (enum fdf_verdict)v;
}

const char *fdf_type_name(enum fdf_type t)
{
	return types[(unsigned)t < FDF_TYPES ? t : FDF_UNKNOWN];
}

static bool fail(struct scan *k, size_t pos, const char *expected)
{
	k->err->pos = pos;
	k->err->line = k->line;
	k->err->expected = expected;
	return false;
}

static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n');
}

static bool ends_rule(char c)
{
	return c == '\n' || c == ';';
}

static void skip_blanks(struct scan *k)
{
	while (k->at < k->len && blank(k->s[k->at]))
		k->at++;
}

/* The bytes up to white space or the end of the rule; what a backslash precedes ends nothing. */
static bool word(struct scan *k, struct fdf_str *w)
{
	size_t start = k->at;

	for (; k->at < k->len; k->at++) {
		char c = k->s[k->at];

		if (blank(c) || ends_rule(c))
			break;
		if (c == '#')
			return fail(k, k->at, "white space before '#', or \\# for the byte itself");
		if (c == '\\' && k->at + 1 < k->len && k->s[++k->at] == '\n')
			k->line++;
	}
	*w = (struct fdf_str){ k->s + start, k->at - start };
	return true;
}

/*
 * Step behind a comment and return it, trimmed.  One that stands alone reaches
 * to the end of its line, so that "# keep fd=3; keep fd=4" is wholly a comment;
 * one behind a rule ends at a ';' that no backslash precedes.
 */
static struct fdf_str comment(struct scan *k, bool alone)
{
	size_t start, end;

	k->at++;
	skip_blanks(k);
	start = k->at;
	while (k->at < k->len && k->s[k->at] != '\n') {
		if (k->s[k->at] == ';' && !alone && k->s[k->at - 1] != '\\')
			break;
		k->at++;
	}
	end = k->at;
	while (end > start && blank(k->s[end - 1]))
		end--;
	return (struct fdf_str){ end > start ? k->s + start : NULL, end - start };
}

static bool parse_types(struct scan *k, struct fdf_rule *r, struct fdf_str v)
{
	size_t at = 0, n;

	do {
		struct fdf_str name = { v.s + at, 0 };
		int t = FDF_TYPES - 1;

		for (n = at; n < v.len && v.s[n] != ','; n++)
			name.len++;
		while (t >= 0 && !fdf_str_eq(name, fdf_str(types[t])))
			t--;
		if (t < 0)
			return fail(
				k, (size_t)(name.s - k->s),
				"types (file dir chr blk link pipe fifo socket listener memfd anon "
				"unknown), with commas between them");
		r->types |= (uint16_t)(1U << t);
		if (t == FDF_SOCKET)
			r->types |= 1U << FDF_LISTENER;
		at = n + 1;
	} while (n < v.len);
	return true;
}

static bool parse_value(struct scan *k, struct fdf_str *slot, struct fdf_str v, bool ranges)
{
	size_t base = (size_t)(v.s - k->s);

	if (ranges) {
		if (!fdf_ranges_check(v, k->err))
			return fail(k, base + k->err->pos, k->err->expected);
	} else {
		size_t bad = fdf_glob_check(v);

		if (bad < v.len)
			return fail(k, base + bad,
				    v.s[bad] == '[' ? "a set such as [a-z], with a ']' at its end"
						    : "a byte behind the backslash");
	}
	*slot = v;
	return true;
}

static bool parse_condition(struct scan *k, struct fdf_rule *r, struct fdf_str w)
{
	static const char names[5][6] = { "exe=", "into=", "fd=", "type=", "path=" };
	struct fdf_str *slots = NULL, v = { NULL, 0 };
	size_t pos = (size_t)(w.s - k->s);
	int i;

	for (i = 0; i < 5; i++) {
		size_t n = fdf_str(names[i]).len;

		if (w.len < n || !fdf_str_eq((struct fdf_str){ w.s, n }, fdf_str(names[i])))
			continue;
		v = (struct fdf_str){ w.s + n, w.len - n };
		break;
	}
	if (i == 5)
		return fail(k, pos,
			    "a condition (exe= into= fd= type= path=), # or the rule's end");
	if (!v.len)
		return fail(k, pos + w.len, "a value behind '='");
	switch (names[i][0]) {
	case 'e':
		slots = &r->exe;
		break;
	case 'i':
		slots = &r->into;
		break;
	case 'f':
		slots = &r->fds;
		break;
	case 'p':
		slots = &r->path;
		break;
	}
	if (slots ? slots->s != NULL : r->types != 0)
		return fail(k, pos, "each condition once");
	return slots ? parse_value(k, slots, v, slots == &r->fds) : parse_types(k, r, v);
}

static bool parse_rule(struct scan *k, struct fdf_rule *r)
{
	struct fdf_str w;
	size_t start = k->at;

	*r = (struct fdf_rule){ .line = k->line };
	if (!word(k, &w))
		return false;
	r->verdict = (uint8_t)fdf_verdict_from(w);
	if (r->verdict == FDF_NONE)
		return fail(k, start, "a verdict (keep, seal, report, deny, abort)");
	for (;;) {
		r->text = (struct fdf_str){ k->s + start, k->at - start };
		skip_blanks(k);
		if (k->at == k->len || ends_rule(k->s[k->at]))
			return true;
		if (k->s[k->at] == '#') {
			r->why = comment(k, false);
			return true;
		}
		if (!word(k, &w) || !parse_condition(k, r, w))
			return false;
	}
}

int fdf_rules_parse(struct fdf_str text, struct fdf_rule *rules, int max, struct fdf_error *err)
{
	struct scan k = { text.s, 0, text.len, 1, true, err };
	size_t i;
	int n = 0;

	for (i = 0; i < text.len; i++) {
		if (text.s[i] == '\n')
			k.parts = false;
	}
	*err = (struct fdf_error){ 0 };
	while (skip_blanks(&k), k.at < k.len) {
		char c = k.s[k.at];

		if (ends_rule(c)) {
			k.at++;
			k.line += c == '\n' || k.parts;
		} else if (c == '#') {
			comment(&k, true);
		} else if (n == max) {
			fail(&k, k.at, "fewer rules");
			return -1;
		} else if (!parse_rule(&k, &rules[n++])) {
			return -1;
		}
	}
	return n;
}

unsigned fdf_rule_needs(const struct fdf_rule *rule)
{
	return (rule->types ? FDF_HAVE_TYPE : 0) | (rule->path.s ? FDF_HAVE_TARGET : 0);
}

/* An image that is not known fits no pattern. */
static bool fits_image(struct fdf_str glob, struct fdf_str path)
{
	size_t i = 0;

	if (!glob.s)
		return true;
	while (i < glob.len && glob.s[i] != '/')
		i++;
	return path.len && fdf_glob(glob, i < glob.len ? path : fdf_base(path));
}

bool fdf_rule_matches(const struct fdf_rule *rule, const struct fdf_exec *x, const struct fdf_fd *d)
{
	if (rule->fds.s && !fdf_ranges_have(rule->fds, d->fd))
		return false;
	if (rule->types && !((d->have & FDF_HAVE_TYPE) && (rule->types >> d->type & 1)))
		return false;
	if (!fits_image(rule->exe, x->exe) || !fits_image(rule->into, x->into))
		return false;
	return !rule->path.s || ((d->have & FDF_HAVE_TARGET) && fdf_glob(rule->path, d->target));
}
