/* quiet.c: see quiet.h.  Runs in vfork children and signal handlers. */
#include <errno.h>
#include <signal.h>

#include "preload/raw/quiet.h"
#include "preload/raw/sys.h"

/*
 * The kernel sends both to the thread that writes, and a thread takes its own before those of its
 * process: what is taken back is what this write has raised.
 */
static int raised(ssize_t result)
{
	return result == -EPIPE ? SIGPIPE : result == -EFBIG ? SIGXFSZ : 0;
}

ssize_t fdf_write_quietly(int fd, const struct iovec *v, int n)
{
	fdf_sigset mask, before = { { 0, 0 } }, ours = { { 0, 0 } };
	struct {
		long s, ns;
	} now = { 0, 0 };
	ssize_t r;
	int sig;

	sys_sigmask(SIG_SETMASK, &FDF_ALL_SIGNALS, &mask);
	SYS2(__NR_rt_sigpending, &before, sizeof before);
	r = SYS3(__NR_writev, fd, v, n);
	sig = raised(r);
	if (sig && !fdf_sigset_has(&before, sig)) {
		fdf_sigset_add(&ours, sig);
		SYS4(__NR_rt_sigtimedwait, &ours, NULL, &now, sizeof ours);
	}
	sys_sigmask(SIG_SETMASK, &mask, NULL);
	return r;
}
