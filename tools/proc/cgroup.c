/*
 * cgroup.c: see cgroup.h.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/cgroup.h"

void cgroup_of(int dir, const char *file, char to[CGROUP_MAX])
{
	char text[2 * CGROUP_MAX], *line = text, *end;
	int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	to[0] = '\0';
	for (; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		if (!strncmp(line, "0::", 3))
			snprintf(to, CGROUP_MAX, "%.*s", (int)(end - line - 3), line + 3);
	}
}

static bool hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

/* docker-ID.scope, cri-containerd-ID.scope, libpod-ID.scope, /docker/ID, /kubepods/.../ID; lxc
 * names. */
void cgroup_container(char to[65], const char *cgroup)
{
	const char *p;

	to[0] = '\0';
	for (p = cgroup; *p; p++) {
		if ((p == cgroup || p[-1] == '/' || p[-1] == '-') && hex(p, 64) &&
		    !strchr("0123456789abcdef", p[64] ? p[64] : 'g')) {
			memcpy(to, p, 64);
			to[64] = '\0';
		}
	}
	p = strstr(cgroup, "/lxc.payload.");
	if (!to[0] && p)
		snprintf(to, 65, "%.*s", (int)strcspn(p + 13, "/"), p + 13);
}

void cgroup_pod(char to[37], const char *cgroup)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };

	to[0] = '\0';
	for (const char *p = strstr(cgroup, "pod"); p; p = strstr(p + 1, "pod")) {
		const char *s = p + strlen("pod");
		size_t i, n = 0;

		for (i = 0; i < 5 && hex(s, groups[i]); i++) {
			n += (size_t)snprintf(to + n, 37 - n, "%s%.*s", i ? "-" : "",
					      (int)groups[i], s);
			s += groups[i] + (s[groups[i]] == '-' || s[groups[i]] == '_');
		}
		if (i == 5)
			return;
		to[0] = '\0';
	}
}

static bool ends(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n > len && !strncmp(s + n - len, with, len);
}

/* systemd.unit(5): those that hold processes. */
static bool is_unit(const char *s, size_t n)
{
	static const char *const endings[] = { ".service", ".scope", ".socket", ".mount", ".swap" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends(s, n, endings[i]))
			return true;
	return false;
}

char *cgroup_unit(const char *cgroup)
{
	const char *unit = "", *slice = "", *p = cgroup;

	while (*p) {
		size_t n = strcspn(p, "/");

		if (is_unit(p, n))
			unit = p;
		else if (ends(p, n, ".slice"))
			slice = p;
		p += n + (p[n] == '/');
	}
	unit = *unit ? unit : slice;
	return must_printf("%.*s", (int)strcspn(unit, "/"), unit);
}
