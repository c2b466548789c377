/*
 * born_key.c: what images are known by: see born.h.
 */
#include <string.h>
#include <sys/stat.h>

#include "tools/supervise/born.h"

#define STACK_MAX (UINT64_C(16) << 20) /* bytes of arguments and environment, and more */

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
	return !memcmp(a, b, sizeof(*a));
}
