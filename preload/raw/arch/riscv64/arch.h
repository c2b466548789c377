/* arch.h: how riscv64 asks its kernel; included by preload/raw/arch/arch.h alone. */
#ifndef FDF_ARCH_H
#define FDF_ARCH_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preload/raw/numbers.h"

/* Of a call that has five at most: in the register of a sixth, f goes along for a supervisor. */
#define FDF_TELLS_SUPERVISOR 1
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long nr __asm__("a7") = n;
	register long ra __asm__("a0") = a;
	register long rb __asm__("a1") = b;
	register long rc __asm__("a2") = c;
	register long rd __asm__("a3") = d;
	register long re __asm__("a4") = e;
	register long rf __asm__("a5") = f;

	__asm__ volatile("ecall"
			 : "+r"(ra)
			 : "r"(nr), "r"(rb), "r"(rc), "r"(rd), "r"(re), "r"(rf)
			 : "memory");
	return ra;
}

/* System call n with five arguments; -errno, or what it returned. */
static inline long sys5(long n, long a, long b, long c, long d, long e)
{
	register long nr __asm__("a7") = n;
	register long ra __asm__("a0") = a;
	register long rb __asm__("a1") = b;
	register long rc __asm__("a2") = c;
	register long rd __asm__("a3") = d;
	register long re __asm__("a4") = e;

	__asm__ volatile("ecall"
			 : "+r"(ra)
			 : "r"(nr), "r"(rb), "r"(rc), "r"(rd), "r"(re)
			 : "memory");
	return ra;
}

#include "preload/raw/arch/generic.h"

/* The programs that the kernel runs for certain, and those that it may run too. */
#define FDF_ELF_CLASS	   ELFCLASS64
#define FDF_ELF_MACHINE	   EM_RISCV
#define FDF_ELF_MAY_RUN(m) ((m) == EM_RISCV)

/* The kernel's struct sigaction has no place for the way back from a handler. */
#define FDF_SIGACTION_RESTORER 0

/* Valgrind does not run there in what this was tried with. */
static inline bool fdf_on_valgrind(void)
{
	return false;
}

/* The version that glibc's oldest symbols have here, its posix_spawn too. */
#define FDF_GLIBC_SPAWN "GLIBC_2.27"

#endif
