/*
 * procfds.h: the descriptors of a pinned process, as facts.
 *
 * Nothing that belongs to the process changes.  Its files are not opened: handles (O_PATH) hold
 * them while they are looked at.  Sockets and memory files are asked through a copy
 * (pidfd_getfd(2)), which shares neither flags of the descriptor nor locks of its table, and is
 * closed at once.
 */
#ifndef FDF_PROCFDS_H
#define FDF_PROCFDS_H

#include "preload/core/facts.h"
#include "tools/proc/netfiles.h"
#include "tools/proc/pinned.h"

enum proc_tty { TTY_NONE, TTY_OTHER, TTY_CONTROLLING };

struct proc_fd {
	struct fdf_fd d; /* points into what follows */
	struct fdf_sock sock;
	char *target;
	const char *state; /* of a socket; NULL: none, or not known */
	int seals;	   /* of a memory file, F_SEAL_*; -1: none, or not known */
	enum proc_tty tty;
	int64_t born_ns; /* when the file was made; 0: not known */
	int same;	 /* the lowest number that is the same open file; -1: none is */
};

/* A table of descriptors: that of the process, or that of a thread which has its own. */
struct proc_table {
	pid_t tid;
	struct proc_fd *fds; /* above 2, by number */
	size_t n;
	size_t closing;		  /* how many are close-on-exec, looked at or not */
	int no_copies;		  /* errno of ...; 0: it was not needed, or worked */
	const char *no_copies_by; /* "pidfd_open" or "pidfd_getfd" */
	size_t unnamed;		  /* sockets whose addresses nobody could tell */
	size_t unsealed;	  /* memory files whose seals nobody could tell */
	size_t unseen;		  /* descriptors that could not be looked at */
	int unseen_error;	  /* ... errno of the last one */
	bool not_compared;	  /* kcmp(2) is not to be had: which are the same is not known */
};

struct proc_tables {
	struct proc_table *table;
	size_t n;
	bool guessed; /* without kcmp(2): threads whose numbers are equal count as one table */
	bool ended;   /* the process ended meanwhile: this is not all, or not a moment's */
};

/*
 * Look at all of them; closing: also at those that are close-on-exec.  FATE_HERE with *t for
 * proc_tables_free(); FATE_DENIED, FATE_ENDED or FATE_FAILED with nothing.
 */
enum fate proc_tables_look(struct proc_tables *t, const struct pinned *p, struct netfiles *net,
			   bool closing);
void proc_tables_free(struct proc_tables *t);

#endif
