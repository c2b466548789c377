/*
 * engine.h: what the files of this room share of one exec.
 */
#ifndef FDF_SUPERVISE_ENGINE_H
#define FDF_SUPERVISE_ENGINE_H

#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/stat.h>

#include "preload/core/record.h"
#include "tools/proc/ownfds.h"
#include "tools/proc/task.h"
#include "tools/records/unseen.h"
#include "tools/supervise/arch/arch.h"
#include "tools/supervise/born.h"
#include "tools/supervise/callers.h"
#include "tools/supervise/line.h"
#include "tools/supervise/supervise.h"
#include "tools/supervise/turn.h"

struct supervisor {
	struct supervise s;
	pid_t pid; /* of this process */
	struct born *born;
	struct callers callers;
	struct born_key
		self; /* of this program, which judges itself what it gives to the command */
	char *log, *log_key;
	int locks;	  /* under lock: /proc/locks, open from the first need on; -1 */
	bool filtered;	  /* atomic: somebody below has installed a filter */
	struct turn turn; /* to ask the listener */
	pthread_mutex_t lock;
	struct exec *followed; /* under lock: execs that are made again, while this end attends */
	struct exec *astray;   /* under lock: those that hold somebody else than they meant */
	size_t tail, tail_len; /* free room behind the vdso's contents, from its begin; 0: none */
};

#define EXEC_LOCKS 16 /* files at first */

/* One exec, from the notification on; of one thread. */
struct exec {
	struct supervisor *sup;
	struct before before;
	bool told;  /* the library has judged, and gave something */
	bool apart; /* ... has sealed by settings that are not ours, and nobody is told what */
	bool own;   /* what was attached to is the caller */
	struct exec *next; /* of sup->followed, or sup->astray */
	uint64_t first;	   /* argument */
	bool held;	   /* born.h: before.key is */
	struct line line;  /* asked where it matters */
	uint64_t path;	   /* of the program that is asked for, in the caller's memory */
	pid_t pid;	   /* of the new image */
	struct arch_regs regs;
	struct task_text auxv, args, env, status;
	char **argv, **envp;
	char into[PATH_MAX];
	size_t count; /* of what crossed, stdio included; 0: it is not told */
	int *fds;     /* what crossed, ascending, as far as it matters; NULL: it cannot be seen */
	size_t nfds;
	bool more; /* others crossed, which nobody meant */
	int *seal; /* of them, what is to be closed */
	size_t nseal;
	struct born_fd *kept; /* ... and what above 2 goes through */
	size_t nkept;
	bool judged;	       /* somebody has judged: what crossed is kept, and remembered */
	int script;	       /* number that an interpreter opens its script by; -1: none */
	int execfd;	       /* number that the kernel opened for an interpreter; -1: none */
	bool shown;	       /* the record has something to say */
	struct born_fd *locks; /* files with a POSIX lock of the process; fd: 1, one is kept */
	size_t nlocks, locks_cap;
	bool stop;	     /* the policy refuses: the new image ends */
	const char *inexact; /* static text */
	struct fdf_exec facts;
	struct fdf_intent intent;
	struct fdf_record record;
	struct own_fd look;
	int pidfd;	   /* of the new image; -1: none is open */
	int mem;	   /* its memory; -1: it is not open.  Both are closed when it is let go */
	uint64_t stack_at; /* its stack, as far as it was read */
	size_t stack_len;
	/* Last: these are not cleared for the next exec. */
	char buf[FDF_RECORD_MAX];
	char stack[65536] __attribute__((aligned(8)));
};

/* auxiliary vector entry of the new image, 0: none */
uint64_t exec_auxv(const struct exec *e, uint64_t type);

/* Answer a notification: the call is made, or fails with this errno.  0; -1: who asked is gone. */
int supervise_answer(const struct supervisor *sup, uint64_t id, int error);

/*
 * The whole of one exec: it is answered, judged and sealed.  entry: static text; e: room for it, which
 * the calling thread has for one exec after the other.
 */
void exec_supervise(struct exec *e, struct supervisor *sup, const struct seccomp_notif *n,
		    const char *entry);

/* The text at an address of the task e->pid; "" where there is none. */
void exec_text_at(const struct exec *e, uint64_t at, char *to, size_t size);

/*
 * fexecve of a script: the kernel named it /dev/fd/N or /dev/fd/N/NAME, and its interpreter opens that; a
 * program that is executed so is the image itself, and needs no descriptor.  -1: it is none.
 */
int exec_script(const struct exec *e);

/* A number that the kernel opened for an interpreter (binfmt_misc); -1: none. */
int exec_execfd(const struct exec *e);

/* Arguments, environment and auxiliary vector: e->argv, e->envp, e->auxv.  -1: it may not be looked into. */
int exec_read_words(struct exec *e);

/* Did anything above stdio cross, or may it have? */
bool exec_has_more(struct exec *e);

/*
 * e->fds and e->more, where exec_has_more() has not said all: numbers up to `last` are of interest.
 * 0; -1: it cannot be seen.
 */
int exec_list(struct exec *e, int last);
/* All of them. */
int exec_list_all(struct exec *e);

/*
 * A descriptor of ours for the open file of the new image's, or a handle on the file (O_PATH) where there
 * is no such call; -1 with errno, EBADF: it is not open.
 */
int exec_copy_fd(struct exec *e, int fd);
/* The facts of it; returns that descriptor. */
int exec_look_fd(struct exec *e, struct own_fd *to, int fd);

/* Look at the caller tid, which waits for our answer; name: also at what its program is called. */
void before_look(struct before *b, struct supervisor *sup, pid_t tid, bool name);

/*
 * Look at the new image, which is stopped, and judge what crossed: e->seal, e->kept, e->stop, and the
 * record is handed on.  0, or -1: it cannot be looked at, and must not run.
 */
int exec_judge(struct exec *e);

/* Fill in e->look.d.reach, for a duplicate of that descriptor, after facts and status. */
void exec_reach(struct exec *e, int copy);

/* Read it, for what follows; once. */
void exec_read_status(struct exec *e);
/* Word i, from 0, of that line of numbers; -1: there is none, or it was not read. */
long exec_status(const struct exec *e, const char *name, int i);
/* That line as a mask of signals; all of them, if there is none. */
uint64_t exec_status_mask(const struct exec *e, const char *name);
/* What LISTEN_PID is compared with: the process as it sees itself. */
pid_t exec_own_pid(const struct exec *e);

/* May a filter of others deny close_range to the new image? */
bool exec_is_filtered(struct exec *e);

/*
 * POSIX locks that the new image holds: read them where stdio or one of e->fds up to `last` may have one (false:
 * it has none), note that a descriptor of a file is kept, and ask whether closing d would drop the lock of
 * one that is.
 */
bool exec_read_locks(struct exec *e, int last);
void exec_keep_lock(struct exec *e, const struct fdf_fd *d);
bool exec_is_locked(const struct exec *e, const struct fdf_fd *d);

/* A caller that cannot be attached to: a record that says why. */
void exec_tell_unseen(struct exec *e, enum unseen why);

/*
 * Close e->seal in the stopped image; all above stdio if e->fds is NULL.  0: it is ready to be let
 * go, at its first instruction or at its first system call; -1: it must not run; EXEC_GONE.
 */
int exec_seal(struct exec *e);

/*
 * On to the next entry or exit of a system call; signals go through.  0; EXEC_DONE: e->pid is a new
 * image instead; EXEC_GONE: it has ended; -1.
 */
enum { EXEC_DONE = 1, EXEC_GONE };
int exec_to_syscall(struct exec *e);
/* ... on to a trap (SIGTRAP) of its own code, which it does not see. */
int exec_to_trap(struct exec *e);

/* Wait for what this thread traces.  The status, or -1: it is gone. */
int exec_wait(pid_t *pid);

#endif
