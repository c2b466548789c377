/*
 * popen.c: popen, pclose and fclose on the spawn engine.
 *
 * None of them is for signal handlers or vfork children, as in libc.
 */
#include <errno.h>

#include "preload/raw/sys.h"
#include "preload/raw/libc.h"
#include "preload/raw/errno.h"
#include "preload/judge/meant.h"
#include "preload/start/command.h"
#include "preload/start/shell.h"
#include "preload/start/spawn.h"
#include "preload/start/stream.h"

/* Earlier popen streams that a child is certain to lose when leaks are let through. */
#define STREAMS_MAX 512

struct mode {
	bool read, write, cloexec;
};

/* glibc takes the letters in any order and refuses all others; musl looks at the first. */
static bool parse_mode(const char *s, bool glibc, struct mode *m)
{
	*m = (struct mode){ false, false, false };
	for (const char *c = s; *c; c++) {
		if (*c == 'e')
			m->cloexec = true;
		else if (*c == 'r' && (glibc || c == s))
			m->read = true;
		else if (*c == 'w' && (glibc || c == s))
			m->write = true;
		else if (glibc)
			return false;
	}
	return m->read != m->write;
}

static int start(struct fdf_fence *f, const char *command, const int pipe[2], const struct mode *m)
{
	char *argv[5];
	size_t n = fdf_stream_fds(NULL, STREAMS_MAX); /* the stack may be small: no room for all */
	int earlier[n + 1];
	struct fdf_spawn s = { .call = { .entry = "popen",
					 .dirfd = AT_FDCWD,
					 .path = "/bin/sh",
					 .argv = argv,
					 .envp = environ },
			       .from = pipe[m->read],
			       .onto = m->read,
			       .close = earlier };

	fdf_command_argv(f, command, argv);
	earlier[fdf_stream_fds(earlier, n)] = -1;
	return fdf_spawn(f, &s);
}

void *fdf_popen(struct fdf_fence *f, const char *command, const char *mode)
{
	struct mode m;
	int pipe[2], pid;
	void *file;

	if (!parse_mode(mode, f->glibc, &m)) {
		fdf_ret(-EINVAL);
		return NULL;
	}
	if (fdf_ret((int)SYS2(__NR_pipe2, pipe, O_CLOEXEC)) < 0)
		return NULL;
	file = fdf_real.fdopen(pipe[m.write], m.read ? "r" : "w");
	if (!file) {
		sys_close(pipe[0]);
		sys_close(pipe[1]);
		return NULL;
	}
	pid = start(f, command, pipe, &m);
	sys_close(pipe[m.read]);
	if (pid > 0 && !fdf_stream_add(file, pid, pipe[m.write]))
		pid = -ENOMEM; /* the child meets a closed pipe */
	if (pid < 0) {
		fdf_real.fclose(file);
		fdf_ret(fdf_command_tells(f) ? pid : -ENOMEM);
		return NULL;
	}
	if (!m.cloexec)
		sys_fcntl(pipe[m.write], F_SETFD, 0);
	return file;
}

static int wait_for(int pid)
{
	int status, r;

	do
		r = (int)SYS4(__NR_wait4, pid, &status, 0, NULL);
	while (r == -EINTR);
	return r < 0 ? fdf_ret(r) : status;
}

/* What libc is about to close by itself. */
static void forget(struct fdf_fence *f, void *file)
{
	int fd;

	if (!(f->acts_last || f->pairs.last || f->given) || !fdf_real.fileno)
		return;
	fd = fdf_real.fileno(file);
	if (fd >= 0)
		fdf_act_closed(f, (unsigned)fd, (unsigned)fd);
}

/* glibc: the child's status, or if that is 0 what the last flush said; its fclose does the same. */
int fdf_pclose(struct fdf_fence *f, void *file)
{
	int pid = fdf_stream_take(file), r, status;

	forget(f, file);
	if (!pid)
		return FDF_REAL(pclose)(file);
	r = fdf_real.fclose(file);
	status = wait_for(pid);
	return status || !f->glibc ? status : r;
}

int fdf_fclose(struct fdf_fence *f, void *file)
{
	int pid = f ? fdf_stream_take(file) : 0, r, status;

	if (!fdf_real.fclose) /* another constructor comes before ours */
		fdf_real.fclose = FDF_REAL(fclose);
	if (f)
		forget(f, file);
	r = fdf_real.fclose(file);
	if (!pid || !f->glibc)
		return r; /* musl's leaves the child to pclose() or waitpid() */
	status = wait_for(pid);
	return status ? status : r;
}
