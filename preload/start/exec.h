/*
 * exec.h: an exec with the fence around it.
 *
 * The exec is made by the thread that asked for it.  Its tracer, its children, its signal handlers
 * and their stacks, its pending signals with their values, and its locks on what is kept, are after
 * a successful exec and after a failed one what they would be without the fence.  What cannot be
 * done exactly is said in the record; no bound is silent.
 *
 * What execs returns the negative errno of an exec that failed, with the caller
 * as it was.  Nothing touches errno.  Async-signal-safe but for fdf_call_sealed().
 */
#ifndef FDF_EXEC_H
#define FDF_EXEC_H

#include "preload/judge/judge.h"

int fdf_exec(const struct fdf_call *c);

/*
 * execvp's search: c->path is a name, looked for in PATH of this process by the rules of the libc
 * at hand; to_shell: a file that the kernel cannot run (ENOEXEC) is given to /bin/sh.
 */
int fdf_exec_search(const struct fdf_call *c, bool to_shell);

/*
 * The search alone: try each candidate until one does not fail with an error that lets it go on.
 * Returns what try returned last, as execvp would.
 */
int fdf_search(const char *file, int (*try)(void *arg, const char *path), void *arg);

/* ["/bin/sh", path, argv[1]...] into out, which has room for argc + 2 pointers. */
void fdf_shell_argv(char **out, const char *path, char *const *argv);
size_t fdf_argc(char *const *argv);

/*
 * Call fn(arg), which starts a program by libc's own means, with a sealed table, and return what it
 * returned: 0, or a positive errno, which is recorded: nothing was started; a negative errno if it was
 * not called.  For a caller among others fn runs in a thread of
 * libc's with the caller's locale and signal mask, and must leave no descriptor behind; a handler of
 * the caller's may leave by siglongjmp(), and fn goes on, so that arg must stay.  Not for signal
 * handlers; may look names up.
 */
int fdf_call_sealed(const struct fdf_call *c, int (*fn)(void *arg), void *arg);

/*
 * May all that c points to be read?  If not, the exec fails, with EFAULT or with what the kernel
 * finds before it comes to that: fdf_exec_unreadable() says which.
 */
bool fdf_call_readable(const struct fdf_call *c);
int fdf_exec_unreadable(const struct fdf_call *c);
/* An address that no process has. */
#define FDF_NO_ADDRESS ((char *const *)-4096L)

/*
 * The system call itself: execve or execveat.  cookie: what a supervisor is told (fdf_judge_cookie());
 * fdf_cookie() for one that can only fail; 0: it has to look by itself.
 */
int fdf_raw_exec(const struct fdf_call *c, char *const *envp, long cookie);

#endif
