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

#include "preload/core/clamp.h"
#include "preload/core/settings.h"
#include "preload/fence/sharing.h"
#include "preload/raw/arch/arch.h"
#include "preload/raw/program.h"

#define FDF_KEPT_MAX  24	/* FDFENCE_* variables that are put back */
#define FDF_NEAR_MAX  1536	/* bytes for kept variables that the first page has */
#define FDF_TEXT_MAX  (1 << 17) /* bytes for more of them, and for the rules file */
#define FDF_ACT_FDS   (1 << 20) /* numbers for which acts are remembered: the default fs.nr_open */
#define FDF_LOW_FDS   256	/* ... of which these lie in the first page */
#define FDF_GIVEN_FDS 16384	/* numbers to which something given can be moved, at least */
#define FDF_PAIR_FDS  1024	/* numbers for which pairs are remembered */
#define FDF_SCRATCH   (1 << 18) /* bytes of the area that vfork children share */

#define FDF_LINE_MAX 8 /* forks, one within the other, from the image's first process to the last */

/* fence/line.h */
struct fdf_line {
	int n;
	int pid[FDF_LINE_MAX]; /* of those that have forked, the first one first */
	bool lost;	       /* there were more, or a number came again */
};

/* Counts of judge/pair.h; both start at 1. */
struct fdf_pairs {
	int last; /* atomic: no end stands above this number */
	unsigned
		forks; /* atomic: children that were started, those of this process's parents too */
	unsigned base; /* ... when this process began: what was made before is its parent's */
	int child;     /* the child in this memory that was judged last */
	unsigned child_forks; /* ... and how many had been started before it */
};

/* One end of a pipe or of a pair of sockets. */
struct fdf_pair_end {
	int peer;	 /* the number of the other end; 0: this is none */
	unsigned made;	 /* forks, when it was made */
	unsigned closed; /* forks, when this process, a child of the maker, closed the other end */
	int closer;	 /* the child in this memory that closed the other end */
	int on_stdio;	 /* the child in this memory that puts either end onto stdio */
	bool cloexec;	 /* made with it */
	uint64_t ino;	 /* of a socket; 0: a pipe */
};

/*
 * What a start touches lies in one page with the shim's other data (entry/page.lds); what is
 * behind `rules` costs nothing until it is used.
 */
struct fdf_fence {
	struct fdf_sharing sharing; /* first: the assembler of entry/ writes it */
	int pid; /* the process that the constructor ran in; 0: a child with the same number asks */
	struct fdf_line line;
	bool glibc;	      /* gnu_get_libc_version() is there: glibc's rules, else musl's */
	unsigned glibc_minor; /* N of its version 2.N */
	bool told;	      /* a parent has already reported it */
	bool warned;	      /* a bad setting was already reported in this process tree */
	bool all_given;	      /* what was given could not be remembered: all of it counts */
	struct fdf_str exe;   /* fdf_exe() */
	char **env; /* the environment as the kernel laid it down; the host may have changed it */
	size_t used_near, used_far; /* bytes of near and text that are taken */
	struct fdf_str preload;	    /* our element of LD_PRELOAD; empty: loaded otherwise */
	struct fdf_given *given;    /* a place a number; NULL: nothing was given */
	int given_room;		    /* places */
	int given_last;		    /* atomic: nothing given stands above this number */
	bool child_moved;	    /* a vfork child had something given on numbers of its own */
	unsigned dropped;	    /* atomic: records that could not be handed on */
	int scratch_owner;   /* atomic: the vfork child that has the area, for as long as it has a
			      slot */
	bool unshare_denied; /* to the child of a spawn, by a filter */
	bool slots_used;     /* a vfork child had signs of its own */
	bool lends;	     /* ... or had no room for them: lent is not empty */
	bool blurred;	     /* ... or closed what it could not note: acts may be stale there */
	struct fdf_spared spared; /* programs that stay open */
	int exec_order; /* atomic: what an exec looks at first; 0: not asked (start/allowed.c) */
	int ways; /* atomic: does the kernel tell a way through the table? 0: not asked (start/way.c) */
	int acts_last; /* atomic: no act stands above this number */
	struct fdf_pairs pairs;
	struct fdf_before before;
	int placed_pid;			   /* the process whose dup2 are in placed; 0: none is */
	FDF_BITS(low_placed, FDF_LOW_FDS); /* the begin of placed */
	FDF_BITS(low_acts, FDF_LOW_FDS);   /* ... and of acts */
	int system_lock;		   /* atomic: system.c */
	int in_system;			   /* under that lock */
	int nkept;
	char *kept[FDF_KEPT_MAX];      /* "FDFENCE_X=..." as they were at load */
	char near[FDF_NEAR_MAX];       /* text, while it suffices */
	struct fdf_settings set;       /* its rules lie at the end */
	FDF_BITS(placed, FDF_ACT_FDS); /* dup2 onto it by placed_pid */
	FDF_BITS(acts, FDF_ACT_FDS);
	FDF_BITS(lent, FDF_ACT_FDS); /* of vfork children that had no room for it */
	struct fdf_slot slot[FDF_SLOTS];
	struct fdf_pair_end pair_end[FDF_PAIR_FDS];
	struct fdf_clamp clamp;
	char text[FDF_TEXT_MAX];
	char scratch[FDF_SCRATCH];
};

/* NULL before the constructor ran: hooks then pass everything on. */
extern struct fdf_fence *fdf_fence;
/* What it points at then: for the constructor, and for what happens before it. */
extern struct fdf_fence fdf_memory;

/* What tells a supervisor that a call needs no look of its own; 0: there is none.  Any time. */
static inline long fdf_cookie(void)
{
	return FDF_TELLS_SUPERVISOR && fdf_fence && !fdf_fence->set.off
		       ? (long)fdf_fence->set.cookie
		       : 0;
}

/* A copy of the string in the fence's own memory; NULL when that is full.  At load only. */
char *fdf_keep_text(struct fdf_fence *f, struct fdf_str s);

/* The image that runs, found when it is first asked for: most programs never are.  Empty: unknown.
 * Async-signal-safe. */
struct fdf_str fdf_exe(struct fdf_fence *f);

/* Was this image started by a loader that was called with the program's name (ld.so PROG)?  Then it
 * is the loader that /proc/self/exe leads to. */
bool fdf_by_loader(void);

/* Note it while that copies no page: a forked child that execs asks for it.  Opens no file. */
void fdf_exe_before_fork(struct fdf_fence *f);

/*
 * Which program the image is, where its file is many in one (busybox): fdf_applet() of its own
 * arguments, in the host's memory.  Empty: unknown.  Async-signal-safe.
 */
struct fdf_str fdf_own_applet(const struct fdf_fence *f);

#endif
