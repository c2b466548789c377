/*
 * sys.h: system calls as inline functions that return -errno.
 *
 * No libc, no errno: usable in vfork children and signal handlers.  Numbers
 * come from the kernel's headers.  Six-argument calls are avoided, since i386
 * has no register left for the sixth.
 */
#ifndef FDF_SYS_H
#define FDF_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

#include "preload/raw/arch/arch.h"

#define SYS1(n, a)	       sys5(n, (long)(a), 0, 0, 0, 0)
#define SYS2(n, a, b)	       sys5(n, (long)(a), (long)(b), 0, 0, 0)
#define SYS3(n, a, b, c)       sys5(n, (long)(a), (long)(b), (long)(c), 0, 0)
#define SYS4(n, a, b, c, d)    sys5(n, (long)(a), (long)(b), (long)(c), (long)(d), 0)
#define SYS5(n, a, b, c, d, e) sys5(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

#define FDF_OFD_GETLK		36 /* F_OFD_GETLK, since Linux 3.15 */
#define FDF_CLOSE_RANGE_UNSHARE 2u /* since Linux 5.9 */
#define FDF_CLOSE_RANGE_CLOEXEC 4u /* since Linux 5.11 */

static inline int sys_close(int fd)
{
	return (int)SYS1(__NR_close, fd);
}

static inline int sys_fcntl(int fd, int cmd, long arg)
{
	return (int)SYS3(FDF_NR_FCNTL, fd, cmd, arg);
}

/* Not every processor has dup2. */
static inline int sys_dup2(int from, int to)
{
	int r;

	if (from != to)
		return (int)SYS3(__NR_dup3, from, to, 0);
	r = sys_fcntl(from, F_GETFD, 0);
	return r < 0 ? r : to;
}

static inline int sys_open(const char *path, int flags)
{
	return (int)SYS4(__NR_openat, AT_FDCWD, path, flags | O_LARGEFILE, 0666);
}

static inline ssize_t sys_read(int fd, void *buf, size_t len)
{
	return SYS3(__NR_read, fd, buf, len);
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
	uint32_t mode, nlink, uid, dev_major, dev_minor, rdev_major, rdev_minor;
	uint64_t ino, size;
};

/* include/linux/kdev_t.h, new_encode_dev() */
static inline uint32_t sys_major(uint64_t dev)
{
	return (uint32_t)(dev >> 8) & 0xfff;
}

static inline uint32_t sys_minor(uint64_t dev)
{
	return (uint32_t)((dev & 0xff) | ((dev >> 12) & 0xfff00));
}

static inline int sys_stat_told(long r, const struct fdf_kernel_stat *st, struct fdf_stat *out)
{
	*out = (struct fdf_stat){ 0 };
	if (r < 0)
		return (int)r;
	*out = (struct fdf_stat){ .mode = st->mode,
				  .nlink = (uint32_t)st->nlink,
				  .uid = st->uid,
				  .dev_major = sys_major(st->dev),
				  .dev_minor = sys_minor(st->dev),
				  .rdev_major = sys_major(st->rdev),
				  .rdev_minor = sys_minor(st->rdev),
				  .ino = st->ino,
				  .size = (uint64_t)st->size };
	return 0;
}

static inline int sys_stat(int dirfd, const char *path, int flags, struct fdf_stat *out)
{
	struct fdf_kernel_stat st;

	return sys_stat_told(SYS4(FDF_NR_FSTATAT, dirfd, path, &st, flags), &st, out);
}

/* Four fifths of what sys_stat() takes for it; a filter may know one of the two alone. */
static inline int sys_fstat(int fd, struct fdf_stat *out)
{
	struct fdf_kernel_stat st;
	long r = SYS2(FDF_NR_FSTAT, fd, &st);

	if (r < 0 && r != -EBADF)
		r = SYS4(FDF_NR_FSTATAT, fd, "", &st, AT_EMPTY_PATH);
	return sys_stat_told(r, &st, out);
}

/* The soft and the hard limit of RLIMIT_*; 0 where the kernel does not say. */
static inline void sys_limit(int resource, uint64_t *soft, uint64_t *hard)
{
	uint64_t limit[2] = { 0, 0 };

	SYS4(__NR_prlimit64, 0, resource, NULL, limit);
	*soft = limit[0];
	*hard = limit[1];
}

/* A kernel signal set: one bit a signal, 64 of them. */
typedef struct {
	uint32_t w[2];
} fdf_sigset;
#define FDF_ALL_SIGNALS	 ((const fdf_sigset){ { ~0u, ~0u } })
#define FDF_LAST_SIGNAL	 64
#define FDF_SIGNAL_WORDS 32 /* bits of a word */

static inline bool fdf_sigset_has(const fdf_sigset *set, int sig)
{
	return set->w[(sig - 1) / FDF_SIGNAL_WORDS] >> ((sig - 1) % FDF_SIGNAL_WORDS) & 1;
}

static inline void fdf_sigset_add(fdf_sigset *set, int sig)
{
	set->w[(sig - 1) / FDF_SIGNAL_WORDS] |= 1u << ((sig - 1) % FDF_SIGNAL_WORDS);
}

static inline void fdf_sigset_drop(fdf_sigset *set, int sig)
{
	set->w[(sig - 1) / FDF_SIGNAL_WORDS] &= ~(1u << ((sig - 1) % FDF_SIGNAL_WORDS));
}

static inline int sys_sigmask(int how, const fdf_sigset *set, fdf_sigset *old)
{
	return (int)SYS4(__NR_rt_sigprocmask, how, set, old, sizeof *set);
}

/* The kernel's struct sigaction. */
struct fdf_sigaction {
	void *handler;
	unsigned long flags;
#if FDF_SIGACTION_RESTORER
	void *restorer;
#endif
	fdf_sigset mask;
};

static inline int sys_sigaction(int sig, const struct fdf_sigaction *act, struct fdf_sigaction *old)
{
	return (int)SYS4(__NR_rt_sigaction, sig, act, old, sizeof act->mask);
}

/* Zeroed pages of one's own; NULL: there are none. */
static inline void *sys_mmap_anon(size_t len)
{
	long r = sys_mmap_new(len, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);

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
