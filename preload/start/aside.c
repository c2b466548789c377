/*
 * aside.c: a call of libc's that starts a program, with a sealed table.
 *
 * What libc starts by itself cannot be met on its way, and nothing gives a thread the table back
 * that it once left.  A caller that is alone marks its own table, and takes the marks back.  For one
 * among others a thread of libc's makes the call, with a table of its own, while the caller waits:
 * handlers run where they would without the fence.  One that leaves by siglongjmp() leaves the
 * thread behind, as it leaves the program that was started: what that still touches is mapped, and
 * stays.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>

#include "preload/start/exec.h"
#include "preload/judge/seal.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

enum stage { SEALS, HAS_SEALED, CALLS, HAS_ENDED };

struct aside {
	struct fdf_judge judge;
	int (*fn)(void *);
	void *arg;
	void *(*uselocale)(void *);
	void *locale;	 /* the caller's */
	fdf_sigset mask; /* ... */
	int err;
	int stage; /* atomic: enum stage */
	struct fdf_was was[];
};

#define MORE 64 /* descriptors that handlers may open while they are counted */

/* Goes from one stage to the next, if the other one has not gone further. */
static void tell(struct aside *a, int from, enum stage to)
{
	__atomic_compare_exchange_n(&a->stage, &from, to, false, __ATOMIC_RELEASE,
				    __ATOMIC_RELAXED);
	SYS3(__NR_futex, &a->stage, FUTEX_WAKE_PRIVATE, 1);
}

/* for_long: until it comes; else until the other one may have gone. */
static void wait_for(struct aside *a, enum stage stage, bool for_long)
{
	static const struct {
		long s, ns;
	} a_while = { 0, 50000000 };
	int now, r = 0;

	while ((now = __atomic_load_n(&a->stage, __ATOMIC_ACQUIRE)) < (int)stage && r != -ETIMEDOUT)
		r = (int)SYS4(__NR_futex, &a->stage, FUTEX_WAIT_PRIVATE, now,
			      for_long ? NULL : &a_while);
}

static void *thread(void *arg)
{
	struct aside *a = arg;

	a->err = fdf_seal_private(&a->judge, false, -1);
	if (a->err == 0)
		a->err = fdf_judge_commit(&a->judge);
	if (a->err == 0) {
		if (a->uselocale)
			a->uselocale(a->locale);
		tell(a, SEALS, HAS_SEALED);
		/* A signal of the process is the caller's as soon as it takes any, in most cases:
		 * the kernel asks the first thread first, then the older ones.  Held back here,
		 * all would be held back in the program.  If the caller's handler has left by then,
		 * nobody says so. */
		wait_for(a, CALLS, false);
		sys_sigmask(SIG_SETMASK, &a->mask, NULL);
		a->err = a->fn(a->arg);
	}
	__atomic_store_n(&a->stage, HAS_ENDED, __ATOMIC_RELEASE);
	SYS3(__NR_futex, &a->stage, FUTEX_WAKE_PRIVATE, 1);
	return NULL;
}

static int call_in_place(struct aside *a, int max)
{
	struct fdf_undo undo = { .was = a->was, .max = max };
	int r = fdf_seal_in_place(&a->judge, &undo);

	if (r == 0)
		r = fdf_judge_commit(&a->judge);
	if (r == 0)
		r = a->fn(a->arg);
	fdf_unseal(&undo);
	return r;
}

static int call_in_thread(struct aside *a)
{
	int (*create)(unsigned long *, const void *, void *(*)(void *), void *) =
		fdf_libc_next("pthread_create");
	int (*join)(unsigned long, void **) = fdf_libc_next("pthread_join");
	unsigned long id;
	int r = -EAGAIN;

	a->uselocale = fdf_libc_next("uselocale");
	a->locale = a->uselocale ? a->uselocale(NULL) : NULL;
	sys_sigmask(SIG_SETMASK, &FDF_ALL_SIGNALS, &a->mask);
	if (create && join)
		r = -create(&id, NULL, thread, a);
	if (r == 0)
		wait_for(a, HAS_SEALED, true);
	sys_sigmask(SIG_SETMASK, &a->mask, NULL);
	if (r < 0)
		return r;
	tell(a, HAS_SEALED, CALLS);
	wait_for(a, HAS_ENDED, true);
	join(id, NULL);
	return a->err;
}

int fdf_call_sealed(const struct fdf_call *c, int (*fn)(void *arg), void *arg)
{
	struct fdf_fence *f = fdf_fence;
	bool alone = fdf_seal_is_alone(f);
	unsigned max = alone ? fdf_tab_count(true) : 0;
	size_t len;
	struct fdf_scratch *scratch;
	struct aside *a;
	int r;

	if (alone && !max)
		max = (unsigned)fdf_tab_places();
	alone = alone && max; /* else nobody knows how much there would be to put back */
	max += MORE;
	len = sizeof *a + max * sizeof *a->was;
	a = sys_mmap_anon(len);
	if (!a)
		return -ENOMEM;
	a->fn = fn;
	a->arg = arg;
	scratch = fdf_judge_wants_scratch(f) ? fdf_scratch_get(f, sys_getpid()) : NULL;
	fdf_judge_begin(&a->judge, f, c, false, scratch, sys_getpid(), FDF_LATER_CHILD);
	r = alone ? call_in_place(a, (int)max) : call_in_thread(a);
	if (r)
		fdf_judge_failed(&a->judge, r < 0 ? -r : r);
	fdf_scratch_put(f, scratch);
	sys_munmap(a, len);
	return r;
}
