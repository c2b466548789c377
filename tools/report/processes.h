/*
 * processes.h: what is remembered of processes while their records are merged, by their numbers,
 * which are used again.
 */
#ifndef FDF_REPORT_PROCESSES_H
#define FDF_REPORT_PROCESSES_H

#include <stdint.h>

#include "tools/report/merge.h"
#include "tools/report/pending.h"
#include "tools/report/programs.h"

/* What is remembered of a process. */
struct process {
	uint64_t machine; /* hash of host and boot */
	long long pid;	  /* 0: this place is free */
	struct program *runs;
	char *into;	  /* of its last exec, until its start is seen; NULL: nothing is awaited */
	bool due;	  /* whoever wrote of it writes of starts as well */
	unsigned awaited; /* starts; of what libc makes in children (in_child) it may be several */
	struct pending_leak *leaks; /* of that exec, to be taken back if it failed */
	size_t nleaks, known;	    /* the first of them, which another teller told of before */
	uint64_t exe; /* hash of who executed it, until its start is seen; 0: nobody told of one */
	long long ppid;	 /* as who executed it was told to have */
	enum teller by;	 /* who told of it, the last one */
	uint64_t image;	 /* hash of what it runs, as far as it was told; 0: it was not */
	bool supervised; /* a supervisor looks at each of its execs, and at those of its children */
	bool started;	 /* the supervisor told of its start: the library's own may follow */
};

/* Hash of the path of an image; of the one that executed what r tells of. */
uint64_t process_image(const char *path);
uint64_t process_exe(const struct rec *r);

/* May it run this image?  A number is used again: what runs another one is another process. */
bool process_may_run(const struct process *p, uint64_t image);

/* What a supervisor has told of it holds no longer. */
void process_not_supervised(struct process *p);

/* Where one would be among all MERGE_PROCESSES of them; another one may be there. */
struct process *processes_place(struct process *all, uint64_t machine, long long pid);

/* The one that is remembered; NULL: none is. */
struct process *processes_known(struct process *all, uint64_t machine, long long pid);

/* Who has told of this exec already, as pending_again() says; NULL: nobody has. */
struct process *processes_told(struct process *all, struct process *p, const struct rec *r,
			       uint64_t machine);

/* What libc starts in children of a process awaits starts of others than its own exec does. */
uint64_t processes_children(uint64_t machine);

#endif
