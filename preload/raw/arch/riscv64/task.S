/*
 * task.S: see preload/raw/task.h.  A new task has the caller's registers and another stack;
 * what it is to call is put there for it: the argument, and above that the function.
 */
#include "preload/raw/numbers.h"
#include "preload/raw/task_layout.h"

	.text

	.macro FUNCTION name
	.globl	\name
	.hidden	\name
	.type	\name, @function
	.balign	16
\name:
	.cfi_startproc
	.endm

	.macro END name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	/* The task's stack into \to; fn and arg, which are other registers, stand on it. */
	.macro TASK_STACK to, fn, arg
	addi	\to, sp, -FDF_STACK_GAP
	andi	\to, \to, -16
	sd	\fn, -8(\to)
	sd	\arg, -16(\to)
	addi	\to, \to, -16
	.endm

/* long fdf_task_clone3(struct fdf_clone *a, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone3
	TASK_STACK t0, a1, a2
	addi	t0, t0, -FDF_STACK_SAID
	sd	t0, FDF_CLONE_STACK(a0)
	li	t0, FDF_STACK_SAID
	sd	t0, FDF_CLONE_STACK_SIZE(a0)
	li	a1, FDF_CLONE_SIZE
	li	a7, __NR_clone3
	ecall
	beqz	a0, 1f
	ret
1:	tail	fdf_task_begin
END fdf_task_clone3

/* long fdf_task_clone(unsigned long flags, void *pidfd, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone
	TASK_STACK t0, a2, a3
	mv	a2, a1			/* parent_tid, which a pidfd takes the place of */
	mv	a1, t0
	li	a3, 0
	li	a4, 0
	li	a7, __NR_clone
	ecall
	beqz	a0, 1f
	ret
1:	tail	fdf_task_begin
END fdf_task_clone

/* In the task: fn(arg), and the end with what it returned. */
FUNCTION fdf_task_begin
	.cfi_undefined ra
	ld	a0, 0(sp)
	ld	t0, 8(sp)
	li	s0, 0
	li	ra, 0
	jalr	t0
	li	a7, __NR_exit
	ecall
	unimp
END fdf_task_begin

	.section .note.GNU-stack, "", @progbits
