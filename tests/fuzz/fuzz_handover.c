/*
 * FDFENCE_STATE, which whoever starts a program may set: what it says is taken from a parent alone, and
 * what a parent writes its child reads.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "preload/fence/given.h"
#include "preload/fence/handover.h"
#include "preload/raw/libc.h"

#define check(x) ((x) ? (void)0 : abort())
#define NAME	 "/usr/bin/program"
#define PID	 4711

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

struct fdf_real fdf_real;
static int looked;

/* The table is not what is looked at here. */
void fdf_given_read(struct fdf_fence *f)
{
	(void)f;
	looked++;
}

static unsigned long auxv(unsigned long type)
{
	return type == AT_EXECFN ? (unsigned long)NAME : 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct fdf_fence parent, child;
	char *state = malloc(len + sizeof(FDF_HANDOVER)), written[FDF_HANDOVER_LEN];

	fdf_real.getauxval = auxv;
	memcpy(state, FDF_HANDOVER, sizeof(FDF_HANDOVER) - 1);
	memcpy(state + sizeof(FDF_HANDOVER) - 1, data, len);
	state[sizeof(FDF_HANDOVER) - 1 + len] = '\0';
	child = (struct fdf_fence){ .pid = PID };
	looked = 0;
	fdf_handover_read(&child, state);
	check(looked <= 1 && (looked || strlen(state) > sizeof(FDF_HANDOVER)));
	fdf_handover_spoil(state);
	looked = 0;
	child = (struct fdf_fence){ .pid = PID };
	fdf_handover_read(&child, state);
	check(looked == 1 && !child.dropped && !child.warned);
	free(state);

	if (len < 2 * sizeof(uint32_t) + 1)
		return 0;
	parent = (struct fdf_fence){ 0 };
	memcpy(&parent.dropped, data, sizeof(parent.dropped));
	parent.warned = data[4] & 1;
	fdf_handover_write(&parent, written, PID, -100, NAME, data[8] & 1);
	check(memchr(written, '\0', sizeof(written)));
	looked = 0;
	fdf_handover_read(&child, written);
	check(child.dropped == parent.dropped && child.warned == parent.warned);
	check(looked == (data[8] & 1));
	return 0;
}
