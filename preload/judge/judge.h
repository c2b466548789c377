/*
 * judge.h: the judgement of one exec: facts, intent and rules to verdicts, the
 * seals themselves, and the record.
 *
 * It lies on the stack of the hook.  It is judged in the task whose table
 * will cross the exec: a spawn child, or the caller itself.
 * Async-signal-safe.
 */
#ifndef FDF_JUDGE_H
#define FDF_JUDGE_H

#include "preload/core/record.h"
#include "preload/fence/fence.h"
#include "preload/judge/scratch.h"
#include "preload/raw/reach.h"

/* What a hook was asked for. */
struct fdf_call {
	const char *entry; /* the entry point's name */
	int dirfd;	   /* AT_FDCWD, or of execveat */
	const char *path;
	char *const *argv;
	char *const *envp;
	int flags; /* AT_* of execveat */
	bool at;   /* execveat was asked for, where execve would do as well */
};

#define FDF_HELD_MAX 4 /* files with a POSIX lock that a kept descriptor carries on */

struct fdf_judge {
	struct fdf_fence *f;
	const struct fdf_call *call;
	struct fdf_exec x;
	struct fdf_intent in;
	struct fdf_record rec;
	struct fdf_scratch *scratch; /* NULL: nothing is recorded, no rule asks for a path */
	int pid;		     /* of the process that judges */
	bool own;		     /* the process that this image was started in execs */
	int script;	      /* descriptor that an interpreter will open by number; -1: none */
	uint64_t script_file; /* ... and the file of those that a link's name leads to; 0: none */
	bool log;	      /* a record is being written */
	bool shown;	      /* ... and has something to say */
	bool passes;	      /* the image may keep all: nothing to look at */
	uint8_t borrows;      /* FDF_YES: runs in its parent's memory; asked when it matters */
	bool gives;	      /* something above 2 goes through */
	bool seals;	      /* something that was looked at does not */
	bool rehearses;	      /* judged, but nothing is marked */
	bool sealed_at_once;  /* by one call, behind which no descriptor was looked at */
	int kept_last;	      /* the highest that stays open; below 3: none */
	uint8_t sign;	      /* signs that each descriptor seen now carries */
	/* Is what stands at fd closed or replaced before the exec?  It is not judged; NULL: no. */
	bool (*ends)(const void *arg, int fd);
	const void *ends_arg;
	FDF_BITS(seen, FDF_PAIR_FDS); /* met open and without close-on-exec */
	uint8_t stop;		      /* FDF_DENY or FDF_ABORT was met */
	struct fdf_creds creds;	      /* of the image that is asked for, for the record */
	const char *inexact;	      /* why sealing is not certain; static text; NULL: it is */
	bool doubts_held;	      /* a lock that counts below may be none */
	bool more_held;		      /* more are than stand in held */
	int nheld;		      /* found by a rehearsal, and kept by a restart */
	uint64_t held[FDF_HELD_MAX];  /* fdf_tab_file() of each */
};

enum fdf_who_execs {
	FDF_CALLER,
	FDF_CHILD,	 /* ... which is a child that the engine made */
	FDF_LATER_CHILD, /* a child of the caller, which libc will make */
};

/*
 * pid: of the caller.  may_be_odd: it may be a script whose path leads through the table
 * (fdf_plain_way() is asked then).  scratch may be NULL.
 */
void fdf_judge_begin(struct fdf_judge *j, struct fdf_fence *f, const struct fdf_call *c,
		     bool may_be_odd, struct fdf_scratch *scratch, int pid, enum fdf_who_execs who);

/* Judge again, from the start. */
void fdf_judge_restart(struct fdf_judge *j);

/* Does a judgement need scratch memory? */
bool fdf_judge_wants_scratch(const struct fdf_fence *f);

/* Can a verdict, or a doubt, make the exec fail? */
bool fdf_judge_may_refuse(const struct fdf_judge *j);

/* fd is kept: if the caller holds a POSIX lock on its file, remember that. */
void fdf_judge_hold(struct fdf_judge *j, int fd);

/* fd is to be sealed: if that would drop such a lock, or may, it is reported instead. */
void fdf_judge_leave_held(struct fdf_judge *j, int fd, struct fdf_decision *v);

/* Judge one open descriptor that is not close-on-exec; mark it if it is to be sealed.  arg: the
 * judgement. */
void fdf_judge_see(void *arg, int fd);

/*
 * Is fd kept whatever else it is, since it was given?  Noted, then, at one system call; with false
 * fdf_judge_see() has to tell.  It may be close-on-exec.
 */
bool fdf_judge_see_given(struct fdf_judge *j, int fd);

/* The highest number that needs a look; INT_MAX: all of them. */
int fdf_judge_bound(const struct fdf_judge *j);

/* All are seen: hand the record on.  0; or the negative errno with which the exec fails. */
int fdf_judge_commit(struct fdf_judge *j);

/*
 * What a supervisor is told with the exec: that nothing above 2 goes through, that what does was
 * judged, or, with 0, nothing: it has to look by itself, since sealing was not exact.
 */
long fdf_judge_cookie(const struct fdf_judge *j);

/* The exec that was recorded came back with error (positive errno). */
void fdf_judge_failed(struct fdf_judge *j, int error);

#endif
