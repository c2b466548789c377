/* stack.c: see stack.h. */
#include <stdbool.h>
#include <unwind.h>
#include <dlfcn.h>

#include "preload/origins/stack.h"

#define DEEP 24 /* frames of a walk, those of this library among them */

/*
 * One walk: the return addresses, and where on the stack each lay.  Told again without a walk
 * where the same function is called at the same place of the stack: if each of them still lies where
 * it did, from the innermost outwards, each frame is where it was and so is the next address.
 */
struct walk {
	uintptr_t at; /* frame of stack_take(); 0: nothing is kept */
	unsigned n;
	bool in_order;
	uintptr_t pc[DEEP], place[DEEP];
};

static __typeof__(_dl_find_object) *find_object; /* NULL: musl */

#define KEPT 4
static __thread struct walk kept[KEPT] __attribute__((tls_model("initial-exec")));

static bool is_own(uintptr_t pc)
{
	return pc >= (uintptr_t)__ehdr_start && pc < (uintptr_t)_end;
}

static _Unwind_Reason_Code one(struct _Unwind_Context *c, void *walk)
{
	struct walk *w = walk;
	int interrupted = 0;
	uintptr_t pc = _Unwind_GetIPInfo(c, &interrupted), place = _Unwind_GetCFA(c) - sizeof(pc);

	w->in_order &= !interrupted && w->n < DEEP;
	if (!pc || w->n == DEEP)
		return _URC_END_OF_STACK;
	if (place > w->at) { /* else of what stack_take() calls */
		w->pc[w->n] = pc;
		w->place[w->n++] = place;
	}
	return _URC_NO_REASON;
}

/* Behind a signal frame an address lies elsewhere: then never. */
static bool is_still(const struct walk *w)
{
	for (unsigned i = 0; i < w->n; i++)
		if (*(const uintptr_t *)w->place[i] != w->pc[i])
			return false;
	return w->n;
}

/* A signal handler in between has another place of the stack. */
static void keep(struct walk *to, const struct walk *w)
{
	to->at = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	to->n = w->n;
	to->in_order = w->in_order;
	for (unsigned i = 0; i < w->n; i++) {
		to->pc[i] = w->pc[i];
		to->place[i] = w->place[i];
	}
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	to->at = w->at;
}

unsigned __attribute__((noinline)) stack_take(uintptr_t *to, unsigned max, bool *in_order)
{
	uintptr_t at = (uintptr_t)__builtin_frame_address(0);
	struct walk *k = &kept[at / 16 % KEPT], now;
	const struct walk *w = k;
	unsigned n = 0;

	if (k->at != at || !is_still(k)) {
		now.at = at;
		now.n = 0;
		now.in_order = find_object;
		if (find_object) /* else the unwinder does not find itself, and aborts */
			_Unwind_Backtrace(one, &now);
		if (is_still(&now))
			keep(k, &now);
		w = &now;
	}
	*in_order = w->in_order;
	for (unsigned i = 0; i < w->n && n < max; i++)
		if (n || !is_own(w->pc[i]))
			to[n++] = w->pc[i];
	return n;
}

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
	bool in_order;

	find_object = (__typeof__(find_object))dlsym(RTLD_DEFAULT, "_dl_find_object");
	stack_take(one_frame, 1, &in_order);
}
