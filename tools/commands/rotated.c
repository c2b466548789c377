/*
 * rotated.c: see rotated.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/commands/rotated.h"

#define DIGITS "0123456789"

/* Behind the last SUFFIX of a name; NULL: it has none. */
static const char *behind(const char *name, const char *suffix)
{
	const char *s = strstr(name, suffix), *next;
	size_t n = strlen(suffix);

	while (s && (next = strstr(s + n, suffix)))
		s = next;
	return s && !isalnum((unsigned char)s[n]) ? s + n : NULL;
}

bool rotated_parse(struct rotated *r, const char *path)
{
	static const char *const suffixes[] = { ".jsonl", ".log", ".json" };
	static const char *const packed[] = { "", ".gz", ".zst", ".zstd" };
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *s = NULL;
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(*suffixes) && !s; i++)
		s = behind(name, suffixes[i]);
	if (!s)
		return false;
	*r = (struct rotated){ .log = (size_t)(s - path), .may_be_others = i > 1, .when = s };
	while ((*s == '.' || *s == '-' || *s == '_') && isdigit((unsigned char)s[1]))
		s += 1 + strspn(s + 1, DIGITS);
	r->nwhen = (size_t)(s - r->when);
	/* eight digits and more are a date */
	r->numbered = *r->when == '.' && r->nwhen && r->nwhen < sizeof(".YYYYMMDD") - 1 &&
		      strspn(r->when + 1, DIGITS) == r->nwhen - 1;
	if (r->numbered)
		r->number = strtoul(r->when + 1, NULL, 10);
	for (i = 0; i < sizeof(packed) / sizeof(*packed); i++)
		r->known |= !strcmp(s, packed[i]);
	return true;
}

int rotated_order(const struct rotated *a, const struct rotated *b)
{
	size_t n = a->nwhen < b->nwhen ? a->nwhen : b->nwhen;
	int r = memcmp(a->when, b->when, n);

	if (!a->nwhen || !b->nwhen) /* the one that is written to is the newest */
		return !a->nwhen - !b->nwhen;
	if (a->numbered != b->numbered) /* who begins to date has numbered ones left */
		return b->numbered - a->numbered;
	if (a->numbered)
		return (a->number < b->number) - (a->number > b->number);
	return r ? r : (a->nwhen > b->nwhen) - (a->nwhen < b->nwhen);
}

bool rotated_follows(const struct rotated *a, const struct rotated *b)
{
	if (!a->numbered)
		return !b->numbered && rotated_order(a, b) < 0;
	return b->numbered ? b->number + 1 == a->number : !b->nwhen && a->number <= 1;
}
