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
	lea	-FDF_STACK_GAP(%rsp), \to
	and	$-16, \to
	mov	\fn, -8(\to)
	mov	\arg, -16(\to)
	lea	-16(\to), \to
	.endm

/* long fdf_task_clone3(struct fdf_clone *a, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone3
	TASK_STACK %rax, %rsi, %rdx
	lea	-FDF_STACK_SAID(%rax), %rax
	mov	%rax, FDF_CLONE_STACK(%rdi)
	movq	$FDF_STACK_SAID, FDF_CLONE_STACK_SIZE(%rdi)
	mov	$FDF_CLONE_SIZE, %esi
	mov	$__NR_clone3, %eax
	syscall
	test	%rax, %rax
	jz	fdf_task_begin
	ret
END fdf_task_clone3

/* long fdf_task_clone(unsigned long flags, void *pidfd, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone
	TASK_STACK %rax, %rdx, %rcx
	mov	%rsi, %rdx		/* parent_tid, which a pidfd takes the place of */
	mov	%rax, %rsi
	xor	%r10d, %r10d
	xor	%r8d, %r8d
	mov	$__NR_clone, %eax
	syscall
	test	%rax, %rax
	jz	fdf_task_begin
	ret
END fdf_task_clone

/* In the task: fn(arg), and the end with what it returned. */
FUNCTION fdf_task_begin
	.cfi_undefined rip
	xor	%ebp, %ebp
	pop	%rdi
	pop	%rax
	call	*%rax
	mov	%eax, %edi
	mov	$__NR_exit, %eax
	syscall
	hlt
END fdf_task_begin

	.section .note.GNU-stack, "", @progbits
