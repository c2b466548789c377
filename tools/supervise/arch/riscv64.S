/*
 * riscv64.S: the stubs that close descriptors in a new image, before the image's first instruction
 * (x86_64.S).  Registers are zero when an image starts, but for pc and the stack pointer; t1, which no
 * ABI promises anything of, stays with the entry.
 */
#include <asm/unistd.h>

	.section .rodata
	.balign	8
	.globl arch_stub_ranges, arch_stub_ranges_end
	.hidden arch_stub_ranges, arch_stub_ranges_end
	.type arch_stub_ranges, @object
	.option push
	.option norelax
	.option norvc
arch_stub_ranges:
	lla	t0, arch_stub_ranges_end+8
1:	lwu	a0, 0(t0)
	lwu	a1, 4(t0)
	li	a2, 0
	li	a7, __NR_close_range
	ecall
	bnez	a0, 2f
	addi	t0, t0, 8
	lwu	a0, 0(t0)
	bnez	a0, 1b
	lla	t1, arch_stub_ranges_end
	ld	t1, 0(t1)
	li	a1, 0
	li	a7, 0
	li	t0, 0
	jr	t1
2:	unimp
	.balign	8
arch_stub_ranges_end:
	.quad	0, 0

	.globl arch_stub_each, arch_stub_each_end
	.hidden arch_stub_each, arch_stub_each_end
	.type arch_stub_each, @object
arch_stub_each:
	lla	t0, arch_stub_each_end+8
	li	a7, __NR_close
1:	lwu	t2, 0(t0)		/* the number */
	lwu	t3, 4(t0)		/* the last one */
2:	mv	a0, t2
	ecall
	addi	t2, t2, 1
	bleu	t2, t3, 2b
	addi	t0, t0, 8
	lwu	t2, 0(t0)
	bnez	t2, 1b
	ebreak
	.balign	8
arch_stub_each_end:
	.quad	0, 0
	.option pop
	.section .note.GNU-stack, "", @progbits
