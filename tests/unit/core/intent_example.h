/*
 * intent_example.h: examples of execs as text, as in the columns keep and miss
 * of conventions.tsv, and what is meant as text.
 *
 *	[@exe=PATH] [@applet=NAME] [@pid=N] [@same] [VARIABLE=VALUE ...] [-- INTO ARGUMENT ...]
 *
 * One space separates; inside, \s is a space and \n a newline.  Without "--" the
 * target is /usr/bin/prog; exe is /usr/sbin/parent and pid 100 unless given.
 */
#ifndef INTENT_EXAMPLE_H
#define INTENT_EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/intent.h"

struct example {
	struct fdf_exec x;
	char text[4096];
	char *argv[64], *envp[64];
};

static inline void example_parse(struct example *e, const char *text)
{
	static char prog[] = "/usr/bin/prog", *none[] = { prog, NULL };
	char *in, *out, *word, *save = NULL;
	int argc = -1, envc = 0;

	memset(e, 0, sizeof(*e));
	snprintf(e->text, sizeof(e->text), "%s", text);
	e->x.exe = fdf_str("/usr/sbin/parent");
	e->x.pid = 100;
	for (word = strtok_r(e->text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		for (in = out = word; *in; in++, out++)
			if (*in == '\\' && (in[1] == 's' || in[1] == 'n'))
				*out = *++in == 's' ? ' ' : '\n';
			else
				*out = *in;
		*out = 0;
		if (argc >= 0)
			e->argv[argc++] = word;
		else if (!strcmp(word, "--"))
			argc = 0;
		else if (!strncmp(word, "@exe=", 5))
			e->x.exe = fdf_str(word + 5);
		else if (!strncmp(word, "@applet=", 8))
			e->x.applet = fdf_str(word + 8);
		else if (!strncmp(word, "@pid=", 5))
			e->x.pid = atoi(word + 5);
		else if (!strcmp(word, "@same"))
			e->x.same_image = true;
		else
			e->envp[envc++] = word;
	}
	e->x.argv = argc > 0 ? e->argv : none;
	e->x.envp = e->envp;
	e->x.into = fdf_str(e->x.argv[0]);
}

static inline struct fdf_intent example_read(const char *text, unsigned members)
{
	struct example e;
	struct fdf_intent in;

	example_parse(&e, text);
	memset(&in, 0xff, sizeof(in));
	fdf_intent_read(&in, &e.x, members);
	for (int i = 0; i < in.n; i++)
		in.meant[i].by = (struct fdf_str){ NULL, 0 }; /* e is gone */
	return in;
}

static inline int example_order(const void *a, const void *b)
{
	const struct fdf_meant *x = a, *y = b;

	return x->first != y->first ? (x->first > y->first) - (x->first < y->first)
				    : x->member - y->member;
}

static const char *const conditions[] = {
	[0] = "",
	[FDF_IF_PIPE] = " pipe",
	[FDF_IF_SOCKET] = " socket",
	[FDF_IF_MEMORY] = " memory",
	[FDF_IF_HARMLESS] = " harmless",
};

/* "all; precise 7 socket; generic 8-9 harmless", sorted by number; "" if nothing is meant. */
static inline const char *example_meant(const char *text, unsigned members)
{
	static char out[4096];
	struct fdf_intent in = example_read(text, members);
	size_t n = 0;

	qsort(in.meant, in.n, sizeof(*in.meant), example_order);
	out[0] = 0;
	if (in.image)
		n += snprintf(out, sizeof(out), "all; ");
	for (int i = 0; i < in.n; i++) {
		struct fdf_meant *m = &in.meant[i];

		n += snprintf(out + n, sizeof(out) - n, "%s %d", fdf_member_name(m->member),
			      m->first);
		if (m->last != m->first)
			n += snprintf(out + n, sizeof(out) - n, "-%d", m->last);
		n += snprintf(out + n, sizeof(out) - n, "%s; ", conditions[m->only_if]);
	}
	if (n)
		out[n - 2] = 0;
	return out;
}

#endif
