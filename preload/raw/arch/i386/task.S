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

	.macro SAVE reg
	push	\reg
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset \reg, 0
	.endm

	.macro RESTORE reg
	pop	\reg
	.cfi_adjust_cfa_offset -4
	.cfi_restore \reg
	.endm

	/* The task's stack into \to; fn and the argument behind it are at \fn(%esp). Uses eax. */
	.macro TASK_STACK to, fn
	lea	-FDF_STACK_GAP(%esp), \to
	and	$-16, \to
	mov	\fn(%esp), %eax
	mov	%eax, -4(\to)
	mov	\fn+4(%esp), %eax
	mov	%eax, -8(\to)
	sub	$8, \to
	.endm

/* long fdf_task_clone3(struct fdf_clone *a, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone3
	SAVE	%ebx
	mov	8(%esp), %ebx
	TASK_STACK %ecx, 12
	sub	$FDF_STACK_SAID, %ecx
	mov	%ecx, FDF_CLONE_STACK(%ebx)
	movl	$0, FDF_CLONE_STACK+4(%ebx)
	movl	$FDF_STACK_SAID, FDF_CLONE_STACK_SIZE(%ebx)
	movl	$0, FDF_CLONE_STACK_SIZE+4(%ebx)
	mov	$FDF_CLONE_SIZE, %ecx
	mov	$__NR_clone3, %eax
	int	$0x80
	test	%eax, %eax
	jz	fdf_task_begin
	RESTORE	%ebx
	ret
END fdf_task_clone3

/* long fdf_task_clone(unsigned long flags, void *pidfd, int (*fn)(void *), void *arg) */
FUNCTION fdf_task_clone
	SAVE	%ebx
	SAVE	%esi
	SAVE	%edi
	mov	16(%esp), %ebx
	mov	20(%esp), %edx		/* parent_tid, which a pidfd takes the place of */
	TASK_STACK %ecx, 24
	xor	%esi, %esi
	xor	%edi, %edi
	mov	$__NR_clone, %eax
	int	$0x80
	test	%eax, %eax
	jz	fdf_task_begin
	RESTORE	%edi
	RESTORE	%esi
	RESTORE	%ebx
	ret
END fdf_task_clone

/* In the task: fn(arg), and the end with what it returned. */
FUNCTION fdf_task_begin
	.cfi_undefined eip
	xor	%ebp, %ebp
	pop	%eax
	pop	%edx
	sub	$12, %esp
	push	%eax
	call	*%edx
	mov	%eax, %ebx
	mov	$__NR_exit, %eax
	int	$0x80
	hlt
END fdf_task_begin

	.section .note.GNU-stack, "", @progbits
