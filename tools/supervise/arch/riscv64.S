/*
 * riscv64.S: the stub that closes ranges of descriptors in a new image, before the image's first
 * instruction (x86_64.S).  Registers are zero when an image starts, but for pc and
 * the stack pointer; t1, which no ABI promises anything of, stays with the entry.
 */
#include <asm/unistd.h>

	.section .rodata
	.balign	8
	.globl arch_stub_code, arch_stub_end
	.hidden arch_stub_code, arch_stub_end
	.type arch_stub_code, @object
	.option push
	.option norelax
	.option norvc
arch_stub_code:
	lla	t0, ranges
1:	lwu	a0, 0(t0)
	lwu	a1, 4(t0)
	li	a2, 0
	li	a7, __NR_close_range
	ecall
	bnez	a0, 2f
	addi	t0, t0, 8
	lwu	a0, 0(t0)
	bnez	a0, 1b
	lla	t1, entry
	ld	t1, 0(t1)
	li	a1, 0
	li	a7, 0
	li	t0, 0
	jr	t1
2:	unimp
	.balign	8
arch_stub_end:
entry:	.quad	0
ranges:	.quad	0
	.option pop
	.section .note.GNU-stack, "", @progbits
