/* errno.h: the border between -errno, which everything inside returns, and errno. */
#ifndef FDF_ERRNO_H
#define FDF_ERRNO_H

/* From libc, glibc and musl alike. */
extern __attribute__((visibility("default"))) int *__errno_location(void) __attribute__((const));

/* r, or -1 with errno set if r is a negative errno. */
static inline int fdf_ret(int r)
{
	if (r < 0) {
		*__errno_location() = -r;
		return -1;
	}
	return r;
}

#endif
