/*
 * unit_text.c: the text of a unit file, as systemd reads it (systemd.syntax(7)).
 */
#include <string.h>

#include "tools/system/unit_text.h"

#define BLANKS " \t\r"

/* Does it end in a backslash that is not the second of two? */
static bool goes_on(const char *line, size_t n)
{
	size_t backslashes = 0;

	while (backslashes < n && line[n - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2;
}

/* With those that it goes on with, which lie behind it, moved up to it.  NULL: the end. */
static char *next_line(char **rest)
{
	char *line = *rest, *at = *rest, *to = *rest;
	size_t n;
	bool more = *at;

	if (!more)
		return NULL;
	while (more && *at) {
		at += strspn(at, BLANKS);
		n = strcspn(at, "\n");
		if (!strchr("#;", *at) || !n) {
			memmove(to, at, n);
			to += n;
			more = goes_on(line, (size_t)(to - line));
			if (more)
				to[-1] = ' ';
		} else if (to == line) {
			more = false; /* a comment alone is an empty line, one within others is none */
		}
		at += n + (at[n] != '\0');
	}
	*rest = at;
	if (to < at)
		*to = '\0';
	return line;
}

static char *stripped(char *text)
{
	char *end = text + strlen(text);

	while (end > text && strchr(BLANKS, end[-1]))
		end--;
	*end = '\0';
	return text + strspn(text, BLANKS);
}

bool unit_text_next(struct unit_text *t, struct assignment *a)
{
	char *line, *value;

	while ((line = next_line(&t->rest))) {
		line = stripped(line);
		value = strchr(line, '=');
		if (*line == '[') {
			t->in_service = !strcmp(line, "[Service]");
		} else if (t->in_service && value) {
			*value = '\0';
			*a = (struct assignment){ stripped(line), stripped(value + 1) };
			return true;
		}
	}
	return false;
}
