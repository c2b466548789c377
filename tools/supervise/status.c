/*
 * status.c: what /proc/PID/status tells of the new image; it takes the kernel longer than most files.
 */
#include <stdlib.h>

#include "tools/supervise/engine.h"

long exec_status(const struct exec *e, const char *name, int i)
{
	const char *p = task_status_line(&e->status, name);
	char *end;
	long value = -1;

	do {
		value = strtol(p, &end, 10);
		if (end == p)
			return -1;
		p = end;
	} while (i-- > 0);
	return value;
}

uint64_t exec_status_mask(const struct exec *e, const char *name)
{
	const char *mask = task_status_line(&e->status, name);

	return *mask ? strtoull(mask, NULL, 16) : UINT64_MAX;
}

void exec_read_status(struct exec *e)
{
	if (!e->status.buf) /* it takes the kernel longer than most */
		task_read(e->pid, "status", &e->status);
}

bool exec_is_filtered(struct exec *e)
{
	const struct supervise *s = &e->sup->s;
	long n;

	if (!s->closes || !__atomic_load_n(&e->sup->filtered, __ATOMIC_RELAXED))
		return !s->closes;
	exec_read_status(e);
	n = exec_status(e, "Seccomp_filters", 0);
	/* before Linux 5.9 it is not told: then they count as there */
	return n < 0 || (unsigned)n > s->filters;
}

pid_t exec_own_pid(const struct exec *e)
{
	const char *p = task_status_line(&e->status, "NSpid");
	long pid = e->pid;
	char *end;

	for (long next; next = strtol(p, &end, 10), end != p; p = end)
		pid = next;
	return (pid_t)pid;
}
