/* arch.h: the number that DWARF has for the register that may hold a frame's base. */
#ifndef FDF_ORIGINS_ARCH_H
#define FDF_ORIGINS_ARCH_H

#if defined(__x86_64__)
#define FRAME_BASE_REGISTER 6 /* rbp */
#elif defined(__i386__)
#define FRAME_BASE_REGISTER 5 /* ebp */
#elif defined(__aarch64__)
#define FRAME_BASE_REGISTER 29
#elif defined(__riscv)
#define FRAME_BASE_REGISTER 8 /* s0 */
#else
#error "which register holds a frame's base here?"
#endif

#endif
