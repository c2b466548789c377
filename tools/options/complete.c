/*
 * complete.c: what a shell offers behind `fdfence COMMAND ...` at the Tab key.
 */
#include <stdio.h>
#include <string.h>

#include "tools/options/complete.h"

static void offer(const char *before, const char *word, size_t len, const char *help)
{
	printf("%s%.*s\t%.*s\n", before, (int)len, word, (int)strcspn(help, "\n"), help);
}

static bool starts(const char *word, size_t len, const char *typed)
{
	size_t n = strlen(typed);

	return n <= len && !strncmp(word, typed, n);
}

static const struct option_row *row_named(const struct options *o, const char *name, size_t len)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; (row = options_row(o, i)); i++)
		if (strlen(row->name) == len && !strncmp(row->name, name, len))
			break;
	return row;
}

static const struct option_row *row_lettered(const struct options *o, char letter)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; (row = options_row(o, i)) && row->letter != letter; i++)
		;
	return row;
}

static bool listed(const char *list, const char *word, size_t len)
{
	const char *p = list;

	for (; *p; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == len && !strncmp(p, word, len))
			return true;
	return false;
}

/* typed: the value as far as it is there; before: what stands in front of it in the same word. */
static void values(const struct option_row *row, const char *before, const char *typed)
{
	const char *comma = row->values == VALUES_LIST ? strrchr(typed, ',') : NULL;
	const char *tail = comma ? comma + 1 : typed, *w;
	char front[512];
	size_t len;
	unsigned i;

	if (row->values == VALUES_FILE)
		puts(":files");
	else if (row->values == VALUES_USER)
		puts(":users");
	if ((size_t)snprintf(front, sizeof(front), "%s%.*s", before, (int)(tail - typed), typed) >=
	    sizeof(front))
		return; /* nobody types that */
	for (i = 0; (w = option_word(row, i, &len)); i++)
		if (starts(w, len, tail) && !(comma && listed(typed, w, len)))
			offer(front, w, len, "");
}

static void names(const struct options *o, const char *typed)
{
	const struct option_row *row;
	char name[64];
	size_t i;
	int n;

	for (i = 0; (row = options_row(o, i)); i++) {
		n = snprintf(name, sizeof(name), "--%s", row->name);
		if (starts(name, (size_t)n, typed))
			offer("", name, (size_t)n, row->help);
	}
	if (starts("--", 2, typed))
		offer("", "--", 2, "the command follows");
}

/* The option whose value the next word is; NULL: none. */
static const struct option_row *awaiting(const struct options *o, const char *word)
{
	const struct option_row *row;

	if (word[1] == '-')
		row = strchr(word, '=') ? NULL : row_named(o, word + 2, strlen(word + 2));
	else
		row = word[1] && !word[2] ? row_lettered(o, word[1]) : NULL;
	return row && row->arg && !row->optional ? row : NULL;
}

/* What stands behind the options, from word at on. */
static void behind(const struct options *o, int at, const char *typed)
{
	const char *w;

	if (o->rest_files)
		puts(":files");
	else if (!o->rest)
		printf(":command %d\n", at);
	for (unsigned i = 0; o->rest && (w = o->rest(i)); i++)
		if (starts(w, strlen(w), typed))
			offer("", w, strlen(w), "");
}

void options_complete(const struct options *o, int n, char **words)
{
	const struct option_row *row = NULL;
	const char *typed = words[n - 1], *eq;
	int i;

	for (i = 1; i < n - 1; i++) {
		if (row) {
			row = NULL; /* its value */
		} else if (!strcmp(words[i], "--")) {
			behind(o, i + 1, typed);
			return;
		} else if (words[i][0] != '-') {
			if (!o->mixed)
				break;
		} else {
			row = awaiting(o, words[i]);
		}
	}
	eq = !strncmp(typed, "--", 2) ? strchr(typed, '=') : NULL;
	if (row) {
		values(row, "", typed);
	} else if (i < n - 1 || (*typed && *typed != '-')) {
		behind(o, i, typed);
	} else if (eq) {
		char before[64];

		row = row_named(o, typed + 2, (size_t)(eq - typed - 2));
		snprintf(before, sizeof(before), "%.*s", (int)(eq - typed + 1), typed);
		if (row && row->arg)
			values(row, before, eq + 1);
	} else {
		names(o, typed);
		if ((o->rest || o->rest_files) && !*typed)
			behind(o, i, typed);
	}
}
