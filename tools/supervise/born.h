/*
 * born.h: what images without the library were given when they started, and what they did to
 * descriptors on purpose.
 *
 * An image is known by where the kernel put its stack, its arguments and its environment: it goes
 * along through fork, vfork and the death of parents, and changes with an exec.  Only images that
 * were given something, or did something, are remembered; which of them are still there is asked
 * of /proc when there are many, so that none that lives is forgotten.  Any thread may call.
 *
 * AT_RANDOM's bytes would tell images apart where addresses are not random (docs/limits.md,
 * supervise-norandom).  They are not in the key: reading them takes four more system calls for each
 * exec and each act of all others, and some programs wipe them, so that one image had two keys.
 */
#ifndef FDF_SUPERVISE_BORN_H
#define FDF_SUPERVISE_BORN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tools/proc/task.h"

struct born_key {
	uint64_t stack, args, env;
	uint64_t dev, ino; /* of the image's file, where its addresses may not be random; else 0 */
};

/* An open file behind a number. */
struct born_fd {
	int fd;
	uint64_t dev, ino;
	bool moved; /* of one that was given: copies of it have numbers that nobody knows */
};

struct born;

struct born *born_new(void);
void born_free(struct born *b);

/* The key of the image of process pid (0: this one); false: it may not be looked into. */
bool born_key(struct born_key *to, pid_t pid, const struct task_stat *stat);
bool born_is(const struct born_key *a, const struct born_key *b);

/* Is anything known of any image? */
bool born_any(struct born *b);

/* No number of the image carries a sign but up to this; -1: none does. */
int born_last(struct born *b, const struct born_key *key);

/*
 * A new image starts with these n, ascending by number; addressed: so many of them, from 3 on, were given to this very
 * process (LISTEN_FDS), and not to its children.
 */
void born_start(struct born *b, const struct born_key *key, const struct born_fd *fds, size_t n,
		int addressed);

/* What process pid of this image did to f: sign is one of enum fdf_sign; PLACED holds for pid alone. */
void born_act(struct born *b, const struct born_key *key, pid_t pid, unsigned sign,
	      struct born_fd f);

/*
 * Which number was given that has this file: f's own, or the first other one, as copies have it; -1: none.  None of
 * those that were given to the first process alone.
 */
int born_given_as(struct born *b, const struct born_key *key, struct born_fd f);
/* What was given as this number is known by its file from now on. */
void born_move(struct born *b, const struct born_key *key, int given);

/*
 * The signs (enum fdf_sign) that f carries in process pid, forked: a child of the one that the
 * image started in.
 */
unsigned born_signs(struct born *b, const struct born_key *key, pid_t pid, bool forked,
		    struct born_fd f);

/* Has any process of the image done anything to a descriptor? */
bool born_places(struct born *b, const struct born_key *key);
/* The signs that f carries by what any process of the image did up to that clock tick since boot. */
unsigned born_signs_before(struct born *b, const struct born_key *key, unsigned long long tick,
			   struct born_fd f);

/*
 * A process is about to leave the image by an exec: what is known of it stays until born_let_go().
 * False: nothing is.
 */
bool born_hold(struct born *b, const struct born_key *key);
/* left: the exec was done, and what that process alone did is forgotten. */
void born_let_go(struct born *b, const struct born_key *key, pid_t pid, bool left);

#endif
