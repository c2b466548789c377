/* syscall.S: see preload/entry/syscall.c.  Registers and stack go on as they came. */
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

	/* fdf_memory.sharing rises to \how; r10 and rax are the callee's, rcx is an argument. */
	.macro UNSURE how
	cmpl	$\how, fdf_memory+FDF_AT_UNSURE(%rip)
	jge	9f
	cmpl	$0, fdf_memory+FDF_AT_UNSURE(%rip)
	jne	8f			/* a vfork child does not own its parent's memory */
	mov	$__NR_getpid, %eax
	mov	%rcx, %r10
	syscall
	mov	%r10, %rcx
	mov	%eax, fdf_memory+FDF_AT_OWNER(%rip)
8:	movl	$\how, fdf_memory+FDF_AT_UNSURE(%rip)
9:
	.endm

/* long syscall(long number, ...) */
EXPORT syscall
	cmp	$__NR_execve, %rdi
	je	fdf_syscall_execve
	cmp	$__NR_execveat, %rdi
	je	fdf_syscall_execveat
	cmp	$__NR_close, %rdi
	je	fdf_syscall_close
	cmp	$__NR_close_range, %rdi
	je	fdf_syscall_close_range
	cmp	$__NR_dup, %rdi
	je	fdf_syscall_dup
	cmp	$__NR_fcntl, %rdi
	je	fdf_syscall_fcntl
	cmp	$__NR_ioctl, %rdi
	je	fdf_syscall_ioctl
	cmp	$__NR_dup2, %rdi
	je	fdf_syscall_dup2
	cmp	$__NR_dup3, %rdi
	je	fdf_syscall_dup3
	cmp	$__NR_clone3, %rdi
	je	1f			/* what it holds is not looked at */
	cmp	$__NR_fork, %rdi
	je	2f
	cmp	$__NR_vfork, %rdi
	je	2f
	cmp	$__NR_clone, %rdi
	jne	3f
	test	$FDF_CLONE_FILES, %esi
	jz	2f
1:	movl	$1, fdf_memory+FDF_AT_SHARES(%rip)
2:	UNSURE	FDF_IS_RUNS
3:	jmp	*fdf_real+FDF_AT_SYSCALL(%rip)
END syscall

	.globl	__vfork
	.set	__vfork, vfork
EXPORT vfork
	UNSURE	FDF_IS_STOPS
	jmp	*fdf_real+FDF_AT_VFORK(%rip)
END vfork

EXPORT _Fork
	UNSURE	FDF_IS_STOPS
	jmp	*fdf_real+FDF_AT_FORK(%rip)
END _Fork

	.section .note.GNU-stack, "", @progbits
