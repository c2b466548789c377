/* arch.h: how arm64 asks its kernel; included by preload/raw/arch/arch.h alone. */
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
	register long nr __asm__("x8") = n;
	register long ra __asm__("x0") = a;
	register long rb __asm__("x1") = b;
	register long rc __asm__("x2") = c;
	register long rd __asm__("x3") = d;
	register long re __asm__("x4") = e;
	register long rf __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(ra)
			 : "r"(nr), "r"(rb), "r"(rc), "r"(rd), "r"(re), "r"(rf)
			 : "memory");
	return ra;
}

/* System call n with five arguments; -errno, or what it returned. */
static inline long sys5(long n, long a, long b, long c, long d, long e)
{
	register long nr __asm__("x8") = n;
	register long ra __asm__("x0") = a;
	register long rb __asm__("x1") = b;
	register long rc __asm__("x2") = c;
	register long rd __asm__("x3") = d;
	register long re __asm__("x4") = e;

	__asm__ volatile("svc #0"
			 : "+r"(ra)
			 : "r"(nr), "r"(rb), "r"(rc), "r"(rd), "r"(re)
			 : "memory");
	return ra;
}

#include "preload/raw/arch/generic.h"

/* The programs that the kernel runs for certain, and those that it may run too. */
#define FDF_ELF_CLASS	   ELFCLASS64
#define FDF_ELF_MACHINE	   EM_AARCH64
#define FDF_ELF_MAY_RUN(m) ((m) == EM_AARCH64 || (m) == EM_ARM)

/* The kernel's struct sigaction has a place for the way back from a handler. */
#define FDF_SIGACTION_RESTORER 1

/*
 * Does valgrind run this program?  It reads no memory that the program may not read, and knows few
 * ways to clone.  The sequence does nothing on a processor; valgrind knows it (its client request
 * RUNNING_ON_VALGRIND).
 */
static inline bool fdf_on_valgrind(void)
{
	const long request[6] = { 0x1001 };
	register long r __asm__("x3") = 0;
	register const long *p __asm__("x4") = request;

	__asm__ volatile("ror x12, x12, #3\n\tror x12, x12, #13\n\tror x12, x12, #51\n\tror x12, "
			 "x12, #61\n\t"
			 "orr x10, x10, x10"
			 : "+r"(r)
			 : "r"(p)
			 : "cc", "memory", "x12");
	return r != 0;
}

/* The version that glibc's oldest symbols have here, its posix_spawn too. */
#define FDF_GLIBC_SPAWN "GLIBC_2.17"

#endif
