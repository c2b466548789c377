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
	.type	\name, %function
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
	sub	\to, sp, #FDF_STACK_GAP
	and	\to, \to, #-16
	stp	\arg, \fn, [\to, #-16]!
	.endm

/* long fdf_task_clone3(struct fdf_clone *a, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone3
	TASK_STACK x9, x1, x2
	sub	x9, x9, #FDF_STACK_SAID
	str	x9, [x0, #FDF_CLONE_STACK]
	mov	x9, #FDF_STACK_SAID
	str	x9, [x0, #FDF_CLONE_STACK_SIZE]
	mov	x1, #FDF_CLONE_SIZE
	mov	x8, #__NR_clone3
	svc	#0
	cbz	x0, fdf_task_begin
	ret
END fdf_task_clone3

/* long fdf_task_clone(unsigned long flags, void *pidfd, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone
	TASK_STACK x9, x2, x3
	mov	x2, x1			/* parent_tid, which a pidfd takes the place of */
	mov	x1, x9
	mov	x3, #0
	mov	x4, #0
	mov	x8, #__NR_clone
	svc	#0
	cbz	x0, fdf_task_begin
	ret
END fdf_task_clone

/* In the task: fn(arg), and the end with what it returned. */
FUNCTION fdf_task_begin
	.cfi_undefined x30
	ldp	x0, x9, [sp]
	mov	x29, #0
	mov	x30, #0
	blr	x9
	mov	x8, #__NR_exit
	svc	#0
	udf	#0
END fdf_task_begin

	.section .note.GNU-stack, "", %progbits
