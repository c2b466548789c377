/*
 * born.c: see born.h.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "preload/core/facts.h"
#include "tools/base/base.h"
#include "tools/supervise/born.h"

#define SWEEP_MIN 256 /* images; the next sweep comes when there are twice as many as were left */
#define STACK_MAX (UINT64_C(16) << 20) /* bytes of arguments and environment, and more */
#define ACTS_MIN  8 /* acts of an image; then those of processes that are gone are dropped */

struct act {
	struct born_fd f;
	pid_t pid; /* 0: of all processes of the image */
	unsigned sign;
};

struct image {
	struct born_key key;
	unsigned held; /* by execs on their way out of it */
	bool lives;    /* while sweeping */
	int addressed;
	struct born_fd *fds;
	size_t nfds;
	struct act *acts;
	size_t nacts, acts_cap;
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
	free(i->acts);
	free(i);
}

void born_free(struct born *b)
{
	tdestroy(b->tree, free_image);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

/*
 * Stacks that are not random begin below the end of what a program can address, which is a power of
 * two, or below 4 GiB; others mostly do not, and their file is not asked for.
 */
static bool is_random(uint64_t stack)
{
	uint64_t end = (stack | (STACK_MAX - 1)) + 1;

	return end & (end - 1) && stack > UINT32_MAX;
}

bool born_key(struct born_key *to, pid_t pid, const struct task_stat *stat)
{
	struct stat exe;

	*to = (struct born_key){ stat->stack, stat->args, stat->env, 0, 0 };
	if (!stat->stack || !stat->args)
		return false;
	if (is_random(stat->stack))
		return true;
	if (task_image(pid, &exe))
		return false;
	to->dev = exe.st_dev;
	to->ino = exe.st_ino;
	return true;
}

bool born_is(const struct born_key *a, const struct born_key *b)
{
	return !compare(a, b);
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

static void mark(struct born *b, pid_t pid)
{
	struct task_stat task;
	struct born_key key;
	struct image *i;

	if (task_stat(pid, &task) || !born_key(&key, pid, &task))
		return;
	i = find(b, &key);
	if (i)
		i->lives = true;
}

static void mark_all(struct born *b)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

		if (pid > 0)
			mark(b, pid);
	}
	if (dir)
		closedir(dir);
}

/* What a sweep goes through. */
struct listing {
	struct image **list;
	size_t n;
};

static void list_one(const void *node, VISIT visit, void *listing)
{
	struct listing *l = listing;

	if (visit == postorder || visit == leaf)
		l->list[l->n++] = *(struct image *const *)node;
}

/* Forget images that no process runs any more. */
static void sweep(struct born *b)
{
	struct listing l = { .list = must_alloc((b->n + 1) * sizeof(*l.list)) };

	twalk_r(b->tree, list_one, &l);
	for (size_t i = 0; i < l.n; i++)
		l.list[i]->lives = l.list[i]->held > 0;
	mark_all(b);
	for (size_t i = 0; i < l.n; i++) {
		if (l.list[i]->lives)
			continue;
		tdelete(l.list[i], &b->tree, compare);
		free_image(l.list[i]);
		count(b, -1);
	}
	free(l.list);
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
		i->nfds = i->nacts = 0;
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
	for (size_t k = 0; i && k < i->nfds; k++)
		last = i->fds[k].fd > last ? i->fds[k].fd : last;
	for (size_t k = 0; i && k < i->nacts; k++)
		last = i->acts[k].f.fd > last ? i->acts[k].f.fd : last;
	pthread_mutex_unlock(&b->lock);
	return last;
}

static bool is_same(const struct born_fd *a, const struct born_fd *b)
{
	return a->fd == b->fd && a->dev == b->dev && a->ino == b->ino;
}

static void drop_acts(struct image *i, bool (*drop)(const struct act *, pid_t), pid_t pid)
{
	size_t n = 0;

	for (size_t k = 0; k < i->nacts; k++)
		if (!drop(&i->acts[k], pid))
			i->acts[n++] = i->acts[k];
	i->nacts = n;
}

static bool is_gone(const struct act *a, pid_t pid)
{
	(void)pid;
	return a->pid && kill(a->pid, 0) && errno == ESRCH;
}

static bool is_of(const struct act *a, pid_t pid)
{
	return a->pid == pid;
}

void born_act(struct born *b, const struct born_key *key, pid_t pid, unsigned sign,
	      struct born_fd f)
{
	struct act new = { f, sign == FDF_SIGN_PLACED ? pid : 0, sign }, *more;
	struct image *i;
	size_t k;

	pthread_mutex_lock(&b->lock);
	i = find_or_add(b, key);
	for (k = 0; k < i->nacts; k++)
		if (is_same(&i->acts[k].f, &f) && i->acts[k].pid == new.pid)
			break;
	if (k == i->nacts && i->nacts == i->acts_cap) {
		drop_acts(i, is_gone, 0);
		k = i->nacts;
		if (2 * k >= i->acts_cap) {
			i->acts_cap = k < ACTS_MIN ? ACTS_MIN : 4 * k;
			more = must_alloc(i->acts_cap * sizeof(*more));
			memcpy(more, i->acts ? i->acts : more, k * sizeof(*more));
			free(i->acts);
			i->acts = more;
		}
	}
	i->acts[k] = new;
	i->nacts += k == i->nacts;
	pthread_mutex_unlock(&b->lock);
}

static bool is_given(const struct image *i, bool forked, const struct born_fd *f)
{
	if (forked && f->fd < 3 + i->addressed)
		return false;
	for (size_t k = 0; k < i->nfds; k++)
		if (is_same(&i->fds[k], f))
			return true;
	return false;
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
	for (size_t k = 0; i && k < i->nacts; k++)
		if (is_same(&i->acts[k].f, &f) && (!i->acts[k].pid || i->acts[k].pid == pid))
			signs |= i->acts[k].sign;
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
			drop_acts(i, is_of, pid);
	}
	pthread_mutex_unlock(&b->lock);
}
