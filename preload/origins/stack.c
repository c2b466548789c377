/* stack.c: see stack.h. */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

#include "preload/origins/arch.h"
#include "preload/origins/stack.h"

#define DEEP   24 /* frames of a walk, those of this library among them */
#define PUSHED 8  /* words below a return address, among which a function saves registers */

/* Whose caller is further away than these bytes may be on a stack of its own, which goes. */
#define SAME_STACK (1024 * 1024)

/*
 * One walk, and where on the stack each address lay.  What lies there still need not be walked again: a frame
 * that returns to the same place of the same function ends where it did, if that follows from the stack pointer.
 * If it follows from the frame's base (alloca, frame pointers), the base has to be the same too: so where the
 * functions below have saved it belongs to what must lie there.
 *
 * Places and bases count from `at`, modulo 2^32: each thread has some of these.
 */
struct walk {
	uintptr_t at; /* frame of stack_take(); 0: none */
	uint8_t n, nsaved;
	bool in_order, is_apart; /* is_apart: interrupted by a signal, or on two stacks */
	uintptr_t pc[DEEP];
	uint32_t place[DEEP], base[DEEP];
	uint32_t saved[DEEP];	/* places of bases ... */
	uint8_t saved_of[DEEP]; /* ... of these frames */
};

static __typeof__(_dl_find_object) *find_object; /* NULL: musl */

/*
 * In valgrind nothing is kept: what a frame's base is looked for among was not all written, and a program is
 * told of reading that.
 */
static bool is_in_valgrind;

#define KEPT 4
static __thread struct kept {
	unsigned
		writes; /* odd: who was interrupted writes; another: a signal handler wrote meanwhile */
	struct walk walk;
} kept[KEPT] __attribute__((tls_model("initial-exec")));

static struct kept *kept_for(uintptr_t at)
{
	return &kept[((uint32_t)(at / 16) * 0x9e3779b1u >> 16) % KEPT];
}

static bool is_own(uintptr_t pc)
{
	return pc >= (uintptr_t)__ehdr_start && pc < (uintptr_t)_end;
}

static uintptr_t word(const struct walk *w, uint32_t place)
{
	return *(const uintptr_t *)(w->at + place);
}

/* Does all lie there, from frame `first` on, and of what is saved that above `above`? */
static bool is_still(const struct walk *w, unsigned first, uint32_t above)
{
	for (unsigned i = first; i < w->n; i++)
		if (word(w, w->place[i]) != w->pc[i])
			return false;
	for (unsigned i = 0; i < w->nsaved; i++)
		if (w->saved[i] >= above && word(w, w->saved[i]) != w->at + w->base[w->saved_of[i]])
			return false;
	return w->n;
}

/* The frame of k that is w's last one; k->n: none. */
static unsigned find_last(const struct walk *k, const struct walk *w)
{
	unsigned last = w->n - 1U, j = 0;
	uintptr_t place = w->at + w->place[last];

	while (j < k->n && k->at + k->place[j] < place)
		j++;
	return j < k->n && k->at + k->place[j] == place && k->pc[j] == w->pc[last] &&
			       (uint32_t)(k->at + k->base[j]) == (uint32_t)(w->at + w->base[last])
		       ? j
		       : k->n;
}

/*
 * The rest of the walk, if its last frame was part of one that is kept and all above lies there still.
 * False also where that was cut and this one would see more.
 */
static bool is_known_from_here(struct walk *w)
{
	for (unsigned i = 0; i < KEPT; i++) {
		const struct walk *k = &kept[i].walk;
		unsigned writes = kept[i].writes, n = w->n, j = writes & 1 ? k->n : find_last(k, w);
		uint32_t shift = (uint32_t)(k->at - w->at);

		if (j == k->n || !is_still(k, j + 1, k->place[j]) ||
		    (!k->in_order && n + k->n - j - 1 < DEEP))
			continue;
		while (++j < k->n && n < DEEP) {
			w->pc[n] = k->pc[j];
			w->place[n] = k->place[j] + shift;
			w->base[n++] = k->base[j] + shift;
		}
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		if (kept[i].writes != writes)
			continue;
		w->in_order &= k->in_order && j == k->n;
		w->n = (uint8_t)n;
		return true;
	}
	return false;
}

/* Where the first thread's stack begins, as glibc says. */
static void *const *first_stack;

/*
 * May the unwinder read the return address of a frame whose stack pointer is sp?  A stack that a program has made
 * may end with an address that nobody returns to (of what a coroutine ends in), and nothing is mapped above it.
 * So at its last page a walk ends, except on the stack that the system has made for the thread.
 */
static bool can_go_on(uintptr_t sp)
{
	uintptr_t end = ((sp - 1) | 4095) + 1;
	uintptr_t of_first = first_stack ? (uintptr_t)*first_stack : 0, of_other = (uintptr_t)kept;
	bool readable;
	int e = errno;

	if (is_in_valgrind || (sp <= of_first && of_first < end) ||
	    (sp <= of_other && of_other < end))
		return true;
	/* There is no such way to change the mask: EINVAL, or EFAULT where there is none to read. */
	readable = syscall(SYS_rt_sigprocmask, -1, end, NULL, 8) && errno != EFAULT;
	errno = e;
	return readable;
}

static _Unwind_Reason_Code one(struct _Unwind_Context *c, void *walk)
{
	struct walk *w = walk;
	int interrupted = 0;
	uintptr_t pc = _Unwind_GetIPInfo(c, &interrupted), place = _Unwind_GetCFA(c) - sizeof(pc);

	w->in_order &= !interrupted && w->n < DEEP;
	w->is_apart |= interrupted;
	if (!pc || w->n == DEEP)
		return _URC_END_OF_STACK;
	if (place <= w->at && !w->is_apart) /* of what stack_take() calls */
		return _URC_NO_REASON;
	w->is_apart |= w->n && place - w->at - w->place[w->n - 1] > SAME_STACK;
	w->pc[w->n] = pc;
	w->place[w->n] = (uint32_t)(place - w->at);
	w->base[w->n++] = (uint32_t)(_Unwind_GetGR(c, FRAME_BASE_REGISTER) - w->at);
	if (!w->is_apart && !is_own(pc) && is_known_from_here(w))
		return _URC_END_OF_STACK;
	/* Who called has run, and so has a place to return to. */
	if (w->n < 2 || is_own(pc) || is_own(w->pc[w->n - 2]) || can_go_on(_Unwind_GetCFA(c)))
		return _URC_NO_REASON;
	w->in_order = false;
	return _URC_END_OF_STACK;
}

/* Frame i's base, as the functions below have saved it: the first that has another, or else stack_take(). */
static bool note_saved(struct walk *w, unsigned i)
{
	const uint32_t size = sizeof(uintptr_t);
	uint32_t at = 0, words = 1;
	unsigned before = w->nsaved, below = i;

	while (below && w->base[below - 1] == w->base[i])
		below--;
	if (below) {
		at = w->place[below] - size;
		words = (at - w->place[below - 1]) / size;
	}
	for (uint32_t k = 0; k < words && k < PUSHED; k++, at -= size) {
		if (word(w, at) != w->at + w->base[i])
			continue;
		if (w->nsaved == DEEP)
			return false;
		w->saved[w->nsaved] = at;
		w->saved_of[w->nsaved++] = (uint8_t)i;
	}
	return w->nsaved > before;
}

/*
 * Can what lies there tell that the walk would be the same?  Of a frame that a signal has interrupted the
 * address lies elsewhere, and its place may not even be readable (the end of a stack).
 */
static bool can_keep(struct walk *w)
{
	w->nsaved = 0;
	if (is_in_valgrind || w->is_apart || !is_still(w, 0, 0))
		return false;
	for (unsigned i = 0; i + 1U < w->n; i++)
		if (w->base[i] > w->place[i] && w->base[i] < w->place[i + 1] && !note_saved(w, i))
			return false;
	return true;
}

static void keep(struct kept *to, const struct walk *w)
{
	if (to->writes & 1)
		return;
	to->writes++;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	to->walk = *w;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	to->writes++;
}

static unsigned tell(const struct walk *w, uintptr_t *to, unsigned max, bool *in_order)
{
	unsigned n = 0;

	*in_order = w->in_order;
	for (unsigned i = 0; i < w->n && n < max; i++)
		if (n || !is_own(w->pc[i]))
			to[n++] = w->pc[i];
	return n;
}

unsigned __attribute__((noinline)) stack_take(uintptr_t *to, unsigned max, bool *in_order)
{
	uintptr_t at = (uintptr_t)__builtin_frame_address(0);
	struct kept *k = kept_for(at);
	unsigned writes = k->writes, n;
	struct walk now;

	if (!(writes & 1) && k->walk.at == at && is_still(&k->walk, 0, 0)) {
		n = tell(&k->walk, to, max, in_order);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		if (k->writes == writes)
			return n;
	}
	now.at = at;
	now.n = 0;
	now.is_apart = false;
	now.in_order = find_object;
	if (find_object) /* else the unwinder does not find itself, and aborts */
		_Unwind_Backtrace(one, &now);
	if (can_keep(&now))
		keep(k, &now);
	return tell(&now, to, max, in_order);
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
	first_stack = dlsym(RTLD_DEFAULT, "__libc_stack_end");
	is_in_valgrind = dlsym(RTLD_DEFAULT, "_vgnU_freeres");
	stack_take(one_frame, 1, &in_order);
}
