/*
 * unseen.c: see unseen.h.
 */
#include <stddef.h>
#include <errno.h>
#include <string.h>

#include "tools/records/unseen.h"

#define PREFIX "not covered: "

static const char *const texts[] = {
	[UNSEEN_TRACED] = PREFIX "its caller is traced by another program",
	[UNSEEN_NOT_DUMPABLE] = PREFIX "its caller is not dumpable",
	[UNSEEN_USER] = PREFIX "its caller is another user's, and tracing it takes CAP_SYS_PTRACE",
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

const char *unseen_lost(int error)
{
	switch (error) {
	case EAGAIN:
		return "records lost: nobody took them for a second";
	case EMFILE:
	case ENFILE:
		return "records lost: no descriptor was left to send them";
	case EPERM:
	case EACCES:
		return "records lost: it may not send them";
	case ECONNREFUSED:
	case ENOENT:
		return "records lost: no way out of its namespaces";
	default:
		return "records lost: they could not be sent";
	}
}
