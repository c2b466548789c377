/*
 * hooks.c: the exported entry points.  They flatten arguments and funnel into
 * exec.c, spawn.c, popen.c and system.c.  What is decided here is who does the
 * work: the fence, or libc where there is no fence (yet) or a spawn asks for
 * what the engine does not know, and in wordexp.
 *
 * In whose context: anybody's.  All but popen, pclose, fclose, system and wordexp
 * are called in vfork children and signal handlers.  Those five, and under musl a
 * spawn that is left to libc, may look a name up (FDF_REAL).
 */
#include <errno.h>
#include <stdarg.h>

#include "preload/core/text.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"
#include "preload/raw/arch/arch.h"
#include "preload/raw/errno.h"
#include "preload/start/exec.h"
#include "preload/start/shell.h"
#include "preload/start/spawn.h"

/* ---- the exec family ---- */

static int plain(const char *entry, const char *path, char *const *argv, char *const *envp)
{
	return fdf_ret(fdf_exec(&(struct fdf_call){ entry, AT_FDCWD, path, argv, envp, 0, false }));
}

static int search(const char *entry, const char *file, char *const *argv, char *const *envp)
{
	bool to_shell = fdf_fence && fdf_fence->glibc;

	return fdf_ret(fdf_exec_search(
		&(struct fdf_call){ entry, AT_FDCWD, file, argv, envp, 0, false }, to_shell));
}

FDF_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return plain("execve", path, argv, envp);
}

FDF_EXPORT int execv(const char *path, char *const argv[])
{
	return plain("execv", path, argv, environ);
}

FDF_EXPORT int execvp(const char *file, char *const argv[])
{
	return search("execvp", file, argv, environ);
}

FDF_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return search("execvpe", file, argv, envp);
}

/* musl's own name, which its posix_spawnp takes too */
FDF_EXPORT int __execvpe(const char *file, char *const argv[], char *const envp[]);
FDF_EXPORT int __execvpe(const char *file, char *const argv[], char *const envp[])
{
	return search("execvpe", file, argv, envp);
}

/* Arguments into a vector on this stack; va ends behind the NULL.  The list is walked where it was
 * started. */
#define FLATTEN(argv, first, va, last)       \
	size_t n_ = (first) != NULL;         \
	va_list count_;                      \
	va_start(va, last);                  \
	va_copy(count_, va);                 \
	while (n_ && va_arg(count_, char *)) \
		n_++;                        \
	va_end(count_);                      \
	char *argv[n_ + 1];                  \
	argv[0] = (char *)(first);           \
	for (size_t i_ = 1; i_ <= n_; i_++)  \
	argv[i_] = va_arg(va, char *)

FDF_EXPORT int execl(const char *path, const char *arg, ...)
{
	va_list va;

	FLATTEN(argv, arg, va, arg);
	va_end(va);
	return plain("execl", path, argv, environ);
}

FDF_EXPORT int execlp(const char *file, const char *arg, ...)
{
	va_list va;

	FLATTEN(argv, arg, va, arg);
	va_end(va);
	return search("execlp", file, argv, environ);
}

FDF_EXPORT int execle(const char *path, const char *arg, ...)
{
	va_list va;
	char *const *envp;

	FLATTEN(argv, arg, va, arg);
	envp = va_arg(va, char *const *);
	va_end(va);
	return plain("execle", path, argv, envp);
}

FDF_EXPORT int execveat(int dirfd, const char *path, char *const argv[], char *const envp[],
			int flags)
{
	return fdf_ret(
		fdf_exec(&(struct fdf_call){ "execveat", dirfd, path, argv, envp, flags, true }));
}

/* Where the kernel, or a filter, has no execveat: as both libcs do. */
static int fexecve_by_path(int fd, char *const *argv, char *const *envp)
{
	char path[32];
	struct fdf_text t = { .p = path, .end = path + sizeof path };
	struct fdf_stat proc;
	int r;

	fdf_putf(&t, "/proc/self/fd/%u", (unsigned)fd);
	fdf_putc(&t, 0);
	r = fdf_exec(&(struct fdf_call){ "fexecve", AT_FDCWD, path, argv, envp, 0, false });
	if (!fdf_fence || fdf_fence->glibc)
		return sys_stat(AT_FDCWD, "/proc/self/fd", 0, &proc) == -ENOENT ? -ENOSYS : r;
	return r == -ENOENT ? -EBADF : r;
}

FDF_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	int r;

	if (fdf_fence && fdf_fence->glibc && (fd < 0 || !argv || !envp))
		return fdf_ret(-EINVAL);
	r = fdf_exec(&(struct fdf_call){ "fexecve", fd, "", argv, envp, AT_EMPTY_PATH, true });
	return fdf_ret(r == -ENOSYS ? fexecve_by_path(fd, argv, envp) : r);
}

/* syscall(SYS_execve, ...) and syscall(SYS_execveat, ...); every other number goes on untouched:
 * arch/NAME/syscall.S */
__attribute__((used)) long fdf_syscall_execve(long nr, const char *path, char *const *argv,
					      char *const *envp);
long fdf_syscall_execve(long nr, const char *path, char *const *argv, char *const *envp)
{
	(void)nr;
	return plain("syscall", path, argv, envp);
}

__attribute__((used)) long fdf_syscall_execveat(long nr, int dirfd, const char *path,
						char *const *argv, char *const *envp, int flags);
long fdf_syscall_execveat(long nr, int dirfd, const char *path, char *const *argv,
			  char *const *envp, int flags)
{
	(void)nr;
	return fdf_ret(
		fdf_exec(&(struct fdf_call){ "syscall", dirfd, path, argv, envp, flags, true }));
}

/* ---- posix_spawn and its kin: they return a positive errno ---- */

struct real_spawn {
	fdf_spawn_fn *fn;
	void *out;
	const struct fdf_spawn *s;
};

static int call_real(void *arg)
{
	const struct real_spawn *r = arg;

	return r->fn(r->out, r->s->call.path, r->s->file_actions, r->s->attr, r->s->call.argv,
		     r->s->call.envp);
}

static fdf_spawn_fn *real_spawn(const struct fdf_spawn *s)
{
	if (s->pidfd)
		return s->search ? FDF_REAL(pidfd_spawnp) : FDF_REAL(pidfd_spawn);
	return s->search ? FDF_REAL(posix_spawnp) : FDF_REAL(posix_spawn);
}

/* A file action or a flag that a newer libc brought: libc does the work, with a sealed table.  A
 * handler that runs meanwhile has to come back. */
static int leave_to_libc(const struct fdf_spawn *s, void *out, bool seal)
{
	struct real_spawn r = { real_spawn(s), out, s };
	int e = -ENOSYS;

	if (r.fn)
		e = seal ? fdf_call_sealed(&s->call, call_real, &r) : call_real(&r);
	return e < 0 ? -e : e;
}

static int spawn(struct fdf_spawn *s, int *out)
{
	int r;

	s->call.dirfd = AT_FDCWD;
	s->from = s->onto = -1;
	if (!fdf_fence || fdf_fence->set.off)
		return leave_to_libc(s, out, false);
	if (!fdf_spawn_known(fdf_fence, s)) /* a pidfd would be opened in a thread's own table */
		return s->pidfd ? ENOSYS : leave_to_libc(s, out, true);
	r = fdf_spawn(fdf_fence, s);
	if (r < 0)
		return errno = -r; /* which POSIX does not ask for, and every libc leaves there */
	if (out && !s->pidfd)
		*out = r;
	return 0;
}

#define SPAWN(entry_, ...)                                                                     \
	spawn(                                                                                 \
		&(struct fdf_spawn){                                                           \
			.call = { .entry = entry_, .path = path, .argv = argv, .envp = envp }, \
			.file_actions = fa,                                                    \
			.attr = attr,                                                          \
			__VA_ARGS__ },                                                         \
		pid)

#define SPAWN_ARGS                                                               \
	int *pid, const char *path, const void *fa, const struct fdf_attr *attr, \
		char *const argv[], char *const envp[]

__attribute__((used)) FDF_EXPORT int fdf_posix_spawn(SPAWN_ARGS);
int fdf_posix_spawn(SPAWN_ARGS)
{
	return SPAWN("posix_spawn", .search = false);
}

__attribute__((used)) FDF_EXPORT int fdf_posix_spawnp(SPAWN_ARGS);
int fdf_posix_spawnp(SPAWN_ARGS)
{
	return SPAWN("posix_spawnp", .search = true);
}

__asm__(".symver fdf_posix_spawn,posix_spawn@@" FDF_GLIBC_SPAWN "\n"
	".symver fdf_posix_spawnp,posix_spawnp@@" FDF_GLIBC_SPAWN);

#ifdef FDF_GLIBC_FIRST
/* Programs linked before glibc 2.15 expect a script without "#!" to reach the shell. */
__attribute__((used)) FDF_EXPORT int fdf_posix_spawn_old(SPAWN_ARGS);
int fdf_posix_spawn_old(SPAWN_ARGS)
{
	return SPAWN("posix_spawn", .to_shell = true);
}

__attribute__((used)) FDF_EXPORT int fdf_posix_spawnp_old(SPAWN_ARGS);
int fdf_posix_spawnp_old(SPAWN_ARGS)
{
	return SPAWN("posix_spawnp", .search = true, .to_shell = true);
}

__asm__(".symver fdf_posix_spawn_old,posix_spawn@" FDF_GLIBC_FIRST "\n"
	".symver fdf_posix_spawnp_old,posix_spawnp@" FDF_GLIBC_FIRST);
#endif

/* glibc from 2.39: a pidfd takes the place of the process number. */
FDF_EXPORT int pidfd_spawn(SPAWN_ARGS);
FDF_EXPORT int pidfd_spawn(SPAWN_ARGS)
{
	return SPAWN("pidfd_spawn", .pidfd = pid);
}

FDF_EXPORT int pidfd_spawnp(SPAWN_ARGS);
FDF_EXPORT int pidfd_spawnp(SPAWN_ARGS)
{
	return SPAWN("pidfd_spawnp", .search = true, .pidfd = pid);
}

/* ---- shells ---- */

static bool fenced(void)
{
	return fdf_fence && !fdf_fence->set.off;
}

FDF_EXPORT void *popen(const char *command, const char *mode);
FDF_EXPORT void *popen(const char *command, const char *mode)
{
	return fenced() ? fdf_popen(fdf_fence, command, mode) : FDF_REAL(popen)(command, mode);
}

void *_IO_popen(const char *command, const char *mode) FDF_ALIAS(popen);

FDF_EXPORT int pclose(void *file);
FDF_EXPORT int pclose(void *file)
{
	return fdf_pclose(fdf_fence, file);
}

FDF_EXPORT int fclose(void *file);
FDF_EXPORT int fclose(void *file)
{
	return fdf_fclose(fdf_fence, file);
}

FDF_EXPORT int system(const char *command);
FDF_EXPORT int system(const char *command)
{
	return fenced() ? fdf_system(fdf_fence, command) : FDF_REAL(system)(command);
}

FDF_EXPORT int wordexp(const char *words, void *to, int flags);
FDF_EXPORT int wordexp(const char *words, void *to, int flags)
{
	int (*real)(const char *, void *, int) = FDF_REAL(wordexp);

	return fenced() ? fdf_wordexp(real, words, to, flags) : real(words, to, flags);
}
