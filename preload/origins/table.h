/*
 * table.h: who opened what: a slot for each descriptor number of this process.
 *
 * One anonymous mapping, which a child of fork() has a copy of and a vfork child shares: what that
 * opens is not written down, since its numbers are not its parent's.  No lock: a slot is written by
 * who just got the number, and a reader that meets a writer takes the slot for empty.  Numbers from
 * ORIGIN_SLOTS on share slots: the later one stays.  Async-signal-safe, errno is left alone.
 */
#ifndef FDF_ORIGINS_TABLE_H
#define FDF_ORIGINS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "preload/origins/script.h"

#define ORIGIN_SLOTS   4096
#define ORIGIN_FRAMES  16  /* of where it was opened */
#define ORIGIN_RELAYED 6   /* of where it was handed on last */
#define SENDER_EXE     128 /* bytes with the NUL; the end of a longer path; "": not known */

struct sender {
	int pid;      /* 0: not known */
	bool is_peer; /* it is who made the other end of the socket; else who sent the message */
	char exe[SENDER_EXE];
};

struct origin {
	uint32_t seq; /* odd: somebody writes */
	int fd;
	bool is_open;
	uint64_t dev, ino; /* a number that was used again unseen is known by them */
	int64_t time_s;	   /* since 1970-01-01 UTC */
	uint32_t time_ns;
	int pid, tid;	      /* who opened it */
	const char *call;     /* "openat": text of this library */
	const char *relay;    /* NULL: not handed on; "dup2" */
	unsigned unloads;     /* how often a library had been unloaded by then */
	int from;	      /* ... the number it was handed on from */
	unsigned hops;	      /* how often it was handed on */
	struct sender sender; /* of what came with a message */
	uint8_t nframes, nrelayed;
	uintptr_t frames[ORIGIN_FRAMES]; /* return addresses, the innermost first */
	uintptr_t relayed[ORIGIN_RELAYED];
	struct script script;
};

/* At load.  Where there is no memory, nothing is ever known. */
void table_open(void);

/* fd is new, from `call`. */
void table_opened(int fd, const char *call);

/* fd is new, and came with a message. */
void table_received(int fd, const char *call, const struct sender *by);

/* to is another number of from's open file. */
void table_relayed(int from, int to, const char *call);

/* The numbers first..last are closed, or about to be. */
void table_closed(unsigned first, unsigned last);

/* A library may have gone, and another one come to where it was. */
void table_unloaded(void);

/* Could what lies at its addresses be another one's by now? */
bool table_is_of_before(const struct origin *o);

enum table_answer { TABLE_NEVER, TABLE_KNOWN, TABLE_EVICTED };

/* A copy of fd's slot, if that is about the file that fd is open on now. */
enum table_answer table_look(int fd, struct origin *copy);

#endif
