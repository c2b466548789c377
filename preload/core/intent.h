/*
 * intent.h: what environment, argument vector and image say about descriptors.
 *
 * Conventions are data (conventions.h); this turns (environment, argv, images)
 * into a bounded list of meant numbers, each with the place that named it and
 * the conditions under which it holds.  Environment and arguments may come from
 * an attacker: a generic convention never excuses a listening or connected
 * socket, a file open for writing or one that others may not read (policy.c
 * checks FDF_IF_* against facts).
 *
 * Pure: no allocation, nothing writable of its own, no system call.
 */
#ifndef FDF_INTENT_H
#define FDF_INTENT_H

#include "preload/core/facts.h"

/* Members of intent, also the bits of the setting `intent`. */
enum fdf_member {
	FDF_GIVEN = 1,	 /* the image had it when it started */
	FDF_IMAGE = 2,	 /* shells, chain loaders, lock wrappers, an image that execs itself, greedy
			    targets */
	FDF_ACT = 4,	 /* close-on-exec cleared, dup2 in the child, spawn file actions */
	FDF_PRECISE = 8, /* a named variable or option */
	FDF_GENERIC = 16, /* /dev/fd/N, fd:N, --*-fd=N, *_FD=N */
	FDF_DUP2 = 32,	  /* admit dup2 in the parent as an act; off by default */
	FDF_PAIR = 64,	  /* one end of a pair made for this child, and its number is named */
};
#define FDF_INTENT_DEFAULT (FDF_GIVEN | FDF_IMAGE | FDF_ACT | FDF_PRECISE | FDF_PAIR | FDF_GENERIC)

/* What the descriptor must be for the convention to hold. */
enum fdf_if {
	FDF_IF_PIPE = 1,     /* a pipe or a fifo */
	FDF_IF_SOCKET = 2,   /* a socket, listening or not */
	FDF_IF_MEMORY = 3,   /* a memory file, or another one */
	FDF_IF_HARMLESS = 4, /* a pipe, a fifo, or a file open for reading that anyone may read */
};

struct fdf_meant {
	int first, last;   /* numbers, both included; last >= first; last may be INT_MAX ("and all
			      above") */
	uint8_t member;	   /* FDF_PRECISE, FDF_GENERIC or FDF_IMAGE */
	uint8_t only_if;   /* enum fdf_if */
	struct fdf_str by; /* "LISTEN_FDS", "--status-fd", "/dev/fd/": points into argv, envp or
			      static text */
};

/* Ranges that are remembered; more than there are kinds (member and condition) of them. */
#define FDF_MEANT_MAX 40
/* What a record says of fdf_intent.overflow. */
#define FDF_MEANT_MORE \
	"more descriptors were named than can be remembered: those between count, too"

struct fdf_intent {
	const char *image; /* static text, why the image keeps all that it holds ("shell", "runs its
			      own image again"); NULL: it does not */
	uint16_t n;
	bool cgi;      /* a client wrote what is asked: no number in it counts as named */
	bool overflow; /* more were named than fit: ranges take in what lies between, and the record
			  says so */
	struct fdf_meant meant[FDF_MEANT_MAX];
};

/*
 * Read x->exe, x->into, x->same_image, x->argv, x->envp and x->pid (the pid
 * that the new image will have; 0: not known, then LISTEN_PID cannot be
 * compared and is not honoured).  members: which of FDF_IMAGE, FDF_PRECISE, FDF_GENERIC to fill
 * in; the others are signs on the descriptor itself.  Numbers 0, 1, 2 are never
 * listed.  out need not be initialised.
 */
void fdf_intent_read(struct fdf_intent *out, const struct fdf_exec *x, unsigned members);

/*
 * The program that argv asks of a file that is many in one (busybox): argv[0], without its directory
 * and a login shell's "-"; where that is the file itself, the word behind it.  first, second: the
 * first two words, NULL where there is none.
 */
struct fdf_str fdf_applet(const char *first, const char *second);

/* Is the program at path many in one? */
bool fdf_is_many(struct fdf_str path);

/* Is it a dynamic loader, glibc's or musl's, which runs the program that its arguments name? */
bool fdf_is_loader(struct fdf_str path);

/* The largest number that is meant; -1: none. */
int fdf_intent_last(const struct fdf_intent *in);

/* "given" "image" "act" "precise" "generic" "dup2" */
const char *fdf_member_name(enum fdf_member m);
enum fdf_member fdf_member_from(struct fdf_str name); /* 0: no such */

#endif
