/*
 * born.c: see born.h.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/facts.h"
#include "tools/base/base.h"
#include "tools/base/nodes.h"
#include "tools/proc/procfs.h"
#include "tools/supervise/born.h"
#include "tools/supervise/born_acts.h"

#define SWEEP_MIN 256 /* images; the next sweep comes when there are twice as many as were left */

struct image {
	struct born_key key;
	unsigned held; /* by execs on their way out of it */
	bool lives;    /* while sweeping */
	int addressed;
	struct born_fd *fds;
	size_t nfds;
	bool moved; /* one of them is */
	struct born_acts acts;
};

struct born {
	pthread_mutex_t lock;
	void *tree; /* of search.h, struct image by key */
	size_t n, sweep_at;
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct born_key)); /* the key stands first */
}

struct born *born_new(void)
{
	struct born *b = must_alloc(sizeof(*b));

	pthread_mutex_init(&b->lock, NULL);
	b->sweep_at = SWEEP_MIN;
	return b;
}

static void free_image(void *image)
{
	struct image *i = image;

	free(i->fds);
	born_acts_clear(&i->acts);
	free(i);
}

void born_free(struct born *b)
{
	tdestroy(b->tree, free_image);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

/* Under the lock, and born_any() reads it without. */
static void count(struct born *b, int by)
{
	__atomic_store_n(&b->n, b->n + (size_t)by, __ATOMIC_RELAXED);
}

bool born_any(struct born *b)
{
	return __atomic_load_n(&b->n, __ATOMIC_RELAXED) > 0;
}

static struct image *find(struct born *b, const struct born_key *key)
{
	void *node = tfind(key, &b->tree, compare);

	return node ? *(struct image **)node : NULL;
}

/* false: whether it runs one of them could not be asked. */
static bool mark(void *born, pid_t pid)
{
	struct born *b = born;
	struct task_stat task;
	struct born_key key;
	struct image *i;

	if (task_stat_living(pid, &task))
		return errno == ENOENT || errno == ESRCH;
	i = born_key(&key, pid, &task) ? find(b, &key) : NULL;
	if (i)
		i->lives = true;
	return true;
}

/* Forget images that no process runs any more; none where that cannot be asked. */
static void sweep(struct born *b)
{
	struct image **list = nodes_list(b->tree, b->n);
	size_t n = b->n;
	bool asked;

	for (size_t i = 0; i < n; i++)
		list[i]->lives = list[i]->held > 0;
	asked = procfs_each("/proc/.", mark, b);
	for (size_t i = 0; i < n; i++) {
		if (!asked || list[i]->lives)
			continue;
		tdelete(list[i], &b->tree, compare);
		free_image(list[i]);
		count(b, -1);
	}
	free(list);
	b->sweep_at = b->n < SWEEP_MIN / 2 ? SWEEP_MIN : 2 * b->n;
}

static struct image *find_or_add(struct born *b, const struct born_key *key)
{
	struct image *i = find(b, key);

	if (i)
		return i;
	if (b->n >= b->sweep_at)
		sweep(b);
	i = must_alloc(sizeof(*i));
	i->key = *key;
	if (!tsearch(i, &b->tree, compare))
		out_of_memory();
	count(b, 1);
	return i;
}

static void forget(struct born *b, const struct born_key *key)
{
	struct image *i = find(b, key);

	if (!i)
		return;
	if (i->held) { /* without random addresses it may be the very one that is left */
		free(i->fds);
		i->fds = NULL;
		i->nfds = 0;
		i->moved = false;
		born_acts_clear(&i->acts);
		return;
	}
	tdelete(i, &b->tree, compare);
	free_image(i);
	count(b, -1);
}

void born_start(struct born *b, const struct born_key *key, const struct born_fd *fds, size_t n,
		int addressed)
{
	struct image *i;

	pthread_mutex_lock(&b->lock);
	forget(b, key); /* of one that is gone, and had its places */
	if (n) {
		i = find_or_add(b, key);
		i->addressed = addressed;
		i->fds = must_alloc(n * sizeof(*fds));
		memcpy(i->fds, fds, n * sizeof(*fds));
		i->nfds = n;
	}
	pthread_mutex_unlock(&b->lock);
}

int born_last(struct born *b, const struct born_key *key)
{
	struct image *i;
	int last = -1;

	if (!born_any(b))
		return -1;
	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	if (i && i->nfds)
		last = i->fds[i->nfds - 1].fd;
	if (i && i->acts.end > last)
		last = i->acts.end - 1;
	if (i && i->moved)
		last = INT_MAX;
	pthread_mutex_unlock(&b->lock);
	return last;
}

static bool is_file(const struct born_fd *a, const struct born_fd *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

static bool is_same(const struct born_fd *a, const struct born_fd *b)
{
	return a->fd == b->fd && is_file(a, b);
}

void born_act(struct born *b, const struct born_key *key, pid_t pid, unsigned sign,
	      struct born_fd f)
{
	pthread_mutex_lock(&b->lock);
	born_acts_add(&find_or_add(b, key)->acts, sign == FDF_SIGN_PLACED ? pid : 0, sign, &f);
	pthread_mutex_unlock(&b->lock);
}

static int by_number(const void *one, const void *other)
{
	const struct born_fd *a = one, *b = other;

	return (a->fd > b->fd) - (a->fd < b->fd);
}

static struct born_fd *of_number(const struct image *i, int fd)
{
	const struct born_fd like = { .fd = fd };

	return i->nfds ? bsearch(&like, i->fds, i->nfds, sizeof(like), by_number) : NULL;
}

static bool is_given(const struct image *i, bool forked, const struct born_fd *f)
{
	const struct born_fd *given;

	if (forked && f->fd < 3 + i->addressed)
		return false;
	given = of_number(i, f->fd);
	if (given && is_same(given, f))
		return true;
	for (size_t k = 0; i->moved && k < i->nfds; k++)
		if (i->fds[k].moved && is_file(&i->fds[k], f))
			return true;
	return false;
}

int born_given_as(struct born *b, const struct born_key *key, struct born_fd f)
{
	const struct born_fd *same;
	struct image *i;
	int given = -1;

	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	same = i ? of_number(i, f.fd) : NULL;
	if (same && is_same(same, &f) && f.fd >= 3 + i->addressed)
		given = f.fd;
	for (size_t k = 0; i && given < 0 && k < i->nfds; k++)
		if (i->fds[k].fd >= 3 + i->addressed && is_file(&i->fds[k], &f))
			given = i->fds[k].fd;
	pthread_mutex_unlock(&b->lock);
	return given;
}

void born_move(struct born *b, const struct born_key *key, int given)
{
	struct born_fd *fd;
	struct image *i;

	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	fd = i ? of_number(i, given) : NULL;
	if (fd)
		fd->moved = i->moved = true;
	pthread_mutex_unlock(&b->lock);
}

unsigned born_signs(struct born *b, const struct born_key *key, pid_t pid, bool forked,
		    struct born_fd f)
{
	unsigned signs = 0;
	struct image *i;

	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	if (i && is_given(i, forked, &f))
		signs |= FDF_SIGN_GIVEN;
	if (i)
		signs |= born_acts_signs(&i->acts, pid, &f);
	pthread_mutex_unlock(&b->lock);
	return signs;
}

bool born_places(struct born *b, const struct born_key *key)
{
	struct image *i;
	bool any;

	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	any = i && i->acts.n;
	pthread_mutex_unlock(&b->lock);
	return any;
}

unsigned born_signs_before(struct born *b, const struct born_key *key, unsigned long long tick,
			   struct born_fd f)
{
	unsigned signs = 0;
	struct image *i;

	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	if (i)
		signs = born_acts_before(&i->acts, tick, &f);
	pthread_mutex_unlock(&b->lock);
	return signs;
}

bool born_hold(struct born *b, const struct born_key *key)
{
	struct image *i;

	if (!born_any(b))
		return false;
	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	if (i)
		i->held++;
	pthread_mutex_unlock(&b->lock);
	return i;
}

void born_let_go(struct born *b, const struct born_key *key, pid_t pid, bool left)
{
	struct image *i;

	pthread_mutex_lock(&b->lock);
	i = find(b, key);
	if (i) {
		i->held--;
		if (left)
			born_acts_drop(&i->acts, pid);
	}
	pthread_mutex_unlock(&b->lock);
}
