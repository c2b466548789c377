/*
 * aarch64.S: the stub that closes ranges of descriptors in a new image, before the image's first
 * instruction (x86_64.S).  Registers are zero when an image starts, but for the stack
 * pointer; x16, which no ABI promises anything of, stays with the entry.
 */
#include <asm/unistd.h>

	.section .rodata
	.balign	8
	.globl arch_stub_code, arch_stub_end
	.hidden arch_stub_code, arch_stub_end
	.type arch_stub_code, %object
arch_stub_code:
	adr	x9, ranges
1:	ldp	w0, w1, [x9]
	mov	x2, #0
	mov	x8, #__NR_close_range
	svc	#0
	cbnz	x0, 2f
	ldr	w0, [x9, #8]!
	cbnz	w0, 1b
	ldr	x16, entry
	mov	x0, #0
	mov	x1, #0
	mov	x8, #0
	mov	x9, #0
	br	x16
2:	udf	#0
	.balign	8
arch_stub_end:
entry:	.quad	0
ranges:	.quad	0
	.section .note.GNU-stack, "", %progbits
