/* arch.h: how i386 asks its kernel; included by preload/raw/arch/arch.h alone. */
#ifndef FDF_ARCH_H
#define FDF_ARCH_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preload/raw/numbers.h"

/* System call n with five arguments; -errno, or what it returned.  There is no register left for a
 * sixth. */
static inline long sys5(long n, long a, long b, long c, long d, long e)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(n), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return ret;
}

/* A word for a supervisor would take a sixth: nothing is said. */
#define FDF_TELLS_SUPERVISOR 0
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	(void)f;
	return sys5(n, a, b, c, d, e);
}

/* mmap(NULL, len, prot, flags, -1, 0): the old call takes its six arguments in memory. */
static inline long sys_mmap_new(size_t len, long prot, long flags)
{
	long a[6] = { 0, (long)len, prot, flags, -1, 0 };

	return sys5(__NR_mmap, (long)a, 0, 0, 0, 0);
}

static inline long sys_pread(int fd, void *buf, size_t len, uint64_t at)
{
	return sys5(__NR_pread64, fd, (long)buf, (long)len, (long)(uint32_t)at, (long)(at >> 32));
}

/* The programs that the kernel runs for certain, and those that it may run too. */
#define FDF_ELF_CLASS	   ELFCLASS32
#define FDF_ELF_MACHINE	   EM_386
#define FDF_ELF_MAY_RUN(m) ((m) == EM_X86_64 || (m) == EM_386 || (m) == 6 /* EM_486 */)

/* The newer form of calls that have two: with 64-bit offsets, with 32-bit ids. */
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
		"roll $3, %%edi\n\troll $13, %%edi\n\troll $29, %%edi\n\troll $19, %%edi\n\t"
		"xchgl %%ebx, %%ebx"
		: "+d"(r)
		: "a"(request)
		: "cc", "memory");
	return r != 0;
}

#define FDF_NR_FCNTL	 __NR_fcntl64
#define FDF_NR_SELECT	 __NR__newselect
#define FDF_NR_FSTATAT	 __NR_fstatat64
#define FDF_NR_FSTAT	 __NR_fstat64
#define FDF_NR_GETUID	 __NR_getuid32
#define FDF_NR_GETGID	 __NR_getgid32
#define FDF_NR_GETEUID	 __NR_geteuid32
#define FDF_NR_GETEGID	 __NR_getegid32
#define FDF_NR_SETUID	 __NR_setuid32
#define FDF_NR_SETGID	 __NR_setgid32
#define FDF_NR_SETRESUID __NR_setresuid32
#define FDF_NR_SETRESGID __NR_setresgid32

/* The kernel's struct sigaction has a place for the way back from a handler. */
#define FDF_SIGACTION_RESTORER 1

/* What fcntl fills in, with 64-bit offsets: struct flock64 of <asm/fcntl.h>. */
struct fdf_flock {
	int16_t type, whence;
	int64_t start, len;
	int32_t pid;
};

/* fcntl64 is another function of libc than fcntl: it reads struct flock with 64-bit offsets. */
#define FDF_TWO_FCNTLS 1

/* The version that glibc's oldest symbols have here; its posix_spawn changed with another one. */
#define FDF_GLIBC_SPAWN "GLIBC_2.15"
#define FDF_GLIBC_FIRST "GLIBC_2.2"

/* struct stat64 of <asm/stat.h>, which libc's headers exclude. */
struct fdf_kernel_stat {
	uint64_t dev;
	uint32_t pad, ino_low, mode, nlink, uid, gid;
	uint64_t rdev;
	uint32_t pad2;
	uint64_t size;
	uint32_t blksize;
	uint64_t blocks;
	uint32_t times[6];
	uint64_t ino;
} __attribute__((packed));

/* struct timespec of the clock: 0 or -errno. */
static inline int sys_clock(int clock, int64_t *seconds, int64_t *ns)
{
	struct {
		int64_t s, ns;
	} t = { 0, 0 };
	struct {
		int32_t s, ns;
	} old = { 0, 0 };
	long r = sys5(__NR_clock_gettime64, clock, (long)&t, 0, 0, 0);

	if (r < 0) { /* before Linux 5.1 */
		r = sys5(__NR_clock_gettime, clock, (long)&old, 0, 0, 0);
		t.s = old.s;
		t.ns = old.ns;
	}
	*seconds = t.s;
	*ns = t.ns;
	return (int)r;
}

#endif
