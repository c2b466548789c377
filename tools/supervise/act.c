/*
 * act.c: see act.h.
 */
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/supervise/act.h"
#include "tools/supervise/engine.h"

enum call {
	CLEARS, /* close-on-exec */
	PLACES, /* dup2, dup3 */
	COPIES, /* dup, F_DUPFD: the kernel chooses the number */
};

static enum call call_of(const struct seccomp_notif *n)
{
	for (const struct arch_abi *a = arch_abis; a->audit; a++) {
		if (a->audit != n->data.arch)
			continue;
		if (n->data.nr == a->dup3 || (a->dup2 && n->data.nr == a->dup2))
			return PLACES;
		if (n->data.nr == a->dup)
			return COPIES;
		for (int i = 0; i < ARCH_ALIASES && a->fcntl[i]; i++)
			if (n->data.nr == a->fcntl[i] && (unsigned)n->data.args[1] == F_DUPFD)
				return COPIES;
	}
	return CLEARS;
}

static bool is_filter(const struct seccomp_notif *n)
{
	for (const struct arch_abi *a = arch_abis; a->audit; a++)
		if (a->audit == n->data.arch &&
		    (n->data.nr == a->seccomp || n->data.nr == a->prctl))
			return true;
	return false;
}

static int number_file(pid_t pid, int fd, struct stat *file)
{
	char name[24];

	snprintf(name, sizeof(name), "fd/%d", fd);
	return task_file(pid, name, file);
}

/* Does `given` still have the file that f has, opened another time? */
static bool is_another(pid_t pid, int given, const struct born_fd *f)
{
	struct stat file;

	return given != f->fd && syscall(SYS_kcmp, pid, pid, KCMP_FILE, given, f->fd) > 0 &&
	       !number_file(pid, given, &file) && file.st_dev == f->dev && file.st_ino == f->ino;
}

/* What was given is given wherever it is moved.  to: where it is put; -1: the kernel chooses. */
static void note_move(struct supervisor *sup, const struct before *b, const struct born_fd *f,
		      int to, bool alone)
{
	int given = born_given_as(sup->born, &b->key, *f);
	struct born_fd there = { .fd = to, .dev = f->dev, .ino = f->ino };

	if (given < 0 || is_another(b->tid, given, f))
		return;
	if (to >= 0)
		born_act(sup->born, &b->key, b->pid, FDF_SIGN_GIVEN, there);
	else if (alone)
		born_move(sup->born, &b->key, given);
}

static void note(struct supervisor *sup, const struct seccomp_notif *n)
{
	unsigned intent = sup->s.settings->policy.intent;
	enum call call = call_of(n);
	/* The first argument is the number; of dup2 and dup3 the second is where it is put. */
	struct born_fd f = { .fd = (int)n->data.args[0] };
	int to = call == PLACES ? (int)n->data.args[1] : -1;
	struct before b = { .tid = 0 };
	struct stat file;

	if (!n->pid || (call == COPIES && !born_any(sup->born)) ||
	    number_file((pid_t)n->pid, f.fd, &file))
		return;
	f.dev = file.st_dev;
	f.ino = file.st_ino;
	before_look(&b, sup, (pid_t)n->pid, false);
	if (!b.known)
		return;
	/* All eventfds, say, have one inode, and no type: they are not told apart by it. */
	if (intent & FDF_GIVEN && call != CLEARS)
		note_move(sup, &b, &f, to, file.st_mode & S_IFMT);
	if (call == COPIES || !(intent & FDF_ACT))
		return;
	f.fd = call == PLACES ? to : f.fd;
	/* In the process that the image was started in it looks the same as a leak. */
	if (call == CLEARS || b.stat.forked || intent & FDF_DUP2)
		born_act(sup->born, &b.key, b.pid, call == PLACES ? FDF_SIGN_PLACED : FDF_SIGN_ACT,
			 f);
}

void act_note(struct supervisor *sup, const struct seccomp_notif *n)
{
	if (is_filter(n))
		__atomic_store_n(&sup->filtered, true, __ATOMIC_RELAXED);
	else if (sup->s.settings->policy.intent & (FDF_ACT | FDF_GIVEN))
		note(sup, n);
	supervise_answer(sup, n->id, 0);
}
