/*
 * intent.c: reads environment, arguments and images for descriptors that are
 * meant.  The conventions are data (conventions.def); the readers of their
 * encodings stand here.  All bytes may come from an attacker.
 *
 * Runs in whatever context an exec is asked for, vfork children and signal
 * handlers included: no call outside the core, no statics, work linear in the
 * bytes that are read.
 */
#include <limits.h>

#include "conventions.h"

/* Where one reading stands. */
struct reader {
	struct fdf_intent *out;
	const struct fdf_exec *x;
	unsigned members;
	int listen;		 /* LISTEN_FDS; 0: not there */
	const char *listen_name; /* its variable */
	bool stale;		 /* LISTEN_PID is there and names another */
	bool shell;		 /* the target is a shell */
	unsigned group;		 /* of the target; 0: none */
};

/* What a number that is found counts as, and what named it. */
struct found {
	uint8_t member, only_if;
	struct fdf_str by;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A byte of a name: not what stands between things. */
static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '-' || c == '.';
}

static bool is_between(char c)
{
	return c == ',' || c == ';' || c == ':' || c == ' ' || c == '\t' || c == '\n' || c == '[' ||
	       c == ']';
}

static bool starts(const char *s, const char *with)
{
	while (*with && *s == *with) {
		s++;
		with++;
	}
	return !*with;
}

static void add(struct reader *r, struct found f, int first, int last)
{
	struct fdf_intent *out = r->out;
	struct fdf_meant m = { first < 3 ? 3 : first, last, f.member, f.only_if, f.by };
	unsigned i;

	if (last < 3 || last < first || !(r->members & f.member))
		return;
	for (i = 0; i < out->n; i++)
		if (out->meant[i].first == m.first && out->meant[i].last == m.last &&
		    out->meant[i].member == m.member && out->meant[i].only_if == m.only_if)
			return;
	if (out->n < FDF_MEANT_MAX) {
		out->meant[out->n++] = m;
		return;
	}
	out->overflow = true;
	/* What an attacker can write must not crowd out what he cannot. */
	for (i = 0; m.member != FDF_GENERIC && i < out->n; i++)
		if (out->meant[i].member == FDF_GENERIC) {
			out->meant[i] = m;
			return;
		}
}

/* The decimal number at *s, which moves behind its digits; -1: none, or above INT_MAX. */
static int number(const char **s)
{
	int n = is_digit(**s) ? 0 : -1;

	for (; is_digit(**s); ++*s)
		if (n >= 0)
			n = n > (INT_MAX - (**s - '0')) / 10 ? -1 : n * 10 + (**s - '0');
	return n;
}

/* Numbers up to the first that is none or goes on as something else; negative ones are skipped. */
static void list(struct reader *r, struct found f, const char *s)
{
	for (;;) {
		const char *p;
		bool negative;
		int n;

		while (is_between(*s))
			s++;
		negative = *s == '-';
		p = s + negative;
		n = number(&p);
		if (p == s + negative || (*p && !is_between(*p) && *p != ')' && *p != '|'))
			return;
		if (!negative)
			add(r, f, n, n);
		s = p;
	}
}

/* The last --jobserver-auth= or --jobserver-fds= counts; fifo:PATH and negative numbers name none.
 */
static void jobserver(struct reader *r, struct found f, const char *s)
{
	const char *last = NULL;

	for (; *s; s++)
		if (*s == '-' && starts(s, "--jobserver-")) {
			s += sizeof("--jobserver-") - 1;
			if (starts(s, "auth="))
				last = s + 5;
			else if (starts(s, "fds="))
				last = s + 4;
			s--;
		}
	if (last) {
		int rd = number(&last);
		int wr = *last == ',' ? (last++, number(&last)) : -1;

		if (rd < 0 || wr < 0 || (*last && *last != ' '))
			return;
		add(r, f, rd, rd);
		add(r, f, wr, wr);
	}
}

/* "3-4", "3-". */
static void fixed(struct reader *r, struct found f, const char *range)
{
	int first = number(&range), last = first;

	if (*range == '-') {
		range++;
		last = *range ? number(&range) : INT_MAX;
	}
	add(r, f, first, last);
}

static void variable(struct reader *r, const struct fdf_row *row, const char *name,
		     const char *value)
{
	struct found f = { FDF_PRECISE, row->flags & 7, { name, row->len } };
	const char *p = value;
	int n;

	switch (row->what) {
	case FDF_ENC_LIST:
		list(r, f, value);
		break;
	case FDF_ENC_JOBS:
		jobserver(r, f, value);
		break;
	case FDF_ENC_FIXED:
		fixed(r, f, fdf_conv_param(row));
		break;
	case FDF_ENC_LISTEN:
		n = number(&p);
		if (!r->listen_name && n > 0 && !*p) {
			r->listen = n;
			r->listen_name = name;
		}
		break;
	case FDF_ENC_LISTEN_PID:
		n = number(&p);
		if (n < 1 || *p || n != r->x->pid)
			r->stale = true;
		break;
	}
}

/* a path component N that ends a word or a part of one: its number; -1: none */
static int component(const char *s)
{
	int n = number(&s);

	return is_word(*s) ? -1 : n;
}

/* p: "fd/" inside a word that begins at a. */
static void fd_path(struct reader *r, const char *a, const char *p)
{
	struct found f = { FDF_GENERIC, FDF_IF_HARMLESS, { NULL, 0 } };
	const char *s = p, *q;
	int pid;

	if (p - a >= 5 && starts(p - 5, "/dev/")) {
		s = p - 5;
	} else if (p - a >= 2 && p[-1] == '/') {
		for (s = p - 1; s > a && is_word(s[-1]); s--)
			;
		q = s;
		pid = number(&q);
		if (s - a < 6 || !starts(s - 6, "/proc/") ||
		    !(starts(s, "self/fd/") || starts(s, "thread-self/fd/") ||
		      (q == p - 1 && pid > 0 && pid == r->x->pid)))
			return;
		s -= 6;
	} else {
		return;
	}
	/* Not a path below another directory; but an option's letter may stand before it:
	 * -d/dev/fd/7 */
	if (s > a && is_word(s[-1]) && !(s - a == 2 && a[0] == '-'))
		return;
	f.by = (struct fdf_str){ s, (size_t)(p + 3 - s) };
	pid = component(p + 3);
	add(r, f, pid, pid);
}

static void paths(struct reader *r, const char *a)
{
	const char *p;

	for (p = a; *p; p++)
		if (*p == 'f' && p[1] == 'd' && p[2] == '/')
			fd_path(r, a, p);
}

static void environment(struct reader *r)
{
	struct found f = { FDF_PRECISE, 0, { NULL, 0 } };
	char *const *e;

	for (e = r->x->envp; e && *e; e++) {
		const char *name = *e, *value = name;
		const struct fdf_row *row;

		if (fdf_conv_env_maybe(name)) {
			while (*value && *value != '=')
				value++;
			row = *value ? fdf_conv_find(FDF_ENV, name, (size_t)(value - name)) : NULL;
			if (row)
				variable(r, row, name, value + 1);
		}
		paths(r, value);
	}
	if (r->listen && !r->stale) {
		f.by = (struct fdf_str){ r->listen_name, sizeof("LISTEN_FDS") - 1 };
		add(r, f, 3, r->listen > INT_MAX - 2 ? INT_MAX : r->listen + 2);
	}
}

static void arguments(struct reader *r)
{
	char *const *a;

	for (a = r->x->argv; a && *a; a++)
		paths(r, *a);
}

/* A program's base name, without what a replaced file carries, in a login shell's argv[0] neither.
 */
static struct fdf_str program(struct fdf_str path)
{
	static const char gone[] = " (deleted)";
	const size_t len = sizeof(gone) - 1;
	struct fdf_str b;

	if (path.len > len && starts(path.s + path.len - len, gone))
		path.len -= len;
	b = fdf_base(path);
	if (b.len && b.s[0] == '-') {
		b.s++;
		b.len--;
	}
	return b;
}

/* By its name, or by its name without a version: bash-5.2, ksh93, zsh-static. */
static const struct fdf_row *find(enum fdf_table t, struct fdf_str b)
{
	const struct fdf_row *row = fdf_conv_find(t, b.s, b.len);

	if (!row && b.len > 7 && starts(b.s + b.len - 7, "-static"))
		b.len -= 7;
	while (!row && b.len &&
	       (is_digit(b.s[b.len - 1]) || b.s[b.len - 1] == '.' || b.s[b.len - 1] == '-'))
		b.len--;
	return row ? row : fdf_conv_find(t, b.s, b.len);
}

static void images(struct reader *r)
{
	const struct fdf_exec *x = r->x;
	struct fdf_str into = x->into.len ? x->into : fdf_str(x->argv ? x->argv[0] : NULL);
	const struct fdf_row *row = find(FDF_FROM, program(x->exe));
	const struct fdf_row *to = find(FDF_INTO, program(into));
	bool image = r->members & FDF_IMAGE;

	r->group = to ? to->what : 0;
	if (!image)
		return;
	if (row)
		r->out->image = fdf_conv_why(row->what);
	else if (x->same_image)
		r->out->image = fdf_conv_why(FDF_WHY_SAME);
	else if (r->group)
		r->out->image = fdf_conv_why(FDF_WHY_GREEDY);
}

void fdf_intent_read(struct fdf_intent *out, const struct fdf_exec *x, unsigned members)
{
	struct reader r = { .out = out, .x = x, .members = members };

	out->image = NULL;
	out->n = 0;
	out->overflow = false;
	images(&r);
	if (members & (FDF_PRECISE | FDF_GENERIC)) {
		environment(&r);
		arguments(&r);
	}
}

int fdf_intent_last(const struct fdf_intent *in)
{
	int last = -1;
	unsigned i;

	for (i = 0; i < in->n; i++)
		if (in->meant[i].last > last)
			last = in->meant[i].last;
	return last;
}

const char *fdf_member_name(enum fdf_member m)
{
	switch (m) {
	case FDF_GIVEN:
		return "given";
	case FDF_IMAGE:
		return "image";
	case FDF_ACT:
		return "act";
	case FDF_PRECISE:
		return "precise";
	case FDF_GENERIC:
		return "generic";
	case FDF_DUP2:
		return "dup2";
	}
	return "none";
}
