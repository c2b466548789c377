/*
 * finding.c: a cause in words that stay the same from run to run.
 */
#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/core/hash.h"
#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"
#include "tools/report/finding.h"

#define RANDOM_MIN 6   /* characters that mkstemp(3) chooses */
#define PID_MIN	   100 /* smaller ones are in many names that have nothing to do with them */

/* Is text below dir, or dir itself? */
static bool is_below(const char *text, const char *dir)
{
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	return n > 1 && !strncmp(text, dir, n) && (text[n] == '/' || !text[n]);
}

/* Names at this place in a text change from run to run; returns where they begin, 0: they do not. */
static size_t passing(const char *text)
{
	static const char *const dirs[] = { "/tmp", "/var/tmp", "/dev/shm", "/run" };
	const char *own = getenv("TMPDIR");

	if (text[0] == '@')
		return 1;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (is_below(text, dirs[i]))
			return strlen(dirs[i]);
	return own && own[0] == '/' && is_below(text, own) ? strlen(own) : 0;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* One word of such a name, or one byte between words; returns how many bytes were read. */
static size_t put_word(FILE *out, const char *s)
{
	size_t n = 0, digits;

	if (s[0] == '\\' && s[1] == 'x' && s[2] && s[3]) { /* a byte of a record */
		fprintf(out, "%.4s", s);
		return 4;
	}
	while (is_word(s[n]))
		n++;
	if (!n) {
		fputc(*s, out);
		return 1;
	}
	if (n >= RANDOM_MIN) {
		fputc('*', out);
		return n;
	}
	for (size_t i = 0; i < n; i += digits ? digits : 1) {
		digits = strspn(s + i, "0123456789");
		fputc(digits ? '*' : s[i], out);
	}
	return n;
}

/* What stands behind a name in what_text(). */
static bool ends_name(const char *s)
{
	return !*s || !strncmp(s, " (", 2) || !strncmp(s, " -> ", 4) || !strncmp(s, " <- ", 4);
}

char *finding_stable(const char *plain)
{
	char *text;
	size_t len, head;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		out_of_memory();
	for (const char *s = plain; *s;) {
		head = s == plain || s[-1] == ' ' ? passing(s) : 0;
		fprintf(out, "%.*s", (int)(head ? head : 1), s);
		s += head ? head : 1;
		while (head && !ends_name(s))
			s += put_word(out, s);
	}
	fclose(out);
	return text;
}

char *finding_here(void)
{
	char cwd[PATH_MAX], *plain, *glob;

	if (!getcwd(cwd, sizeof(cwd)))
		return NULL;
	plain = escaped(fdf_str(cwd[1] ? cwd : ""));
	glob = what_glob(plain);
	free(plain);
	return glob;
}

/* The same if names below it are a checkout's; "" if it is /, or full of names that pass. */
static char *checkout(void)
{
	char cwd[PATH_MAX];
	char *glob =
		getcwd(cwd, sizeof(cwd)) && passing(cwd) != strlen(cwd) ? finding_here() : NULL;

	return glob ? glob : must_dup("");
}

struct patterns {
	char *cwd; /* checkout() */
	long long pids
		[2]; /* of the process that leaks, and of its parent, which it may be a child of for that */
};

/* A name that stays, but for the process in it.  Returns how many bytes were read. */
static size_t put_name(FILE *out, const char *s, const struct patterns *p)
{
	size_t digits = strspn(s, "0123456789");
	long long n = digits && *s != '0' ? strtoll(s, NULL, 10) : 0;

	if (n >= PID_MIN && (n == p->pids[0] || n == p->pids[1]))
		fputc('*', out);
	else
		fprintf(out, "%.*s", digits ? (int)digits : 1, s);
	return digits ? digits : 1;
}

#define DELETED "\\ (deleted)" /* what the kernel says behind the name of such a file */

static bool is_deleted(const char *s)
{
	size_t n = strlen(DELETED);

	return !strncmp(s, DELETED, n) && (!s[n] || s[n] == ' ');
}

/* The last component of a pattern that names a deleted file, which only a temporary one is for long. */
static const char *deleted_name(const char *s)
{
	const char *name = s;

	for (; *s && *s != ' '; s += *s == '\\' && s[1] ? 2 : 1) {
		if (is_deleted(s))
			return name;
		if (*s == '/')
			name = s + 1;
	}
	return s;
}

/* One pattern of a rule, up to the blank behind it.  Returns where that is. */
static const char *put_pattern(FILE *out, const char *s, const struct patterns *p)
{
	const char *own = getenv("TMPDIR");
	const char *passes = deleted_name(s);
	size_t head = passing(s), n = strlen(p->cwd);

	if (n && !strncmp(s, p->cwd, n) && s[n] == '/') {
		/* A checkout may lie in /tmp, and its names are nobody's but its own. */
		head = own && is_below(s, own);
		fputc('.', out);
		s += n;
	} else {
		fprintf(out, "%.*s", (int)head, s);
		s += head;
	}
	while (*s && *s != ' ') {
		if (is_deleted(s)) {
			fputs(DELETED, out);
			s += strlen(DELETED);
		} else if (*s == '\\' && s[1]) {
			size_t byte = s[1] == 'x' ? strlen("\\xHH") : 2;

			fprintf(out, "%.*s", (int)byte, s);
			s += byte;
		} else {
			s += head || s >= passes ? put_word(out, s) : put_name(out, s, p);
		}
	}
	return s;
}

/* rule with its stars. */
static char *starred(const struct cause *c, const char *rule)
{
	static const char *const patterns[] = { " exe=", " into=", " path=", " addr=" };
	const char *s = rule + strcspn(rule, " ");
	struct patterns p = { .cwd = checkout(), .pids = { c->first.pid, c->first.ppid } };
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		out_of_memory();
	if (*s)
		fputs(fdf_verdict_name(FDF_REPORT), out);
	while (*s) {
		size_t i, n = sizeof(patterns) / sizeof(patterns[0]);

		for (i = 0; i < n && strncmp(s, patterns[i], strlen(patterns[i])) != 0; i++)
			;
		fprintf(out, "%.*s", i < n ? (int)strlen(patterns[i]) : 1, s);
		s += i < n ? strlen(patterns[i]) : 1;
		if (i < n)
			s = put_pattern(out, s, &p);
	}
	fclose(out);
	free(p.cwd);
	return text;
}

/* What no rule has a name for, and is known all the same: how a socket reads. */
static bool is_described(const struct cause *c)
{
	return (c->type == FDF_SOCKET || c->type == FDF_LISTENER) &&
	       strcmp(c->what, fdf_type_name(c->type)) != 0;
}

char *finding_rule(const struct cause *c)
{
	char *rule, *start, *what, *glob, *text;

	if (*c->rule || !is_described(c))
		return starred(c, c->rule);
	rule = what_rule_of("keep", c->exe, c->into, c->type);
	start = starred(c, rule);
	what = finding_stable(c->what);
	glob = what_glob(what);
	text = must_printf("%s what=%s", start, glob);
	free(rule);
	free(start);
	free(what);
	free(glob);
	return text;
}

const char *finding_program(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !*path ? "?" : slash && slash[1] ? slash + 1 : path;
}

char *finding_digest(const char *const *parts, size_t n)
{
	uint64_t a = FDF_HASH_START, b = 0x6c62272e07bb0142ull;

	for (size_t i = 0; i < n; i++) {
		a = fdf_hash(a, parts[i], strlen(parts[i]) + 1);
		b = fdf_hash(b, parts[i], strlen(parts[i]) + 1);
	}
	return must_printf("%016llx%016llx", (unsigned long long)a, (unsigned long long)b);
}

char *finding_print(const struct cause *c)
{
	char *target = finding_place(c->what);
	char *exe = finding_stable(finding_program(c->exe));
	char *into = finding_stable(finding_program(c->into));
	const char *function = c->origin.function;
	const char *const parts[] = {
		exe, into, fdf_type_name(c->type), c->access, target, function
	};
	/* Without a function as it was before there were any. */
	char *print = finding_digest(parts, function && *function ? 6 : 5);

	free(target);
	free(exe);
	free(into);
	return print;
}

char *finding_title(const struct cause *c)
{
	return must_printf("%s leaks from %s into %s", fdf_type_name(c->type),
			   finding_program(c->exe), finding_program(c->into));
}

char *finding_numbers(const struct cause *c)
{
	char text[CAUSE_FDS * sizeof(",2147483647") + 1];
	struct fdf_text t = { .p = text, .end = text + sizeof(text) };

	for (unsigned i = 0; i < c->nfds; i++)
		fdf_putf(&t, i ? ",%u" : "%u", (unsigned)c->fds[i]);
	fdf_puts(&t, c->more_fds ? "+" : "");
	fdf_putc(&t, '\0');
	return must_dup(text);
}

char *finding_message(const struct cause *c)
{
	static const char *const ends[LEAK_OUTCOMES] = {
		[LEAK_LEAKED] = "",
		[LEAK_SEALED] = " (sealed)",
		[LEAK_REFUSED] = " (the exec was refused)",
		[LEAK_WOULD] = " (it would, if it executed a program now)",
	};
	enum fdf_danger danger = (enum fdf_danger)c->severity.danger;
	char *numbers = finding_numbers(c), *type = what_type(c->type, c->access), *text;

	text = must_printf("%s leaks descriptor %s (%s, %s) into %s, %lu time%s: %s%s%s%s%s",
			   *c->exe ? c->exe : "an unknown program", numbers, type, c->what,
			   *c->into ? c->into : "an unknown program", c->times,
			   c->times == 1 ? "" : "s",
			   danger == FDF_DANGER_NONE ? c->note : fdf_danger_text(danger),
			   c->severity.at_least ? ", or worse" : "", ends[c->outcome],
			   *c->origin.place ? "; opened at " : "", c->origin.place);
	free(numbers);
	free(type);
	return text;
}

char *finding_place(const char *plain)
{
	char cwd[PATH_MAX], *here = NULL, *place;
	const char *own = getenv("TMPDIR");

	if (getcwd(cwd, sizeof(cwd)) && passing(cwd) != strlen(cwd))
		here = escaped(fdf_str(cwd));
	place = here && is_below(plain, here) && !(own && is_below(plain, own))
			? must_printf(".%s", plain + strlen(here))
			: finding_stable(plain);
	free(here);
	return place;
}

char *finding_source(const struct cause *c)
{
	char cwd[PATH_MAX], *here = NULL, *file;

	if (!c->origin.line)
		return must_dup("");
	if (getcwd(cwd, sizeof(cwd)))
		here = escaped(fdf_str(cwd));
	file = must_dup(c->origin.file +
			(here && is_below(c->origin.file, here) ? strlen(here) + 1 : 0));
	free(here);
	return file;
}
