/* program.c: see program.h.  Runs in vfork children and signal handlers. */
#include <errno.h>
#include <link.h>

#include "preload/core/text.h"
#include "preload/raw/libc.h"
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

struct fdf_program fdf_program_open(int dirfd, const char *path, const struct fdf_spared *s)
{
	char link[32];
	struct fdf_text t = { .p = link, .end = link + sizeof link };
	int fd;

	for (int i = 0; i < FDF_SPARED_MAX; i++)
		if (s->fd[i] && same_file(s->fd[i], dirfd, path))
			return (struct fdf_program){ s->fd[i], true };
	if (path[0])
		return (struct fdf_program){ (int)SYS4(__NR_openat, dirfd, path, HOW, 0), false };
	/* anew, since dirfd may be open for its path alone */
	fdf_putf(&t, "/proc/thread-self/fd/%u", (unsigned)dirfd);
	fdf_putc(&t, 0);
	fd = sys_open(link, HOW);
	if (fd < 0) /* without /proc */
		fd = sys_fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
	return (struct fdf_program){ fd, false };
}

void fdf_program_close(struct fdf_program p, struct fdf_spared *s)
{
	int at = 0;

	if (p.lent)
		return;
	if (fdf_table_holds_lock(p.fd) == FDF_NO) {
		sys_close(p.fd);
		return;
	}
	/* a number that stands there already is stale: the host has closed what it was */
	for (int i = FDF_SPARED_MAX - 1; i >= 0; i--)
		if (!s->fd[i] || s->fd[i] == p.fd)
			at = i;
	s->fd[at] = p.fd;
}

int fdf_plain_way(int dirfd, const char *path)
{
	const struct {
		uint64_t flags, mode, resolve;
	} how = { O_PATH | O_CLOEXEC | O_DIRECTORY, 0, 2 /* RESOLVE_NO_MAGICLINKS */ };
	int fd = fdf_on_valgrind() /* which does not know the call */
			 ? -ENOSYS
			 : (int)SYS4(__NR_openat2, dirfd, path, &how, sizeof how);

	return fd < 0 ? fd : sys_close(fd);
}

const char *fdf_own_loader(void)
{
	const ElfW(Phdr) * p, *end, *loader = NULL;
	uintptr_t base = 0;

	if (!fdf_real.getauxval)
		return "";
	p = (const ElfW(Phdr) *)fdf_real.getauxval(AT_PHDR);
	end = p + fdf_real.getauxval(AT_PHNUM);
	for (const ElfW(Phdr) *q = p; q && q < end; q++) {
		if (q->p_type == PT_PHDR)
			base = (uintptr_t)p - q->p_vaddr;
		if (q->p_type == PT_INTERP)
			loader = q;
	}
	return loader ? (const char *)(base + loader->p_vaddr) : "";
}
