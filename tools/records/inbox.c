/*
 * inbox.c: the two sockets to which records come.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/cleanup.h"
#include "tools/records/inbox.h"

static int random_hex(char *to, size_t digits)
{
	unsigned char r[INBOX_KEY / 2];

	if (getrandom(r, digits / 2, 0) != (ssize_t)(digits / 2))
		return -1;
	for (size_t i = 0; i < digits / 2; i++)
		snprintf(to + 2 * i, 3, "%02x", r[i]);
	return 0;
}

/* Will what we make there stay ours, and not be swapped for a link while we use its name? */
static bool is_safe(const char *place)
{
	struct stat st;

	if (stat(place, &st))
		return false;
	return st.st_mode & S_ISVTX ||
	       (!(st.st_mode & S_IWOTH) && (st.st_uid == 0 || st.st_uid == geteuid()));
}

/*
 * A folder that any user may pass through and nobody else may write to, since
 * what CMD starts may be any user's.  Where there can be none the abstract
 * socket has to do.
 */
static char *new_folder(void)
{
	const char *places[] = { "/tmp", getenv("TMPDIR"), "/dev/shm", "/run" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *dir = places[i] && places[i][0] == '/' && strlen(places[i]) < 64 &&
					    is_safe(places[i])
				    ? must_printf("%s/fdfence-XXXXXX", places[i])
				    : NULL;

		if (dir && mkdtemp(dir) && !chmod(dir, 0711))
			return dir;
		free(dir);
	}
	return NULL;
}

static int open_socket(const struct sockaddr_un *sa, size_t len)
{
	int on = 1, fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) &&
	    !bind(fd, (const struct sockaddr *)sa,
		  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

void inbox_adopt(const struct inbox *in)
{
	if (!in->dir)
		return;
	cleanup_add(in->dir);
	cleanup_add(in->log + 1);
}

int inbox_open(struct inbox *in)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	char hex[17] = "";
	size_t len;

	*in = (struct inbox){ .sock = { -1, -1 } };
	in->dir = new_folder();
	if (random_hex(hex, sizeof(hex) - 1) || random_hex(in->key, INBOX_KEY))
		return -1;
	if (in->dir)
		len = (size_t)snprintf(in->log, sizeof(in->log), "@%s/log", in->dir);
	else
		len = (size_t)snprintf(in->log, sizeof(in->log), "@fdfence-%s", hex);
	memcpy(sa.sun_path + 1, in->log + 1, len - 1);
	in->sock[INBOX_ABSTRACT] = open_socket(&sa, len);
	if (in->dir) {
		memcpy(sa.sun_path, in->log + 1, len);
		in->sock[INBOX_FILE] = open_socket(&sa, len);
		if (in->sock[INBOX_FILE] >= 0)
			chmod(in->log + 1, 0666);
		inbox_adopt(in);
	}
	return in->sock[INBOX_ABSTRACT] < 0 ? -1 : 0;
}

void inbox_leave(struct inbox *in)
{
	for (int i = 0; i < INBOX_SOCKETS; i++)
		if (in->sock[i] >= 0)
			close(in->sock[i]);
	if (in->dir) {
		cleanup_drop(in->log + 1);
		cleanup_drop(in->dir);
	}
	free(in->dir);
	*in = (struct inbox){ .sock = { -1, -1 } };
}

void inbox_remove(const struct inbox *in)
{
	if (!in->dir)
		return;
	unlink(in->log + 1);
	rmdir(in->dir);
}
