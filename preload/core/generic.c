/*
 * generic.c: conventions that need no name to be known: /dev/fd/N, fd:N,
 * --a-fd=N, NAME_FD=N.  An attacker can write most of these (a file name, a
 * CGI variable), so what they name is kept only if it is harmless.
 *
 * Runs in whatever context an exec is asked for: as reading.c.
 */
#include "preload/core/names.h"
#include "preload/core/reading.h"

static bool is_word(char c)
{
	return fdf_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
}

/*
 * All of the environment passes here, so it goes a machine word at a time.
 * Aligned loads cross no page, hence reading before the start and behind the
 * end does no harm; only a sanitizer minds.
 */
typedef unsigned long __attribute__((may_alias)) chunk;
#define EACH(c) (~0UL / 255 * (c))
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOAD(p) (*(const chunk *)(p))
#elif __SIZEOF_LONG__ == 8
#define LOAD(p) __builtin_bswap64(*(const chunk *)(p))
#else
#define LOAD(p) __builtin_bswap32(*(const chunk *)(p))
#endif

/* The next "fd", in either case, or the end. */
__attribute__((no_sanitize_address)) static const char *next_fd(const char *s)
{
	const char *p = s - (uintptr_t)s % sizeof(chunk);
	chunk mask = EACH(128) << (s - p) * 8;

	for (;; p += sizeof(chunk), mask = EACH(128)) {
		chunk v = LOAD(p), w = v | EACH(32);
		/* 0 where an f is and a d behind it; of the last byte only that it is an f */
		chunk fd = (w ^ EACH('f')) | (((w >> 8) ^ EACH('d')) & (~0UL >> 8));
		/* Bit 7 of every byte that is 0, and of some that are not. */
		chunk z = ((v - EACH(1)) | (fd - EACH(1))) & mask;

		for (; z; z &= z - 1) {
			const char *q = p + __builtin_ctzl(z) / 8;

			if (!*q || ((*q | 32) == 'f' && (q[1] | 32) == 'd'))
				return q;
		}
	}
}

/* True if the name from b up to its "fd" at p is that of a count or a switch: --max-fd, NUM_FDS. */
static bool is_count(const char *b, const char *p)
{
	static const char counts[][9] = { "b",	   "close", "count",	"decode", "inherit",
					  "limit", "max",   "min",	"no",	  "nr",
					  "num",   "on",    "preserve", "safe",	  "track" };
	char last[12];
	size_t n = sizeof(last), i;

	while (p > b && (p[-1] == '-' || p[-1] == '_'))
		p--;
	for (i = n; i > 0 && p > b && p[-1] != '-' && p[-1] != '_'; i--)
		last[i - 1] = *--p | 32;
	return FDF_FIND(counts, ((struct fdf_str){ last + i, n - i })) >= 0;
}

/*
 * The number N of /dev/fd/N, /proc/self/fd/N and the like in the word at a, its
 * "fd" at p; -1: it is no such path, or that of another process.
 */
static int path(struct fdf_reader *r, const char *a, const char *p)
{
	const char *s = p, *before, *end;
	size_t back;
	int pid, fd;

	/* Back to the component before. */
	while (s > a && (s == p || s[-1] != '/'))
		s--;
	end = s;
	pid = fdf_number(&end, 10);
	before = "/proc/";
	if (fdf_starts(s, "dev/fd/"))
		before += 5;
	else if (!fdf_starts(s, "self/fd/") && !fdf_starts(s, "thread-self/fd/") &&
		 !(pid > 0 && pid == r->x->pid && end + 1 == p))
		return -1;
	back = fdf_str(before).len;
	if ((size_t)(s - a) < back || !fdf_starts(s - back, before))
		return -1;
	s -= back;
	/* /chroot/dev/fd/7 is another file; but -d/dev/fd/7 is an option with its value. */
	if (s > a && (is_word(s[-1]) || s[-1] == '.') && !(s - a == 2 && *a == '-'))
		return -1;
	p += 3;
	r->by = (struct fdf_str){ s, (size_t)(p - s) };
	fd = fdf_number(&p, 10);
	return is_word(*p) || *p == '.' ? -1 : fd;
}

static void read_path(struct fdf_reader *r, const char *a, const char *p)
{
	uint8_t member = r->member, only_if = r->only_if;
	int fd = path(r, a, p);

	fdf_generic(r);
	fdf_add(r, fd, fd);
	r->member = member;
	r->only_if = only_if;
}

/* p: "fd" in a.  Where its numbers are, *by what names them; NULL: it is no convention. */
static const char *numbers(const char *a, const char *p, const char *next, enum fdf_text kind,
			   struct fdf_str *by)
{
	const char *b = p, *q = p + 2;
	bool cut;

	while (b > a && is_word(b[-1]))
		b--;
	cut = b == a || fdf_is_any(b[-1], "=,:; |");
	*by = (struct fdf_str){ b, (size_t)(q - b) };
	if (kind == FDF_TEXT_WORD && (*q == ':' || *q == '@')) {
		while (*++q == '/')
			;
		return b == p && cut ? q : NULL;
	}
	if ((*q | 32) == 's' && (*p == 'f' || (p > a && p[-1] == '_'))) {
		by->len++;
		q++;
	}
	if (*p == (kind == FDF_TEXT_WORD ? 'F' : 'f') || !cut || is_count(b, p))
		return NULL;
	if (kind != FDF_TEXT_WORD)
		return *q == '=' && b == a ? q + 1 : NULL;
	return *q == '=' ? q + 1 : !*q && b == a && fdf_starts(a, "--") ? next : NULL;
}

void fdf_read_text(struct fdf_reader *r, const char *a, const char *next, enum fdf_text kind)
{
	const char *p, *q;

	for (p = next_fd(a); *p; p = next_fd(p + 1)) {
		if (kind != FDF_TEXT_WORD && fdf_by_client(a))
			return;
		if (p[2] == '/') {
			read_path(r, a, p);
			continue;
		}
		q = kind == FDF_TEXT_VALUE ? NULL : numbers(a, p, next, kind, &r->by);
		if (q)
			fdf_read_list(r, q, FDF_LIST_ALL);
	}
}

void fdf_read_redirections(struct fdf_reader *r, const char *s)
{
	for (; *s; s++) {
		int fd;

		if ((*s != '<' && *s != '>') || s[1] != '&')
			continue;
		r->by = (struct fdf_str){ s, 2 };
		s += 2;
		fd = fdf_number(&s, 10);
		if (!is_word(*s) || *s == '-')
			fdf_add(r, fd, fd);
		s--;
	}
}
