/* syscall.S: see preload/entry/syscall.c.  The stack goes on as it came. */
#include "preload/entry/syscall_layout.h"
#include "preload/raw/numbers.h"

	.text

	.macro EXPORT name
	.globl	\name
	.type	\name, @function
	.balign	16
\name:
	.cfi_startproc
	.endm

	.macro END name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	/* ecx: the base of the data. */
	.macro BASE
	call	8f
	.cfi_adjust_cfa_offset 4
8:	pop	%ecx
	.cfi_adjust_cfa_offset -4
	add	$_GLOBAL_OFFSET_TABLE_+(.-8b), %ecx
	.endm

	/* fdf_memory.sharing rises to \how. */
	.macro UNSURE how
	cmpl	$\how, fdf_memory+FDF_AT_UNSURE@GOTOFF(%ecx)
	jge	9f
	cmpl	$0, fdf_memory+FDF_AT_UNSURE@GOTOFF(%ecx)
	jne	8f			/* a vfork child does not own its parent's memory */
	mov	$__NR_getpid, %eax
	int	$0x80
	mov	%eax, fdf_memory+FDF_AT_OWNER@GOTOFF(%ecx)
8:	movl	$\how, fdf_memory+FDF_AT_UNSURE@GOTOFF(%ecx)
9:
	.endm

	/* On to libc's own, at this place of fdf_real. */
	.macro GO_ON at
	mov	fdf_real+\at@GOTOFF(%ecx), %ecx
	jmp	*%ecx
	.endm

/* long syscall(long number, ...) */
EXPORT syscall
	mov	4(%esp), %eax
	cmp	$__NR_execve, %eax
	je	fdf_syscall_execve
	cmp	$__NR_execveat, %eax
	je	fdf_syscall_execveat
	cmp	$__NR_close, %eax
	je	fdf_syscall_close
	cmp	$__NR_close_range, %eax
	je	fdf_syscall_close_range
	cmp	$__NR_dup, %eax
	je	fdf_syscall_dup
	cmp	$__NR_fcntl, %eax
	je	fdf_syscall_fcntl
	cmp	$__NR_fcntl64, %eax
	je	fdf_syscall_fcntl
	cmp	$__NR_ioctl, %eax
	je	fdf_syscall_ioctl
	cmp	$__NR_dup2, %eax
	je	fdf_syscall_dup2
	cmp	$__NR_dup3, %eax
	je	fdf_syscall_dup3
	BASE
	cmp	$__NR_clone3, %eax
	je	1f			/* what it holds is not looked at */
	cmp	$__NR_fork, %eax
	je	2f
	cmp	$__NR_vfork, %eax
	je	2f
	cmp	$__NR_clone, %eax
	jne	3f
	testl	$FDF_CLONE_FILES, 8(%esp)
	jz	2f
1:	movl	$1, fdf_memory+FDF_AT_SHARES@GOTOFF(%ecx)
2:	UNSURE	FDF_IS_RUNS
3:	GO_ON	FDF_AT_SYSCALL
END syscall

	.globl	__vfork
	.set	__vfork, vfork
EXPORT vfork
	BASE
	UNSURE	FDF_IS_STOPS
	GO_ON	FDF_AT_VFORK
END vfork

EXPORT _Fork
	BASE
	UNSURE	FDF_IS_STOPS
	GO_ON	FDF_AT_FORK
END _Fork

	.section .note.GNU-stack, "", @progbits
