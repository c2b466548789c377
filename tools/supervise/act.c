/*
 * act.c: see act.h.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "tools/supervise/act.h"
#include "tools/supervise/engine.h"

static bool is_dup(const struct seccomp_notif *n)
{
	for (const struct arch_abi *a = arch_abis; a->audit; a++)
		if (a->audit == n->data.arch &&
		    (n->data.nr == a->dup3 || (a->dup2 && n->data.nr == a->dup2)))
			return true;
	return false;
}

static bool is_filter(const struct seccomp_notif *n)
{
	for (const struct arch_abi *a = arch_abis; a->audit; a++)
		if (a->audit == n->data.arch &&
		    (n->data.nr == a->seccomp || n->data.nr == a->prctl))
			return true;
	return false;
}

static void note(struct supervisor *sup, const struct seccomp_notif *n)
{
	bool dup = is_dup(n);
	/* The arguments of fcntl, ioctl: the number; of dup2, dup3: what is put there, and where. */
	struct born_fd f = { .fd = (int)n->data.args[dup ? 1 : 0] };
	struct before b = { .tid = 0 };
	struct stat file;
	char name[24];

	snprintf(name, sizeof(name), "fd/%d", (int)n->data.args[0]);
	if (!n->pid || task_file((pid_t)n->pid, name, &file))
		return;
	f.dev = file.st_dev;
	f.ino = file.st_ino;
	before_look(&b, sup, (pid_t)n->pid, false);
	/* In the process that the image was started in it looks the same as a leak. */
	if (b.known && (!dup || b.stat.forked || (sup->s.settings->policy.intent & FDF_DUP2)))
		born_act(sup->born, &b.key, b.pid, dup ? FDF_SIGN_PLACED : FDF_SIGN_ACT, f);
}

void act_note(struct supervisor *sup, const struct seccomp_notif *n)
{
	if (is_filter(n))
		__atomic_store_n(&sup->filtered, true, __ATOMIC_RELAXED);
	else if (sup->s.settings->policy.intent & FDF_ACT)
		note(sup, n);
	supervise_answer(sup, n->id, 0);
}
