/*
 * generic.h: what processors have in common that came after the kernel had settled its calls: those of
 * include/uapi/asm-generic, on 64 bits.  Included by their arch.h, behind sys5() and sys6().
 */
#ifndef FDF_ARCH_GENERIC_H
#define FDF_ARCH_GENERIC_H

/* mmap(NULL, len, prot, flags, -1, 0) */
static inline long sys_mmap_new(size_t len, long prot, long flags)
{
	return sys6(__NR_mmap, 0, (long)len, prot, flags, -1, 0);
}

static inline long sys_pread(int fd, void *buf, size_t len, uint64_t at)
{
	return sys5(__NR_pread64, fd, (long)buf, (long)len, (long)at, 0);
}

/* Calls that other processors have in an older form, too. */
#define FDF_NR_FCNTL	 __NR_fcntl
#define FDF_NR_SELECT	 __NR_pselect6
#define FDF_NR_FSTAT	 __NR_fstat
#define FDF_NR_FSTATAT	 __NR_newfstatat
#define FDF_NR_GETUID	 __NR_getuid
#define FDF_NR_GETGID	 __NR_getgid
#define FDF_NR_GETEUID	 __NR_geteuid
#define FDF_NR_GETEGID	 __NR_getegid
#define FDF_NR_SETUID	 __NR_setuid
#define FDF_NR_SETGID	 __NR_setgid
#define FDF_NR_SETRESUID __NR_setresuid
#define FDF_NR_SETRESGID __NR_setresgid

/* What fcntl fills in, with 64-bit offsets: struct flock of <asm/fcntl.h>. */
struct fdf_flock {
	int16_t type, whence;
	int32_t pad;
	int64_t start, len;
	int32_t pid;
};

/* fcntl64 is another function of libc than fcntl: it reads struct flock with 64-bit offsets. */
#define FDF_TWO_FCNTLS 0

/* struct stat of <asm/stat.h>, which libc's headers exclude. */
struct fdf_kernel_stat {
	uint64_t dev, ino;
	uint32_t mode, nlink, uid, gid;
	uint64_t rdev, pad;
	int64_t size;
	uint64_t rest[9];
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
