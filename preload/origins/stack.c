/* stack.c: see stack.h. */
#include <stdbool.h>
#include <unwind.h>
#include <dlfcn.h>

#include "preload/origins/stack.h"

struct taken {
	uintptr_t *to;
	unsigned n, max;
};

static bool is_own(uintptr_t pc)
{
	return pc >= (uintptr_t)__ehdr_start && pc < (uintptr_t)_end;
}

static _Unwind_Reason_Code one(struct _Unwind_Context *c, void *taken)
{
	struct taken *t = taken;
	uintptr_t pc = _Unwind_GetIP(c);

	if (!pc || t->n == t->max)
		return _URC_END_OF_STACK;
	if (t->n || !is_own(pc))
		t->to[t->n++] = pc;
	return _URC_NO_REASON;
}

unsigned stack_take(uintptr_t *to, unsigned max)
{
	struct taken t = { to, 0, max };

	_Unwind_Backtrace(one, &t);
	return t.n;
}

static __typeof__(_dl_find_object) *find_object;

/*
 * In the place of glibc's, for libgcc's unwinder too (build.mk): a symbol that is not there, as
 * under musl, would keep the program from starting.  There, no stack is found.
 */
int __wrap__dl_find_object(void *pc, struct dl_find_object *found)
{
	return find_object ? find_object(pc, found) : -1;
}

void stack_open(void)
{
	uintptr_t one_frame[1];

	find_object = (__typeof__(find_object))dlsym(RTLD_DEFAULT, "_dl_find_object");
	stack_take(one_frame, 1);
}
