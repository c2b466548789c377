/* program.c: see program.h.  Runs in vfork children and signal handlers. */
#include "preload/core/text.h"
#include "preload/raw/lock.h"
#include "preload/raw/program.h"
#include "preload/raw/sys.h"

#define HOW (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_LARGEFILE)

static bool same_file(int fd, int dirfd, const char *path)
{
	struct fdf_stat a, b;

	return sys_stat(fd, "", AT_EMPTY_PATH, &a) == 0 &&
	       sys_stat(dirfd, path, path[0] ? 0 : AT_EMPTY_PATH, &b) == 0 && a.ino == b.ino &&
	       a.dev_major == b.dev_major && a.dev_minor == b.dev_minor;
}

int fdf_program_open(int dirfd, const char *path, const int *spared)
{
	char link[32];
	struct fdf_text t = { .p = link, .end = link + sizeof link };
	int fd;

	if (*spared && same_file(*spared, dirfd, path))
		return *spared;
	if (path[0])
		return (int)SYS4(__NR_openat, dirfd, path, HOW, 0);
	/* anew, since dirfd may be open for its path alone */
	fdf_putf(&t, "/proc/thread-self/fd/%u", (unsigned)dirfd);
	fdf_putc(&t, 0);
	fd = sys_open(link, HOW);
	return fd < 0 ? sys_fcntl(dirfd, F_DUPFD_CLOEXEC, 0) : fd; /* without /proc */
}

void fdf_program_close(int fd, int *spared)
{
	if (fd && fd == *spared)
		return;
	if (fdf_table_holds_lock(fd))
		*spared = fd;
	else
		sys_close(fd);
}
