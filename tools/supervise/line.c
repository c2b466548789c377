/*
 * line.c: see line.h.
 */
#include "tools/proc/procfs.h"
#include "tools/supervise/line.h"

void line_ask(struct line *l, pid_t pid, const struct born_key *key)
{
	struct task_stat s;
	struct born_key is;

	*l = (struct line){ .asked = true };
	if (task_stat(pid, &s))
		return;
	while (l->n < FOREBEARS) {
		unsigned long long forked = s.start;
		pid_t parent = s.ppid;

		if (parent <= 0 || task_stat_living(parent, &s) || !born_key(&is, parent, &s) ||
		    !born_is(&is, key)) {
			l->alone = forked;
			return;
		}
		l->forebears[l->n++] = parent;
		if (!s.forked)
			return;
	}
}

/* What is left of an image. */
struct left {
	unsigned long long forked;
	const struct born_key *key;
};

static bool is_no_older(void *left, pid_t pid)
{
	const struct left *l = left;
	struct task_stat s;
	struct born_key is;

	/* One that cannot be asked has ended. */
	return task_stat_living(pid, &s) || s.start > l->forked || !born_key(&is, pid, &s) ||
	       !born_is(&is, l->key);
}

bool line_is_left(const struct line *l, const struct born_key *key)
{
	struct left left = { l->alone, key };

	return l->alone && !l->n && procfs_each("/proc/.", is_no_older, &left);
}

unsigned line_signs(const struct line *l, struct born *b, const struct born_key *key,
		    struct born_fd f)
{
	unsigned signs = 0;

	for (size_t i = 0; i < l->n; i++)
		signs |= born_signs(b, key, l->forebears[i], true, f);
	/* Those who have ended cannot be named any more; what they did before it was there is theirs. */
	return l->alone ? signs | born_signs_before(b, key, l->alone, f) : signs;
}
