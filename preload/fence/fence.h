/*
 * fence.h: what the shim remembers of the process that it lives in.
 *
 * Filled once, by the constructor (load.c); hooks only read it, but for the
 * atomic members that say so.  Children made by fork have a copy, children made
 * by vfork share it.  A forked child that only execs must find nothing to write
 * here: the first write to a page after a fork copies it.
 */
#ifndef FDF_FENCE_H
#define FDF_FENCE_H

#include "preload/core/settings.h"
#include "preload/raw/sys.h"

#define FDF_EXPORT __attribute__((visibility("default")))
#define FDF_LIBC   __attribute__((visibility("default"), weak)) /* NULL where libc has none */

#define FDF_KEPT_MAX   24	 /* FDFENCE_* variables that are put back */
#define FDF_NEAR_MAX   1536	 /* bytes for kept variables that the first page has */
#define FDF_TEXT_MAX   (1 << 17) /* bytes for more of them, and for the rules file */
#define FDF_ACT_FDS    (1 << 20) /* numbers for which acts are remembered: the default fs.nr_open */
#define FDF_LOW_FDS    256	 /* ... of which these lie in the first page */
#define FDF_SLOTS      64	 /* vfork children that can hold acts of their own at once */
#define FDF_SLOT_FDS   1024
#define FDF_PLACED_FDS 16384	 /* numbers for which a dup2 since the fork is remembered */
#define FDF_SCRATCH    (1 << 18) /* bytes of the area that vfork children share */
#define FDF_RECORD_CAP (1 << 16) /* bytes of a record at most */

/* A descriptor that this image was given: the number and the file behind it. */
struct fdf_given {
	int fd;
	uint32_t dev_major, dev_minor;
	uint64_t ino;
};

/* What one vfork child did; it must not be the parent's. */
struct fdf_slot {
	int pid; /* atomic; 0: free.  The kernel zeroes it when the child execs or ends */
	unsigned long acts[FDF_SLOT_FDS / (8 * sizeof(long))];
	unsigned long placed[FDF_SLOT_FDS / (8 * sizeof(long))];
	unsigned long gone[FDF_SLOT_FDS /
			   (8 * sizeof(long))]; /* of the parent's acts: closed by the child */
};

/*
 * What a start touches lies in one page with the shim's other data (preload/page.lds); what is
 * behind `rules` costs nothing until it is used.
 */
struct fdf_fence {
	int pid;	    /* the process that the constructor ran in */
	bool glibc;	    /* gnu_get_libc_version() is there: glibc's rules, else musl's */
	bool told;	    /* a parent has already reported it */
	bool warned;	    /* a bad setting was already reported in this process tree */
	bool all_given;	    /* what was given could not be remembered: all of it counts */
	struct fdf_str exe; /* fdf_exe() */
	size_t used_near, used_far;    /* bytes of near and text that are taken */
	struct fdf_str preload;	       /* our element of LD_PRELOAD; empty: loaded otherwise */
	const struct fdf_given *given; /* ascending; NULL with ngiven 0 */
	int ngiven;
	unsigned dropped;  /* atomic: records that could not be handed on */
	int scratch_owner; /* atomic: the vfork child that has the area, for as long as it has a
			      slot */
	bool slots_used;   /* a vfork child had signs of its own */
	int acts_last;	   /* atomic: no act stands above this number */
	int placed_pid;	   /* the process whose dup2 are in placed; 0: none is */
	unsigned long low_placed[FDF_LOW_FDS / (8 * sizeof(long))]; /* the begin of placed */
	unsigned long low_acts[FDF_LOW_FDS / (8 * sizeof(long))];   /* ... and of acts */
	int system_lock;					    /* atomic: system.c */
	int in_system;						    /* under that lock */
	int nkept;
	char *kept[FDF_KEPT_MAX]; /* "FDFENCE_X=..." as they were at load */
	char near[FDF_NEAR_MAX];  /* text, while it suffices */
	struct fdf_settings set;  /* its rules lie at the end */
	unsigned long placed[FDF_PLACED_FDS / (8 * sizeof(long))]; /* dup2 onto it by placed_pid */
	unsigned long acts[FDF_ACT_FDS / (8 * sizeof(long))];
	struct fdf_slot slot[FDF_SLOTS];
	char text[FDF_TEXT_MAX];
	char scratch[FDF_SCRATCH];
};

/* NULL before the constructor ran: hooks then pass everything on. */
extern struct fdf_fence *fdf_fence;

/* What pthread_cleanup_push() keeps on the stack; the same in glibc (since 2.0) and musl. */
struct fdf_cleanup {
	void (*routine)(void *);
	void *arg;
	int type;
	struct fdf_cleanup *prev;
};

/*
 * libc's own functions behind the hooks, resolved at load: a look-up later would clear dlerror(),
 * and may not happen in a signal handler.
 */
struct fdf_real {
	long (*syscall)(long, ...);
	int (*vfork)(void);
	int (*fork)(void); /* _Fork() */
	int (*clone)(int (*)(void *), void *, int, void *, void *, void *, void *);
	int (*fcntl)(int, int, ...);
#ifdef __i386__ /* elsewhere the same as fcntl */
	int (*fcntl64)(int, int, ...);
#endif
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
	/* glibc's and musl's own way to the same list: run in the child of fork() */
	int (*register_atfork)(void (*)(void), void (*)(void), void (*)(void), void *);
	int (*atfork)(void (*)(void), void (*)(void), void (*)(void));
	const char *(*glibc_version)(void);
};
extern struct fdf_real fdf_real;

/* This process has made one that shares its table (CLONE_FILES) and is no thread.  Set by hooks. */
extern int fdf_shares;

/*
 * This process may not be the one that this memory belongs to, fdf_owner: vfork or a clone was
 * called.  Set by hooks, before the call; 0 again in a child made by fork(), and where it is clear
 * that no such child is left.
 */
enum {
	FDF_STOPS = 1, /* a child that shares this memory stops the thread that made it */
	FDF_RUNS = 2,  /* ... or runs beside it */
};
extern int fdf_unsure;
extern int fdf_owner;

/* The image that runs, found when it is first asked for: most programs never are.  Empty: unknown.
 * Async-signal-safe. */
struct fdf_str fdf_exe(struct fdf_fence *f);

/* Fill in fdf_real.  At load, since it may allocate. */
void fdf_resolve(void);

/* libc's newest function of that name behind us; NULL if there is none.  May allocate. */
void *fdf_next(const char *name);

/* The slot of the vfork child pid, which is the caller; NULL: all are taken. */
struct fdf_slot *fdf_slot_take(struct fdf_fence *f, int pid);

/* Is pid, the calling process, a vfork child that borrows this memory from its parent?
 * Async-signal-safe. */
bool fdf_borrowed(int pid);

/* From libc.  Weak: what is missing is NULL. */
extern FDF_EXPORT int *__errno_location(void) __attribute__((const));
extern FDF_LIBC char **environ;
/* glibc's, since 2.32; it may say false when there is but one thread, never the other way round. */
extern FDF_LIBC char __libc_single_threaded;

static inline bool fdf_single_threaded(void)
{
	return &__libc_single_threaded && __libc_single_threaded;
}

/* Reads decimal digits at *s and moves *s behind them; 0 where there are none. */
static inline uint32_t fdf_getn(const char **s)
{
	uint32_t n = 0;

	while (**s >= '0' && **s <= '9')
		n = n * 10 + (uint32_t)(*(*s)++ - '0');
	return n;
}

static inline int fdf_ret(int r)
{
	if (r < 0) {
		*__errno_location() = -r;
		return -1;
	}
	return r;
}

#endif
