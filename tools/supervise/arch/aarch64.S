/*
 * aarch64.S: the stubs that close descriptors in a new image, before the image's first instruction
 * (x86_64.S).  Registers are zero when an image starts, but for the stack pointer; x16, which no ABI
 * promises anything of, stays with the entry.
 */
#include <asm/unistd.h>

	.section .rodata
	.balign	8
	.globl arch_stub_ranges, arch_stub_ranges_end
	.hidden arch_stub_ranges, arch_stub_ranges_end
	.type arch_stub_ranges, %object
arch_stub_ranges:
	adr	x9, arch_stub_ranges_end+8
1:	ldp	w0, w1, [x9]
	mov	x2, #0
	mov	x8, #__NR_close_range
	svc	#0
	cbnz	x0, 2f
	ldr	w0, [x9, #8]!
	cbnz	w0, 1b
	ldr	x16, arch_stub_ranges_end
	mov	x0, #0
	mov	x1, #0
	mov	x8, #0
	mov	x9, #0
	br	x16
2:	udf	#0
	.balign	8
arch_stub_ranges_end:
	.quad	0, 0

	.balign	8
	.globl arch_stub_each, arch_stub_each_end
	.hidden arch_stub_each, arch_stub_each_end
	.type arch_stub_each, %object
arch_stub_each:
	adr	x9, arch_stub_each_end+8
	mov	x8, #__NR_close
1:	ldp	w10, w11, [x9]		/* the number, the last one */
2:	mov	w0, w10
	svc	#0
	add	w10, w10, #1
	cmp	w10, w11
	b.ls	2b
	ldr	w10, [x9, #8]!
	cbnz	w10, 1b
	brk	#0
	.balign	8
arch_stub_each_end:
	.quad	0, 0
	.section .note.GNU-stack, "", %progbits
