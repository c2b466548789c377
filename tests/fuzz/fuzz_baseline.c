/*
 * A baseline that others wrote: it is read whole or refused, and what is read is written so that it
 * reads the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/report/baseline.h"
#include "tools/report/entry.h"

#define check(x) ((x) ? (void)0 : abort())
#define FILE_	 "./baseline"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void put(const void *data, size_t len)
{
	FILE *f = fopen(FILE_, "we");

	check(f && fwrite(data, 1, len, f) == len && !fclose(f));
}

static char *get(size_t *len)
{
	FILE *f = fopen(FILE_, "re");
	char *text = NULL;
	size_t cap = 0;
	ssize_t n = getdelim(&text, &cap, EOF, f);

	fclose(f);
	*len = n < 0 ? 0 : (size_t)n;
	return text;
}

/* Each line alone; a leak of it, or of none, is asked for without harm. */
static void one_line(const char *line)
{
	struct entry e, again;

	if (!entry_parse(&e, line, FILE_, 1)) {
		check(e.text && e.comment && !entry_parse(&again, e.text, FILE_, 2));
		check(!strcmp(e.text, again.text) && e.has_severity == again.has_severity);
		entry_free(&again);
		entry_is_of(&e, "/usr/bin/dash");
		entry_is_of(&e, "./build/x\\n");
	}
	entry_free(&e);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	const struct report nothing = { 0 };
	char *once, *twice, *line;
	struct baseline *b;
	size_t n, m;

	line = strndup((const char *)data, len);
	one_line(line);
	free(line);

	put(data, len);
	b = baseline_read(FILE_, true);
	if (!b)
		return 0;
	check(!baseline_update(b, true, &nothing));
	baseline_free(b);
	once = get(&n);
	b = baseline_read(FILE_, true);
	check(b && !baseline_update(b, true, &nothing));
	baseline_free(b);
	twice = get(&m);
	check(n == m && !memcmp(once, twice, n));
	free(once);
	free(twice);
	return 0;
}
