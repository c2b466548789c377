/* task.c: see task.h; the stack switch itself is assembler, in arch/NAME/task.S. */
#include <stddef.h>

#include "preload/raw/sys.h"
#include "preload/raw/task.h"
#include "preload/raw/task_layout.h"

_Static_assert(offsetof(struct fdf_clone, stack) == FDF_CLONE_STACK, "task_layout.h");
_Static_assert(offsetof(struct fdf_clone, stack_size) == FDF_CLONE_STACK_SIZE, "task_layout.h");
_Static_assert(sizeof(struct fdf_clone) == FDF_CLONE_SIZE, "task_layout.h");

long sys_clone_call(struct fdf_clone *a, int with3, int (*fn)(void *), void *arg)
{
	if (fdf_on_valgrind()) {
		/* it knows no task on the caller's stack, and cannot share memory: a fork does as well,
		 * but that an exec that fails shows in the child's status alone */
		long pid = SYS5(__NR_clone, a->exit_signal, 0, 0, 0, 0);

		if (pid == 0)
			sys_exit(fn(arg));
		return pid;
	}
	if (with3)
		return fdf_task_clone3(a, fn, arg);
	return fdf_task_clone((unsigned long)(a->flags | a->exit_signal),
			      (void *)(uintptr_t)a->pidfd, fn, arg);
}
