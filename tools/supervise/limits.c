/*
 * limits.c: see limits.h.
 */
#include <stddef.h>
#include <sys/resource.h>

#include "tools/supervise/limits.h"

#define FILES 4096 /* open at once: more than there are threads for; it has no "without end" */

/* Not how many processes there may be, nor how much is locked: it has what it needs of both, or does without. */
static const int raised[] = { RLIMIT_CPU,   RLIMIT_AS,	   RLIMIT_DATA,
			      RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_RTTIME };

static void raise_one(int which)
{
	struct rlimit is, more = { RLIM_INFINITY, RLIM_INFINITY };

	if (getrlimit(which, &is))
		return;
	if (which == RLIMIT_NOFILE)
		more.rlim_cur = more.rlim_max = is.rlim_max > FILES ? is.rlim_max : FILES;
	if (!setrlimit(which, &more))
		return;
	is.rlim_cur = is.rlim_max;
	setrlimit(which, &is);
}

void limits_raise(void)
{
	for (size_t i = 0; i < sizeof(raised) / sizeof(*raised); i++)
		raise_one(raised[i]);
}

unsigned long limits_life_s(void)
{
	struct rlimit cpu;

	return getrlimit(RLIMIT_CPU, &cpu) || cpu.rlim_max == RLIM_INFINITY ? 0 : cpu.rlim_max;
}
