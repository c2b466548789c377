/*
 * sandbox.h: what the unit of a service keeps from it: the library, or the way to the log.
 */
#ifndef FDF_SANDBOX_H
#define FDF_SANDBOX_H

#include <stddef.h>

#include "tools/system/unit_text.h"

enum {
	LIBRARY_SEEN,
	LIBRARY_MAPPED, /* as code */
	LOG_SEEN,
	LOG_WRITTEN,
	SANDBOX_WAYS,
};

/* What a service needs of a path: of two settings the one that is nearer to it holds. */
struct sandbox_way {
	char *closed;  /* "FILE: NAME=VALUE", which closes it; NULL: none does */
	size_t closes; /* bytes of the path that this names; SIZE_MAX: nothing opens it */
	size_t opens;  /* ... and what opens it again */
};

struct sandbox {
	const char *library;
	const char *log; /* NULL: none */
	char *root;	 /* "FILE: NAME=VALUE", which gives it a root of its own, or NULL */
	struct sandbox_way ways[SANDBOX_WAYS];
};

/* One assignment of the unit's file or a drop-in at path. */
void sandbox_see(struct sandbox *s, const char *path, const struct assignment *a);

/* After all of them: does the service get at both?  Returns 0, or -1 after a message. */
int sandbox_check(const struct sandbox *s, const char *unit);

void sandbox_free(struct sandbox *s);

#endif
