/*
 * unseen.c: see unseen.h.
 */
#include <stddef.h>
#include <string.h>

#include "tools/records/unseen.h"

#define PREFIX "not covered: "

static const char *const texts[] = {
	[UNSEEN_TRACED] = PREFIX "its caller is traced by another program",
	[UNSEEN_NOT_DUMPABLE] = PREFIX "its caller is not dumpable",
	[UNSEEN_FOREIGN] = PREFIX "its caller is in a PID namespace that cannot be seen from here",
	[UNSEEN_OTHER] = PREFIX "its caller cannot be traced",
};

const char *unseen_text(enum unseen why)
{
	return texts[why];
}

const char *unseen_why(const char *inexact)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (!strcmp(texts[i], inexact))
			return texts[i] + sizeof(PREFIX) - 1;
	return NULL;
}
