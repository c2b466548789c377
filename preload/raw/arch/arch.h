/*
 * arch.h: the header of the processor that is compiled for.  What each has to say stands
 * in the others; a new one needs these, task.S beside its header, and entry/arch/NAME/.
 */
#if defined(__x86_64__) && !defined(__ILP32__)
#include "preload/raw/arch/x86_64/arch.h"
#elif defined(__i386__)
#include "preload/raw/arch/i386/arch.h"
#elif defined(__aarch64__) && defined(__LP64__)
#include "preload/raw/arch/aarch64/arch.h"
#elif defined(__riscv) && __riscv_xlen == 64
#include "preload/raw/arch/riscv64/arch.h"
#else
#error "fdfence's shim knows x86-64, i386, arm64 and riscv64: add preload/raw/arch/NAME/ and preload/entry/arch/NAME/"
#endif
