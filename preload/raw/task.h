/*
 * task.h: a task on the caller's own stack, the one place with a stack switch.
 *
 * Async-signal-safe; allocates nothing.  The task's half never returns through
 * the caller's frames: it calls fn and ends.  The caller's half touches nothing
 * below its stack pointer until the task has ended: it sleeps in vfork's wait.
 */
#ifndef FDF_TASK_H
#define FDF_TASK_H

#include <stdint.h>

/* struct clone_args of <linux/sched.h>, as far as it is used here. */
struct fdf_clone {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};
#define FDF_CLEAR_SIGHAND 0x100000000ULL /* since Linux 5.5 */
#define FDF_INTO_CGROUP	  0x200000000ULL /* since Linux 5.7 */

/*
 * Run fn(arg) in a new task on the caller's own stack, below its frames, and
 * return the task's id or -errno.  flags must hold CLONE_VM | CLONE_VFORK: the
 * caller sleeps until the task has exec'd or ended, so that nothing below its
 * stack pointer is in use (the shim is built without a red zone).  No memory is
 * allocated and a task that fails leaves nothing behind.  a->stack is set here.
 * with3 chooses clone3 (CLEAR_SIGHAND, INTO_CGROUP need it).
 */
long sys_clone_call(struct fdf_clone *a, int with3, int (*fn)(void *), void *arg);

/* The halves of sys_clone_call(): by clone3, and by clone, where pidfd is what it fills in. */
long fdf_task_clone3(struct fdf_clone *a, int (*fn)(void *), void *arg);
long fdf_task_clone(unsigned long flags, void *pidfd, int (*fn)(void *), void *arg);

#endif
