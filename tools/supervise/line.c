/*
 * line.c: see line.h.
 */
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

unsigned line_signs(const struct line *l, struct born *b, const struct born_key *key,
		    struct born_fd f)
{
	unsigned signs = 0;

	for (size_t i = 0; i < l->n; i++)
		signs |= born_signs(b, key, l->forebears[i], true, f);
	/* Those who have ended cannot be named any more; what they did before it was there is theirs. */
	return l->alone ? signs | born_signs_before(b, key, l->alone, f) : signs;
}
