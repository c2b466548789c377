/*
 * tree.c: who started what, with the leaks on its branches.
 *
 *	/usr/bin/make
 *	  /usr/bin/dash  31 execs
 *	    high    listener  tcp 127.0.0.1:80  (4)  31 times
 *	    /usr/bin/cc  12 execs
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"

static int by_severity(const void *a, const void *b)
{
	const struct program_leak *x = *(struct program_leak *const *)a;
	const struct program_leak *y = *(struct program_leak *const *)b;

	if (severity_above(x->cause->severity, y->cause->severity) ||
	    severity_above(y->cause->severity, x->cause->severity))
		return severity_above(x->cause->severity, y->cause->severity) ? -1 : 1;
	return x->times != y->times ? (x->times < y->times ? 1 : -1)
				    : strcmp(x->cause->key, y->cause->key);
}

static bool is_shown(const struct program_leak *l, const struct report *r)
{
	const struct cause *c = l->cause;

	return l->times && !c->outside && !c->known && (enum fdf_level)c->severity.level >= r->min;
}

static void put_leak(FILE *out, unsigned depth, const struct program_leak *l, bool color)
{
	static const char *const colors[FDF_LEVELS] = { [FDF_LOW] = "\033[2m",
							[FDF_MEDIUM] = "\033[33m",
							[FDF_HIGH] = "\033[31m",
							[FDF_CRITICAL] = "\033[1;31m" };
	const struct cause *c = l->cause;
	char *severity = what_severity(c->severity), *type = what_type(c->type, c->access);
	char *what = shown(c->what), *numbers = finding_numbers(c);

	fprintf(out, "%*s%s%-9s%s  %-10s %s  (%s)  %lu time%s%s%s\n", (int)(2 * depth), "",
		color ? colors[c->severity.level] : "", severity, color ? "\033[0m" : "", type,
		what, numbers, l->times, l->times == 1 ? "" : "s", c->outcome ? ", " : "",
		c->outcome ? leak_outcome_name(c->outcome) : "");
	free(severity);
	free(type);
	free(what);
	free(numbers);
}

static void put_leaks(FILE *out, unsigned depth, const struct program *p, const struct report *r,
		      bool color)
{
	struct program_leak **list;
	size_t n = 0, i = 0;

	for (const struct program_leak *l = p->leaks; l; l = l->next)
		n += is_shown(l, r);
	list = must_alloc(n * sizeof(struct program_leak *));
	for (struct program_leak *l = p->leaks; l; l = l->next)
		if (is_shown(l, r))
			list[i++] = l;
	qsort(list, n, sizeof(*list), by_severity);
	for (i = 0; i < n; i++)
		put_leak(out, depth, list[i], color);
	free(list);
}

/* The next program in the order of the tree, *depth its depth; NULL: there is none. */
static const struct program *next_of(const struct program *p, unsigned *depth)
{
	if (p->child) {
		++*depth;
		return p->child;
	}
	while (p && !p->next) {
		p = p->parent;
		--*depth;
	}
	return p ? p->next : NULL;
}

void render_tree(FILE *out, const struct programs *all, const struct report *r,
		 const struct render_options *o)
{
	unsigned depth = 0;

	for (const struct program *p = all->root.child; p; p = next_of(p, &depth)) {
		char *path = shown(p->path);

		fprintf(out, "%*s%s", (int)(2 * depth), "", path);
		if (p->execs)
			fprintf(out, "  %lu exec%s", p->execs, p->execs == 1 ? "" : "s");
		fputc('\n', out);
		put_leaks(out, depth + 1, p, r, o->color);
		free(path);
	}
	if (all->lost)
		fprintf(out,
			"fdfence: %lu execs and leaks beyond %d branches are not in the tree\n",
			all->lost, PROGRAMS_MAX);
	render_remarks(out, r, o->quiet);
}
