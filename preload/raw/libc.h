/*
 * libc.h: what is taken from the libc at hand, glibc or musl: nothing is linked, so
 * each of these may be missing.
 */
#ifndef FDF_LIBC_H
#define FDF_LIBC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDF_EXPORT __attribute__((visibility("default")))
/* A second name of a hook, which libc has too.  Its type has to be said. */
#define FDF_ALIAS(of) __attribute__((visibility("default"), alias(#of)))
#define FDF_LIBC      __attribute__((visibility("default"), weak)) /* NULL where libc has none */

/* What comes behind `if` is laid out of the way. */
#define FDF_RARE(condition) __builtin_expect(!!(condition), 0)

extern FDF_LIBC char **environ;
/* glibc's, since 2.32; it may say false when there is but one thread, never the other way round. */
extern FDF_LIBC char __libc_single_threaded;

static inline bool fdf_single_threaded(void)
{
	return &__libc_single_threaded && __libc_single_threaded;
}

/* What pthread_cleanup_push() keeps on the stack; the same in glibc (since 2.0) and musl. */
struct fdf_cleanup {
	void (*routine)(void *);
	void *arg;
	int type;
	struct fdf_cleanup *prev;
};

/* posix_spawn and its kin: pid or pidfd, path or name, file actions, attributes, argv, envp. */
typedef int fdf_spawn_fn(void *, const char *, const void *, const void *, char *const *,
			 char *const *);

/*
 * libc's own functions behind the hooks, resolved at load: a look-up later would clear dlerror(),
 * and may not happen in a signal handler.  NULL: not there, or not found yet (FDF_REAL).
 */
struct fdf_real {
	long (*syscall)(long, ...);
	int (*vfork)(void);
	int (*fork)(void); /* _Fork() */
	int (*clone)(int (*)(void *), void *, int, void *, void *, void *, void *);
	int (*fcntl)(int, int, ...);
	int (*fcntl64)(int, int, ...); /* where FDF_TWO_FCNTLS says that it is another */
	int (*ioctl)(int, unsigned long, ...);
	int (*close)(int);
	int (*dup2)(int, int);
	int (*dup3)(int, int, int);
	int (*fclose)(void *);
	void *(*fdopen)(int, const char *);
	int (*fileno)(void *);
	int (*waitpid)(int, int *, int); /* a cancellation point */
	void (*testcancel)(void);
	void (*cleanup_push)(struct fdf_cleanup *, void (*)(void *), void *);
	void (*cleanup_pop)(struct fdf_cleanup *, int);
	unsigned long (*getauxval)(unsigned long);
	long (*sysconf)(int);
	/* glibc's and musl's own way to the same list: run in the child of fork() */
	int (*register_atfork)(void (*)(void), void (*)(void), void (*)(void), void *);
	int (*atfork)(void (*)(void), void (*)(void), void (*)(void));
	const char *(*glibc_version)(void);
	/* Called by few programs: found at load where that needs no dlsym() (resolve.c). */
	void (*closefrom)(int);
	fdf_spawn_fn *posix_spawn, *posix_spawnp, *pidfd_spawn, *pidfd_spawnp;
	void *(*popen)(const char *, const char *);
	int (*pclose)(void *);
	int (*system)(const char *);
	int (*wordexp)(const char *, void *, int);
	long (*ulimit)(int, ...);
};
extern struct fdf_real fdf_real;

/*
 * libc's function `name`, member of fdf_real: looked up now if it was not found at load, which
 * happens under musl with what few programs call, and before the constructor has run.  NULL: libc
 * has none.
 */
#define FDF_REAL(name) \
	(fdf_real.name ? fdf_real.name : (__typeof__(fdf_real.name))fdf_libc_next(#name))

/* Fill in fdf_real.  At load, since it may allocate. */
void fdf_resolve(void);

/* libc's newest function of that name behind us; NULL if there is none.  May allocate. */
void *fdf_libc_next(const char *name);

#endif
