/*
 * send.c: records from this process to a log or to a collector.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "preload/core/record.h"
#include "tools/base/descriptor.h"
#include "tools/base/target.h"
#include "tools/records/key.h"
#include "tools/records/send.h"

int record_open(const char *path, const char **wrong)
{
	if (descriptor_named(path) >= 0) { /* as open(2) with O_NOFOLLOW says it */
		errno = ELOOP;
		*wrong = strerror(errno);
		return -1;
	}
	return target_open_path(path, TARGET_ITSELF, O_WRONLY | O_APPEND | O_CREAT, 0600, wrong);
}

static int connect_to(int fd, const char *log)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(log);

	if (len > sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path + 1, log + 1, len - 1);
	if (!connect(fd, (struct sockaddr *)&to,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)))
		return 0;
	if (log[1] != '/')
		return -1;
	memcpy(to.sun_path, log + 1, len);
	return connect(fd, (struct sockaddr *)&to, sizeof(to));
}

static int open_socket(const char *log)
{
	struct timeval wait = { .tv_sec = FDF_EMIT_WAIT_S };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (!connect_to(fd, log))
		return fd;
	close(fd);
	return -1;
}

int record_try(const char *log)
{
	int fd = open_socket(log), error = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

int record_send(const char *log, const char *key, const char *head, const char *record, size_t len)
{
	const char *wrong;
	int is_socket = log[0] == '@', fd = is_socket ? open_socket(log) : record_open(log, &wrong);
	size_t nkey = is_socket && key ? strlen(key) : 0, nhead = is_socket ? strlen(head) : 0;
	struct iovec v[3] = { { (char *)key, nkey },
			      { (char *)head, nhead },
			      { (char *)record, len } };
	int error = 0;
	ssize_t n;

	if (fd >= 0) {
		n = writev(fd, v, 3);
		if (n != (ssize_t)(nkey + nhead + len))
			error = n < 0 ? errno : ENOSPC;
		close(fd);
	} else {
		error = errno;
	}
	if (error && nkey)
		key_leave_word(log, error);
	return error;
}

int record_write(int fd, const char *record, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (len) {
		ssize_t n = write(fd, record, len);

		if (n >= 0) {
			record += n;
			len -= (size_t)n;
		} else if (errno != EINTR && errno != EAGAIN) {
			return errno;
		} else if (errno == EAGAIN && poll(&p, 1, 1000 * FDF_EMIT_WAIT_S) == 0) {
			return EAGAIN;
		}
	}
	return 0;
}
