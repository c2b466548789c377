/*
 * linux.h: the numbers of Linux that facts carry, for a core that includes no
 * header of a libc.  They are the kernel's ABI (include/uapi/asm-generic/fcntl.h,
 * arch/ARCH/include/uapi/asm/fcntl.h, include/linux/socket.h, include/uapi/linux/stat.h,
 * include/uapi/linux/magic.h, include/uapi/linux/fcntl.h); the unit tests of the record, the policy and the type use the libc's
 * names for them.
 */
#ifndef FDF_LINUX_H
#define FDF_LINUX_H

enum {
	FDF_O_ACCMODE = 03,
	FDF_O_APPEND = 02000,
	FDF_O_NONBLOCK = 04000,
	FDF_O_DSYNC = 010000,
	FDF_O_ASYNC = 020000,
	FDF_O_NOATIME = 01000000,
	FDF_O_SYNC = 04010000,
	FDF_O_PATH = 010000000,
#if defined(__arm__) || defined(__aarch64__)
	FDF_O_DIRECTORY = 040000,
	FDF_O_NOFOLLOW = 0100000,
	FDF_O_DIRECT = 0200000,
#elif defined(__powerpc__)
	FDF_O_DIRECTORY = 040000,
	FDF_O_NOFOLLOW = 0100000,
	FDF_O_DIRECT = 0400000,
#elif defined(__mips__) || defined(__sparc__) || defined(__alpha__) || defined(__hppa__)
#error "the open flags of this architecture differ: add them here"
#else
	FDF_O_DIRECT = 040000,
	FDF_O_DIRECTORY = 0200000,
	FDF_O_NOFOLLOW = 0400000,
#endif
	FDF_S_IFMT = 0170000,
	FDF_S_IFIFO = 0010000,
	FDF_S_IFCHR = 0020000,
	FDF_S_IFDIR = 0040000,
	FDF_S_IFBLK = 0060000,
	FDF_S_IFREG = 0100000,
	FDF_S_IFLNK = 0120000,
	FDF_S_IFSOCK = 0140000,
	FDF_TMPFS_MAGIC = 0x01021994,
	FDF_HUGETLBFS_MAGIC = 0x958458f6,
	FDF_F_SEAL_WRITE = 0x08,
	FDF_F_SEAL_FUTURE_WRITE = 0x10, /* Linux 5.1 */
	FDF_AF_UNIX = 1,
	FDF_AF_INET = 2,
	FDF_AF_INET6 = 10,
	FDF_AF_NETLINK = 16,
	FDF_AF_PACKET = 17,
	FDF_AF_VSOCK = 40,
};

#endif
