/*
 * descriptor.c: paths that mean a descriptor of this process.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/descriptor.h"

int descriptor_named(const char *path)
{
	static const char *const standard[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	const char *digits;
	unsigned long n;

	for (int i = 0; i < 3; i++)
		if (!strcmp(path, standard[i]))
			return i;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (strncmp(path, folders[i], strlen(folders[i])) != 0)
			continue;
		digits = path + strlen(folders[i]);
		if (!*digits || digits[strspn(digits, "0123456789")])
			return -1;
		n = strtoul(digits, NULL, 10);
		return n <= INT_MAX ? (int)n : -1;
	}
	return -1;
}

int descriptor_copy(int fd, int access)
{
	int own = fcntl(fd, F_GETFD), flags = fcntl(fd, F_GETFL);

	if (own < 0 || flags < 0 || (own & FD_CLOEXEC)) {
		errno = EBADF;
		return -1;
	}
	if ((flags & O_PATH) || ((flags & O_ACCMODE) != access && (flags & O_ACCMODE) != O_RDWR)) {
		errno = EACCES;
		return -1;
	}
	return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

int descriptor_open(const char *path, int flags, mode_t mode)
{
	int named = descriptor_named(path);

	return named >= 0 ? descriptor_copy(named, flags & O_ACCMODE)
			  : open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
}

const char *descriptor_why(const char *path)
{
	if (descriptor_named(path) < 0 || (errno != EBADF && errno != EACCES))
		return strerror(errno);
	return errno == EBADF ? "it is not open here" : "it is open, but not for this";
}
