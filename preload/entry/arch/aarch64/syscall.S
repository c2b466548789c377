/* syscall.S: see preload/entry/syscall.c.  Registers and stack go on as they came. */
#include "preload/entry/syscall_layout.h"
#include "preload/raw/numbers.h"

	.text
	.hidden	fdf_memory, fdf_real

	.macro EXPORT name
	.globl	\name
	.type	\name, %function
	.balign	16
\name:
	.cfi_startproc
	.endm

	.macro END name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	/* fdf_memory.sharing rises to \how; x8 to x11 are the callee's. */
	.macro UNSURE how
	adrp	x9, fdf_memory
	add	x9, x9, :lo12:fdf_memory
	ldr	w10, [x9, #FDF_AT_UNSURE]
	cmp	w10, #\how
	b.ge	9f
	cbnz	w10, 8f			/* a vfork child does not own its parent's memory */
	mov	x11, x0
	mov	x8, #__NR_getpid
	svc	#0
	str	w0, [x9, #FDF_AT_OWNER]
	mov	x0, x11
8:	mov	w10, #\how
	str	w10, [x9, #FDF_AT_UNSURE]
9:
	.endm

	/* On to libc's own, at this place of fdf_real. */
	.macro GO_ON at
	adrp	x16, fdf_real
	add	x16, x16, :lo12:fdf_real
	ldr	x16, [x16, #\at]
	br	x16
	.endm

/* long syscall(long number, ...) */
EXPORT syscall
	cmp	x0, #__NR_execve
	b.eq	fdf_syscall_execve
	cmp	x0, #__NR_execveat
	b.eq	fdf_syscall_execveat
	cmp	x0, #__NR_close
	b.eq	fdf_syscall_close
	cmp	x0, #__NR_close_range
	b.eq	fdf_syscall_close_range
	cmp	x0, #__NR_dup
	b.eq	fdf_syscall_dup
	cmp	x0, #__NR_fcntl
	b.eq	fdf_syscall_fcntl
	cmp	x0, #__NR_ioctl
	b.eq	fdf_syscall_ioctl
	cmp	x0, #__NR_dup3
	b.eq	fdf_syscall_dup3
	cmp	x0, #__NR_clone3
	b.eq	1f			/* what it holds is not looked at */
	cmp	x0, #__NR_clone
	b.ne	3f
	tst	w1, #FDF_CLONE_FILES
	b.eq	2f
1:	adrp	x9, fdf_memory
	add	x9, x9, :lo12:fdf_memory
	mov	w10, #1
	str	w10, [x9, #FDF_AT_SHARES]
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

	.section .note.GNU-stack, "", %progbits
