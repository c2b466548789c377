/*
 * processes.c: see processes.h.
 */
#include <string.h>

#include "preload/core/hash.h"
#include "tools/report/processes.h"

uint64_t process_image(const char *path)
{
	return fdf_hash(FDF_HASH_START, path, strlen(path));
}

uint64_t process_exe(const struct rec *r)
{
	return process_image(r->exe);
}

bool process_may_run(const struct process *p, uint64_t image)
{
	return !p->image || p->image == image;
}

void process_not_supervised(struct process *p)
{
	p->supervised = p->started = false;
}

struct process *processes_place(struct process *all, uint64_t machine, long long pid)
{
	uint64_t h = fdf_hash(machine, &pid, sizeof(pid));

	return &all[(h ^ h >> 32) % MERGE_PROCESSES];
}

struct process *processes_known(struct process *all, uint64_t machine, long long pid)
{
	struct process *p = processes_place(all, machine, pid);

	return p->pid == pid && p->machine == machine ? p : NULL;
}

uint64_t processes_children(uint64_t machine)
{
	return fdf_hash(machine, "children", sizeof("children"));
}

struct process *processes_told(struct process *all, struct process *p, const struct rec *r,
			       uint64_t machine)
{
	enum teller by = pending_teller(r);
	struct process *left;

	if (r->in_child)
		return NULL;
	if (p->exe && p->by < by && p->exe == process_exe(r) && p->ppid == r->ppid)
		return p;
	left = by == BY_SUPERVISOR ? processes_known(all, processes_children(machine), r->ppid)
				   : NULL;
	return left && left->awaited && left->exe == process_exe(r) ? left : NULL;
}
