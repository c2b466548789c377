/*
 * x86_64.S: the stub that closes ranges of descriptors in a new image, before the image's first
 * instruction.  It is copied, not run, here: behind it come the address of the image's own entry
 * and the ranges, of which the last is followed by a first number of 0.
 *
 * Registers are zero when an image starts (the kernel's ELF_PLAT_INIT), but for the stack pointer,
 * which nothing here uses.
 */
#include <asm/unistd.h>

	.section .rodata
	.globl arch_stub_code, arch_stub_end
	.hidden arch_stub_code, arch_stub_end
	.type arch_stub_code, @object
arch_stub_code:
	leaq	ranges(%rip), %rbx
1:	movl	(%rbx), %edi
	movl	4(%rbx), %esi
	xorl	%edx, %edx
	movl	$__NR_close_range, %eax
	syscall
	testq	%rax, %rax
	jnz	2f
	addq	$8, %rbx
	cmpl	$0, (%rbx)
	jne	1b
	xorl	%ebx, %ebx
	xorl	%ecx, %ecx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%r11d, %r11d
	jmpq	*entry(%rip)
2:	ud2
	.balign	8
arch_stub_end:
entry:	.quad	0
ranges:	.quad	0
	.section .note.GNU-stack, "", @progbits
