/*
 * syscall.c: syscall(), which may be asked for an exec, and what makes a process
 * without libc's fork handlers: vfork(), _Fork(), clone().
 *
 * Everything but execve, execveat and what closes, moves or marks a number is libc's: arch/NAME/syscall.S jumps there with
 * registers and stack as they came, since a vfork child must find no frame of ours on
 * the stack.  clone() is here: its child has a stack of its own, and is told, where it has memory of its own too.  Two things are remembered: that this memory may have more than one
 * process from now on (sharing.h), and after a clone with CLONE_FILES, that another
 * process has the same table, so that an exec that fails must not leave it.
 */
#include <linux/sched.h>

#include "preload/entry/forked.h"
#include "preload/entry/syscall_layout.h"
#include "preload/fence/fence.h"
#include "preload/raw/libc.h"

#define AT(type, member, offset) \
	_Static_assert(offsetof(struct type, member) == (offset), "syscall_layout.h")
AT(fdf_fence, sharing.unsure, FDF_AT_UNSURE);
AT(fdf_fence, sharing.owner, FDF_AT_OWNER);
AT(fdf_fence, sharing.shares, FDF_AT_SHARES);
AT(fdf_real, syscall, FDF_AT_SYSCALL);
AT(fdf_real, vfork, FDF_AT_VFORK);
AT(fdf_real, fork, FDF_AT_FORK);
_Static_assert(FDF_STOPS == FDF_IS_STOPS && FDF_RUNS == FDF_IS_RUNS, "syscall_layout.h");
_Static_assert(CLONE_FILES == FDF_CLONE_FILES, "syscall_layout.h");

struct made {
	int (*fn)(void *);
	void *arg;
};

/* In the child, whose memory is a copy: what libc calls handlers for. */
static int born(void *arg)
{
	const struct made *m = arg;

	fdf_forked();
	return m->fn(m->arg);
}

/* libc's is variadic; the three behind arg are passed on whether they were given or not. */
FDF_EXPORT int clone(int (*fn)(void *), void *stack, int flags, void *arg, void *ptid, void *tls,
		     void *ctid)
{
	bool forks = fn && fdf_fence && !(flags & CLONE_VM);
	struct made m = { fn, arg };
	int r;

	fdf_sharing_clone(&fdf_memory.sharing, flags);
	if (!fdf_real.clone) /* another constructor comes before ours */
		fdf_real.clone = FDF_REAL(clone);
	if (!forks)
		return fdf_real.clone(fn, stack, flags, arg, ptid, tls, ctid);
	fdf_will_fork();
	r = fdf_real.clone(born, stack, flags, &m, ptid, tls, ctid);
	fdf_has_forked();
	return r;
}
int __clone(int (*fn)(void *), void *stack, int flags, void *arg, void *ptid, void *tls, void *ctid)
	FDF_ALIAS(clone);
