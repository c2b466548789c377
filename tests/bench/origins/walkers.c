/*
 * walkers: what libfdfence-origins.so does for a stack, apart: its own preload/origins/stack.c, linked as there,
 * and the unwinder alone.  A library, since stack_take() leaves its own frames out.
 */
#include <unwind.h>

#include "preload/origins/stack.h"
#include "tests/bench/origins/walks.h"

#define EXPORTED __attribute__((visibility("default"), noinline))

struct walk {
	void **to;
	int n, max;
};

static _Unwind_Reason_Code one(struct _Unwind_Context *c, void *walk)
{
	struct walk *w = walk;
	int interrupted;

	if (w->n == w->max)
		return _URC_END_OF_STACK;
	w->to[w->n++] = (void *)_Unwind_GetIPInfo(c, &interrupted);
	return _URC_NO_REASON;
}

EXPORTED int walk_libgcc(void **to, int max)
{
	struct walk w = { .to = to, .max = max };

	_Unwind_Backtrace(one, &w);
	return w.n;
}

EXPORTED int walk_origins(void **to, int max)
{
	bool in_order;
	unsigned n = stack_take((uintptr_t *)to, (unsigned)max, &in_order);

	__asm__ volatile("" ::: "memory"); /* no tail call */
	return (int)n;
}

__attribute__((constructor)) static void load(void)
{
	stack_open();
}
