/*
 * x86_64.S: the stubs that close descriptors in a new image, before the image's first instruction.
 * They are copied, not run, here: behind each come the address of the image's own entry and the
 * ranges, of which the last is followed by a first number of 0.
 *
 * Registers are zero when an image starts (the kernel's ELF_PLAT_INIT), but for the stack pointer,
 * which nothing here uses.
 */
#include <asm/unistd.h>
#include <cet.h> /* the linker marks a file only where each of its objects is marked */

	.section .rodata
	.globl arch_stub_ranges, arch_stub_ranges_end
	.hidden arch_stub_ranges, arch_stub_ranges_end
	.type arch_stub_ranges, @object
	.balign	8
arch_stub_ranges:
	leaq	arch_stub_ranges_end+8(%rip), %rbx
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
	jmpq	*arch_stub_ranges_end(%rip)
2:	ud2
	.balign	8
arch_stub_ranges_end:
	.quad	0, 0

/* Number by number, and then a trap: what became of it is looked at from outside. */
	.globl arch_stub_each, arch_stub_each_end
	.hidden arch_stub_each, arch_stub_each_end
	.type arch_stub_each, @object
	.balign	8
arch_stub_each:
	leaq	arch_stub_each_end+8(%rip), %rbx
1:	movl	(%rbx), %ebp		/* the number */
2:	movl	%ebp, %edi
	movl	$__NR_close, %eax
	syscall
	incl	%ebp
	cmpl	4(%rbx), %ebp
	jbe	2b
	addq	$8, %rbx
	cmpl	$0, (%rbx)
	jne	1b
	int3
	.balign	8
arch_stub_each_end:
	.quad	0, 0
	.section .note.GNU-stack, "", @progbits
