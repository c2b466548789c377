/*
 * sys.h: system calls as inline functions that return -errno.
 *
 * No libc, no errno: usable in vfork children and signal handlers.  Numbers
 * come from the kernel's headers.  Six-argument calls are avoided, since i386
 * has no register left for the sixth.
 */
#ifndef FDF_SYS_H
#define FDF_SYS_H

#include <asm/unistd.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#if defined(__x86_64__) && !defined(__ILP32__)
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
#elif defined(__i386__)
static inline long sys5(long n, long a, long b, long c, long d, long e)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(n), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return ret;
}
#else
#error "fdfence's shim knows x86-64 and i386: add sys5() and sys_clone_call() for this architecture"
#endif

#define SYS1(n, a)	       sys5(n, (long)(a), 0, 0, 0, 0)
#define SYS2(n, a, b)	       sys5(n, (long)(a), (long)(b), 0, 0, 0)
#define SYS3(n, a, b, c)       sys5(n, (long)(a), (long)(b), (long)(c), 0, 0)
#define SYS4(n, a, b, c, d)    sys5(n, (long)(a), (long)(b), (long)(c), (long)(d), 0)
#define SYS5(n, a, b, c, d, e) sys5(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

#ifndef __NR_close_range
#define __NR_close_range 436
#endif
#ifndef __NR_clone3
#define __NR_clone3 435
#endif
#define FDF_CLOSE_RANGE_UNSHARE 2u /* since Linux 5.9 */
#define FDF_CLOSE_RANGE_CLOEXEC 4u /* since Linux 5.11 */

#ifdef __i386__
#define FDF_GETLK     12 /* F_GETLK64 */
#define FDF_NR_FCNTL  __NR_fcntl64
#define FDF_NR_SELECT __NR__newselect
#define FDF_NR_GETUID __NR_geteuid32
#define FDF_NR_GETGID __NR_getegid32
#else
#define FDF_GETLK     F_GETLK
#define FDF_NR_FCNTL  __NR_fcntl
#define FDF_NR_SELECT __NR_select
#define FDF_NR_GETUID __NR_geteuid
#define FDF_NR_GETGID __NR_getegid
#endif

static inline int sys_close(int fd)
{
	return (int)SYS1(__NR_close, fd);
}

static inline int sys_fcntl(int fd, int cmd, long arg)
{
	return (int)SYS3(FDF_NR_FCNTL, fd, cmd, arg);
}

static inline int sys_open(const char *path, int flags)
{
	return (int)SYS4(__NR_openat, AT_FDCWD, path, flags | O_LARGEFILE, 0666);
}

static inline ssize_t sys_read(int fd, void *buf, size_t len)
{
	return SYS3(__NR_read, fd, buf, len);
}

static inline ssize_t sys_write(int fd, const void *buf, size_t len)
{
	return SYS3(__NR_write, fd, buf, len);
}

static inline ssize_t sys_readlink(const char *path, char *buf, size_t len)
{
	return SYS4(__NR_readlinkat, AT_FDCWD, path, buf, len);
}

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)SYS3(__NR_close_range, first, last, flags);
}

static inline int sys_getpid(void)
{
	return (int)SYS1(__NR_getpid, 0);
}

static inline int sys_gettid(void)
{
	return (int)SYS1(__NR_gettid, 0);
}

/* What is asked of a file.  stat is allowed where filters do not know statx. */
struct fdf_stat {
	uint32_t mode, nlink, dev_major, dev_minor;
	uint64_t ino, size;
};

static inline int sys_stat(int dirfd, const char *path, int flags, struct fdf_stat *out)
{
#ifdef __i386__
	struct {
		uint64_t dev;
		uint32_t pad, ino_low, mode, nlink, uid, gid;
		uint64_t rdev;
		uint32_t pad2;
		uint64_t size;
		uint32_t blksize;
		uint64_t blocks;
		uint32_t times[6];
		uint64_t ino;
	} __attribute__((packed))
	st; /* struct stat64 of <asm/stat.h>, which libc's headers exclude */
	long r = SYS4(__NR_fstatat64, dirfd, path, &st, flags);
#else
	struct {
		uint64_t dev, ino, nlink;
		uint32_t mode, uid, gid, pad;
		uint64_t rdev, size, rest[11];
	} st; /* struct stat of <asm/stat.h> */
	long r = SYS4(__NR_newfstatat, dirfd, path, &st, flags);
#endif

	*out = (struct fdf_stat){ 0 };
	if (r < 0)
		return (int)r;
	/* include/linux/kdev_t.h, new_encode_dev() */
	*out = (struct fdf_stat){ .mode = st.mode,
				  .nlink = (uint32_t)st.nlink,
				  .dev_major = (uint32_t)(st.dev >> 8) & 0xfff,
				  .dev_minor =
					  (uint32_t)((st.dev & 0xff) | ((st.dev >> 12) & 0xfff00)),
				  .ino = st.ino,
				  .size = (uint64_t)st.size };
	return 0;
}

static inline int sys_fstat(int fd, struct fdf_stat *out)
{
	return sys_stat(fd, "", AT_EMPTY_PATH, out);
}

/* A kernel signal set: one bit a signal, 64 of them. */
typedef struct {
	uint32_t w[2];
} fdf_sigset;

static inline int sys_sigmask(int how, const fdf_sigset *set, fdf_sigset *old)
{
	return (int)SYS4(__NR_rt_sigprocmask, how, set, old, sizeof *set);
}

/* The kernel's struct sigaction. */
struct fdf_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	fdf_sigset mask;
};

static inline int sys_sigaction(int sig, const struct fdf_sigaction *act, struct fdf_sigaction *old)
{
	return (int)SYS4(__NR_rt_sigaction, sig, act, old, sizeof act->mask);
}

static inline void *sys_mmap_anon(size_t len)
{
	long r;
#ifdef __i386__
	unsigned long a[6] = { 0, len, 3, 0x22 | 0x4000, (unsigned long)-1, 0 };

	r = SYS1(__NR_mmap, a); /* the old call takes its six arguments in memory */
#else
	register long r10 __asm__("r10") = 0x22 | 0x4000; /* PRIVATE|ANONYMOUS|NORESERVE */
	register long r8 __asm__("r8") = -1;
	register long r9 __asm__("r9") = 0;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(__NR_mmap), "D"(0), "S"(len), "d"(3), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
#endif
	return (unsigned long)r > -4096UL ? NULL : (void *)r;
}

static inline void sys_munmap(void *p, size_t len)
{
	SYS2(__NR_munmap, p, len);
}

_Noreturn static inline void sys_exit(int code)
{
	for (;;)
		SYS1(__NR_exit, code);
}

#endif
