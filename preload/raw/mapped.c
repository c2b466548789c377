/* mapped.c: see mapped.h. */
#include "preload/raw/mapped.h"
#include "preload/raw/sys.h"

/* A line of /proc/self/maps: "START-END perms offset dev inode     /PATH". */
struct line {
	enum { START, END, FIELDS, PATH } part;
	uintptr_t start, end;
	size_t len;
};

static uintptr_t digit(char c)
{
	return (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* True when the line that `at` lies in has ended. */
static bool take(struct line *l, char c, uintptr_t at, char *path, size_t cap)
{
	if (c == '\n') {
		if (l->start <= at && at < l->end)
			return true;
		*l = (struct line){ .part = START };
	} else if (l->part == START) {
		if (c == '-')
			l->part = END;
		else
			l->start = l->start << 4 | digit(c);
	} else if (l->part == END) {
		if (c == ' ')
			l->part = FIELDS;
		else
			l->end = l->end << 4 | digit(c);
	} else if (l->part == PATH || c == '/') {
		l->part = PATH;
		if (l->len < cap)
			path[l->len] = c;
		l->len++;
	}
	return false;
}

size_t fdf_mapped(uintptr_t at, char *path, size_t cap)
{
	int fd = sys_open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	struct line l = { .part = START };
	bool found = false;
	char buf[1024];
	ssize_t n;

	if (fd < 0)
		return 0;
	while (!found && (n = sys_read(fd, buf, sizeof buf)) > 0)
		for (ssize_t i = 0; i < n && !found; i++)
			found = take(&l, buf[i], at, path, cap);
	sys_close(fd);
	return found && l.len <= cap ? l.len : 0;
}
