/* syscall.S: see preload/entry/syscall.c.  Registers and stack go on as they came. */
#include "preload/entry/syscall_layout.h"
#include "preload/raw/numbers.h"

	.text
	.hidden	fdf_memory, fdf_real

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

	/* fdf_memory.sharing rises to \how; t0 to t3 and a7 are the callee's. */
	.macro UNSURE how
	lla	t0, fdf_memory
	lw	t1, FDF_AT_UNSURE(t0)
	li	t2, \how
	bge	t1, t2, 9f
	bnez	t1, 8f			/* a vfork child does not own its parent's memory */
	mv	t3, a0
	li	a7, __NR_getpid
	ecall
	sw	a0, FDF_AT_OWNER(t0)
	mv	a0, t3
8:	sw	t2, FDF_AT_UNSURE(t0)
9:
	.endm

	/* On to libc's own, at this place of fdf_real. */
	.macro GO_ON at
	lla	t0, fdf_real
	ld	t0, \at(t0)
	jr	t0
	.endm

	/* A branch does not reach far. */
	.macro HOOKED nr, hook
	li	t0, \nr
	bne	a0, t0, 7f
	tail	\hook
7:
	.endm

/* long syscall(long number, ...) */
EXPORT syscall
	HOOKED	__NR_execve, fdf_syscall_execve
	HOOKED	__NR_execveat, fdf_syscall_execveat
	HOOKED	__NR_close, fdf_syscall_close
	HOOKED	__NR_close_range, fdf_syscall_close_range
	HOOKED	__NR_dup, fdf_syscall_dup
	HOOKED	__NR_fcntl, fdf_syscall_fcntl
	HOOKED	__NR_ioctl, fdf_syscall_ioctl
	HOOKED	__NR_dup3, fdf_syscall_dup3
	li	t0, __NR_clone3
	beq	a0, t0, 1f		/* what it holds is not looked at */
	li	t0, __NR_clone
	bne	a0, t0, 3f
	andi	t1, a1, FDF_CLONE_FILES
	beqz	t1, 2f
1:	lla	t0, fdf_memory
	li	t1, 1
	sw	t1, FDF_AT_SHARES(t0)
2:	UNSURE	FDF_IS_RUNS
3:	GO_ON	FDF_AT_SYSCALL
END syscall

	.globl	__vfork
	.set	__vfork, vfork
EXPORT vfork
	UNSURE	FDF_IS_STOPS
	GO_ON	FDF_AT_VFORK
END vfork

EXPORT _Fork
	UNSURE	FDF_IS_STOPS
	GO_ON	FDF_AT_FORK
END _Fork

	.section .note.GNU-stack, "", @progbits
