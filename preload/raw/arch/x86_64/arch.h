/* arch.h: how x86-64 asks its kernel; included by preload/raw/arch/arch.h alone. */
#ifndef FDF_ARCH_H
#define FDF_ARCH_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preload/raw/numbers.h"

/* System call n with five arguments; -errno, or what it returned. */
static inline long sys5(long n, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Of a call that has five at most: in the register of a sixth, f goes along for a supervisor. */
#define FDF_TELLS_SUPERVISOR 1
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* mmap(NULL, len, prot, flags, -1, 0) */
static inline long sys_mmap_new(size_t len, long prot, long flags)
{
	return sys6(__NR_mmap, 0, (long)len, prot, flags, -1, 0);
}

static inline long sys_pread(int fd, void *buf, size_t len, uint64_t at)
{
	return sys5(__NR_pread64, fd, (long)buf, (long)len, (long)at, 0);
}

/* The programs that the kernel runs for certain, and those that it may run too. */
#define FDF_ELF_CLASS	   ELFCLASS64
#define FDF_ELF_MACHINE	   EM_X86_64
#define FDF_ELF_MAY_RUN(m) ((m) == EM_X86_64 || (m) == EM_386 || (m) == 6 /* EM_486 */)

/*
 * Does valgrind run this program?  It reads no memory that the program may not read, and knows few
 * ways to clone.  The sequence does nothing on a processor; valgrind knows it (its client request
 * RUNNING_ON_VALGRIND).
 */
static inline bool fdf_on_valgrind(void)
{
	const long request[6] = { 0x1001 };
	long r = 0;

	__asm__ volatile(
		"rolq $3, %%rdi\n\trolq $13, %%rdi\n\trolq $61, %%rdi\n\trolq $51, %%rdi\n\t"
		"xchgq %%rbx, %%rbx"
		: "+d"(r)
		: "a"(request)
		: "cc", "memory");
	return r != 0;
}

/* Calls that other processors have in an older form, too. */
#define FDF_NR_FCNTL	 __NR_fcntl
#define FDF_NR_SELECT	 __NR_select
#define FDF_NR_FSTATAT	 __NR_newfstatat
#define FDF_NR_FSTAT	 __NR_fstat
#define FDF_NR_GETUID	 __NR_getuid
#define FDF_NR_GETGID	 __NR_getgid
#define FDF_NR_GETEUID	 __NR_geteuid
#define FDF_NR_GETEGID	 __NR_getegid
#define FDF_NR_SETUID	 __NR_setuid
#define FDF_NR_SETGID	 __NR_setgid
#define FDF_NR_SETRESUID __NR_setresuid
#define FDF_NR_SETRESGID __NR_setresgid

/* The kernel's struct sigaction has a place for the way back from a handler. */
#define FDF_SIGACTION_RESTORER 1

/* What fcntl fills in, with 64-bit offsets: struct flock of <asm/fcntl.h>. */
struct fdf_flock {
	int16_t type, whence;
	int32_t pad;
	int64_t start, len;
	int32_t pid;
};

/* fcntl64 is another function of libc than fcntl: it reads struct flock with 64-bit offsets. */
#define FDF_TWO_FCNTLS 0

/* The version that glibc's oldest symbols have here; its posix_spawn changed with another one. */
#define FDF_GLIBC_SPAWN "GLIBC_2.15"
#define FDF_GLIBC_FIRST "GLIBC_2.2.5"

/* struct stat of <asm/stat.h>, which libc's headers exclude. */
struct fdf_kernel_stat {
	uint64_t dev, ino, nlink;
	uint32_t mode, uid, gid, pad;
	uint64_t rdev, size, rest[11];
};

/* struct timespec of the clock: 0 or -errno. */
static inline int sys_clock(int clock, int64_t *seconds, int64_t *ns)
{
	struct {
		int64_t s, ns;
	} t = { 0, 0 };
	long r = sys5(__NR_clock_gettime, clock, (long)&t, 0, 0, 0);

	*seconds = t.s;
	*ns = t.ns;
	return (int)r;
}

#endif
