/*
 * rules.c: text to rules, and whether a rule matches.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out.  Parsing runs
 * once, at load; matching runs wherever an exec is judged, a vfork child
 * included.  Rules are views into the text.
 */
#include "preload/core/rules.h"
#include "preload/core/glob.h"
#include "preload/core/names.h"
#include "preload/core/socket.h"

struct scan {
	const char *s;
	size_t at, len;
	uint32_t line;
	bool parts; /* no newline in the text: ';' counts as one in messages */
	struct fdf_error *err;
};

static const char verdicts[FDF_VERDICTS][7] = {
	[FDF_NONE] = "none",	 [FDF_KEEP] = "keep", [FDF_SEAL] = "seal",
	[FDF_REPORT] = "report", [FDF_DENY] = "deny", [FDF_ABORT] = "abort",
};

static const char types[FDF_TYPES][9] = {
	[FDF_UNKNOWN] = "unknown",   [FDF_FILE] = "file",   [FDF_DIR] = "dir",
	[FDF_CHR] = "chr",	     [FDF_BLK] = "blk",	    [FDF_LINK] = "link",
	[FDF_PIPE] = "pipe",	     [FDF_FIFO] = "fifo",   [FDF_SOCKET] = "socket",
	[FDF_LISTENER] = "listener", [FDF_MEMFD] = "memfd", [FDF_ANON] = "anon",
};

enum condition { EXE, INTO, FD, TYPE, PATH, ADDR, CONDITIONS };
static const char conditions[CONDITIONS][5] = {
	[EXE] = "exe",	 [INTO] = "into", [FD] = "fd",
	[TYPE] = "type", [PATH] = "path", [ADDR] = "addr",
};

const char *fdf_verdict_name(enum fdf_verdict v)
{
	return FDF_NAME(verdicts, v);
}

enum fdf_verdict fdf_verdict_from(struct fdf_str name)
{
	int v = FDF_FIND(verdicts, name);

	return v < 0 ? FDF_NONE : (enum fdf_verdict)v;
}

const char *fdf_type_name(enum fdf_type t)
{
	return FDF_NAME(types, t);
}

static __attribute__((noinline)) bool fail(struct scan *k, const char *at, const char *expected)
{
	k->err->pos = (size_t)(at - k->s);
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
			return fail(k, k->s + k->at,
				    "white space before '#', or \\# for the byte itself");
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
	size_t at = 0;

	do {
		struct fdf_str name = { v.s + at, 0 };
		int t;

		while (at + name.len < v.len && name.s[name.len] != ',')
			name.len++;
		t = FDF_FIND(types, name);
		if (t < 0)
			return fail(
				k, name.s,
				"types (file dir chr blk link pipe fifo socket listener memfd anon "
				"unknown), with commas between them");
		r->types |= (uint16_t)((t == FDF_SOCKET ? 1U << FDF_LISTENER : 0) | 1U << t);
		at += name.len + 1;
	} while (at <= v.len);
	return true;
}

static bool parse_glob(struct scan *k, struct fdf_str v)
{
	size_t bad = fdf_glob_check(v);

	return bad == v.len || fail(k, v.s + bad, fdf_glob_expected(v, bad));
}

static bool parse_condition(struct scan *k, struct fdf_rule *r, struct fdf_str w)
{
	struct fdf_str name = { w.s, 0 }, v, *slot = NULL;
	int i;

	while (name.len < w.len && w.s[name.len] != '=')
		name.len++;
	i = name.len < w.len ? FDF_FIND(conditions, name) : -1;
	if (i < 0)
		return fail(k, w.s, "a condition (exe= into= fd= type= path= addr=) or '#'");
	v = (struct fdf_str){ w.s + name.len + 1, w.len - name.len - 1 };
	if (i == EXE)
		slot = &r->exe;
	else if (i == INTO)
		slot = &r->into;
	else if (i == PATH)
		slot = &r->path;
	else if (i == ADDR)
		slot = &r->addr;
	else if (i == FD)
		slot = &r->fds;
	if (slot ? slot->s != NULL : r->types != 0)
		return fail(k, w.s, "each condition once");
	if (!v.len)
		return fail(k, v.s, "a value behind '='");
	if (!slot)
		return parse_types(k, r, v);
	*slot = v;
	if (i != FD)
		return parse_glob(k, v);
	return fdf_ranges_check(v, k->err) || fail(k, v.s + k->err->pos, k->err->expected);
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
		return fail(k, w.s, "a verdict (keep, seal, report, deny, abort)");
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
			fail(&k, k.s + k.at, "fewer rules");
			return -1;
		} else if (!parse_rule(&k, &rules[n++])) {
			return -1;
		}
	}
	return n;
}

unsigned fdf_rule_needs(const struct fdf_rule *rule)
{
	return (rule->types ? FDF_HAVE_TYPE : 0) | (rule->path.s ? FDF_HAVE_TARGET : 0) |
	       (rule->addr.s ? FDF_HAVE_TYPE | FDF_HAVE_SOCK : 0);
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

/* A function of its own: few rules need its buffer on the stack. */
static __attribute__((noinline)) bool fits_address(struct fdf_str glob, const struct fdf_fd *d)
{
	char buf[FDF_ADDRESS_MAX];

	return (d->have & FDF_HAVE_SOCK) && d->sock && d->sock->local_len > 2 &&
	       fdf_glob(glob, fdf_local_address(d->sock, buf));
}

bool fdf_rule_matches(const struct fdf_rule *rule, const struct fdf_exec *x, const struct fdf_fd *d)
{
	if (rule->fds.s && !fdf_ranges_have(rule->fds, d->fd))
		return false;
	if (rule->types && !((d->have & FDF_HAVE_TYPE) && (rule->types >> d->type & 1)))
		return false;
	if (!fits_image(rule->exe, fdf_stored(x->exe)) || !fits_image(rule->into, x->into))
		return false;
	if (rule->addr.s && !fits_address(rule->addr, d))
		return false;
	return !rule->path.s || ((d->have & FDF_HAVE_TARGET) && fdf_glob(rule->path, d->target));
}
