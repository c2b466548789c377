/*
 * callers.c: see callers.h.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "tools/supervise/callers.h"

static bool read_bytes(pid_t pid, uint64_t at, unsigned char to[CALLER_BYTES])
{
	struct iovec here = { to, CALLER_BYTES };
	struct iovec there = { (void *)(uintptr_t)at, CALLER_BYTES };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) == CALLER_BYTES;
}

void callers_init(struct callers *c)
{
	*c = (struct callers){ .next = 0 };
	pthread_mutex_init(&c->lock, NULL);
}

/* Has pid the bytes of image i?  They are left in theirs. */
static bool runs(struct callers *c, unsigned i, pid_t pid, unsigned char theirs[CALLER_BYTES])
{
	unsigned char bytes[CALLER_BYTES];
	uint64_t at;

	pthread_mutex_lock(&c->lock);
	at = c->known[i].at;
	memcpy(bytes, c->known[i].bytes, sizeof(bytes));
	pthread_mutex_unlock(&c->lock);
	return at && read_bytes(pid, at, theirs) && !memcmp(bytes, theirs, CALLER_BYTES);
}

/* What is known of image i, if it is still the one with these bytes. */
static bool take(struct callers *c, unsigned i, const unsigned char bytes[CALLER_BYTES],
		 struct before *b)
{
	const struct caller *k = &c->known[i];
	bool still;

	pthread_mutex_lock(&c->lock);
	__atomic_store_n(&c->recent, i, __ATOMIC_RELAXED); /* it is read without the lock */
	/* Who has the number of the process it was started in is that one, or new. */
	still = k->at && b->pid != k->born && !memcmp(k->bytes, bytes, CALLER_BYTES);
	if (still) {
		b->known = b->stat.forked = true;
		b->key = k->key;
		memcpy(b->exe, k->exe, strlen(k->exe) + 1);
		memcpy(b->applet, k->applet, sizeof(b->applet));
	}
	pthread_mutex_unlock(&c->lock);
	return still;
}

bool callers_know(struct callers *c, struct before *b)
{
	unsigned first = __atomic_load_n(&c->recent, __ATOMIC_RELAXED);
	unsigned char bytes[CALLER_BYTES];

	for (unsigned i = 0; i < CALLERS; i++)
		if (runs(c, (first + i) % CALLERS, b->tid, bytes))
			return take(c, (first + i) % CALLERS, bytes, b);
	return false;
}

/* The process that the image of this one was started in: itself, or its parent; 0: not known. */
static pid_t born_in(const struct before *b)
{
	struct task_stat parent;
	struct born_key key;

	if (!b->stat.forked)
		return b->pid;
	if (!b->stat.ppid || task_stat(b->stat.ppid, &parent) || parent.forked ||
	    !born_key(&key, b->stat.ppid, &parent) || !born_is(&key, &b->key))
		return 0;
	return b->stat.ppid;
}

/* 0: none is told. */
static uint64_t place_of_bytes(pid_t pid)
{
	struct task_text auxv = { 0 };
	uint64_t at = 0;

	if (sizeof(long) == sizeof(uint64_t) && !task_read(pid, "auxv", &auxv))
		for (size_t i = 0; i + 2 * sizeof(uint64_t) <= auxv.len;
		     i += 2 * sizeof(uint64_t)) {
			uint64_t entry[2];

			memcpy(entry, auxv.buf + i, sizeof(entry));
			if (entry[0] == AT_RANDOM)
				at = entry[1];
		}
	free(auxv.buf);
	return at;
}

/* It is remembered for that it calls again. */
static bool is_worth(struct callers *c, const struct born_key *key)
{
	for (size_t i = 0; i < CALLERS; i++)
		if (c->known[i].at && born_is(&c->known[i].key, key))
			return false;
	for (size_t i = 0; i < CALLERS_ASKED; i++)
		if (born_is(&c->asked[i], key))
			return true;
	c->asked[c->next_asked++ % CALLERS_ASKED] = *key;
	return false;
}

void callers_note(struct callers *c, const struct before *b)
{
	static const unsigned char wiped[CALLER_BYTES];
	struct caller new = { .born = 0, .key = b->key };
	bool worth;

	pthread_mutex_lock(&c->lock);
	worth = b->known && is_worth(c, &b->key);
	pthread_mutex_unlock(&c->lock);
	if (!worth || !(new.born = born_in(b)) || !(new.at = place_of_bytes(b->tid)) ||
	    !read_bytes(b->tid, new.at, new.bytes) || !memcmp(new.bytes, wiped, sizeof(wiped)))
		return;
	memcpy(new.exe, b->exe, strlen(b->exe) + 1);
	memcpy(new.applet, b->applet, sizeof(new.applet));
	pthread_mutex_lock(&c->lock);
	c->known[c->next++ % CALLERS] = new;
	pthread_mutex_unlock(&c->lock);
}
