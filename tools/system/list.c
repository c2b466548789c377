/*
 * list.c: the text of ld.so.preload(5).
 */
#include <string.h>

#include "tools/system/list.h"

#define OWN	   "libfdfence.so"
#define VERSION	   ".0123456789" /* of a library that has one behind its name */
#define SEPARATORS " \t\n:"

static bool separates(char c)
{
	return c && strchr(SEPARATORS, c);
}

static bool is_own(const char *name, size_t n)
{
	const char *slash = memrchr(name, '/', n);
	size_t front = slash ? (size_t)(slash + 1 - name) : 0, i = front + strlen(OWN);

	if (n < i || memcmp(name + front, OWN, strlen(OWN)) != 0)
		return false;
	if (i < n && name[i] != '.') /* libfdfence.so2 */
		return false;
	while (i < n && name[i] && strchr(VERSION, name[i]))
		i++;
	return i == n;
}

/* The next name from *at on, which then is behind it; NULL: no more. */
static const char *next(const char **at, const char *end, size_t *n)
{
	const char *p = *at, *name;

	while (p < end && (separates(*p) || *p == '#')) {
		if (*p == '#')
			while (p < end && *p != '\n')
				p++;
		else
			p++;
	}
	name = p;
	while (p < end && !separates(*p) && *p != '#')
		p++;
	*at = p;
	*n = (size_t)(p - name);
	return *n ? name : NULL;
}

const char *list_own(const char *text, size_t len, size_t *n)
{
	const char *at = text, *name;

	while ((name = next(&at, text + len, n)))
		if (is_own(name, *n))
			return name;
	return NULL;
}

static bool is_blank(const char *line, size_t n)
{
	for (; n; n--)
		if (!separates(line[n - 1]))
			return false;
	return true;
}

/* One line, its end included. */
static size_t line_without(const char *line, size_t len, char *out)
{
	const char *at = line, *done = line, *name;
	size_t n, to = 0;
	bool found = false;

	while ((name = next(&at, line + len, &n))) {
		if (!is_own(name, n))
			continue;
		memcpy(out + to, done, (size_t)(name - done));
		to += (size_t)(name - done);
		done = name + n;
		found = true;
	}
	memcpy(out + to, done, (size_t)(line + len - done));
	to += (size_t)(line + len - done);
	return found && is_blank(out, to) ? 0 : to;
}

size_t list_without(const char *text, size_t len, char *out)
{
	const char *line = text, *end = text + len, *nl;
	size_t to = 0;

	for (; line < end; line = nl) {
		nl = memchr(line, '\n', (size_t)(end - line));
		nl = nl ? nl + 1 : end;
		to += line_without(line, (size_t)(nl - line), out + to);
	}
	return to;
}

static bool is_there_alone(const char *text, size_t len, const char *name)
{
	const char *at = text, *own;
	size_t n, found = 0, others = 0;

	while ((own = next(&at, text + len, &n))) {
		if (n == strlen(name) && !memcmp(own, name, n))
			found++;
		else
			others += is_own(own, n);
	}
	return found == 1 && !others;
}

size_t list_with(const char *text, size_t len, const char *name, char *out)
{
	size_t to;

	if (is_there_alone(text, len, name)) {
		memcpy(out, text, len);
		return len;
	}
	to = list_without(text, len, out);
	if (to && out[to - 1] != '\n')
		out[to++] = '\n';
	memcpy(out + to, name, strlen(name));
	to += strlen(name);
	out[to++] = '\n';
	return to;
}
