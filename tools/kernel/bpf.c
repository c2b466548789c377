/*
 * bpf.c: loads the programs, attaches them, and says in words what is
 * missing when that does not work.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/base/ports.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/probe.h"
#include "tools/kernel/request.h"
#include "tools/kernel/why.h"
#include "tools/kernel/kill.h"

#include "trace.skel.h" /* needs bpf/event.h before it */

/* The calls that seal, where each can be looked at alone. */
static const char *const sealing[] = { "sys_enter_close_range", "sys_enter_fcntl",
				       "sys_enter_ioctl" };
#define SEALING (sizeof(sealing) / sizeof(sealing[0]))

struct trace_bpf {
	struct trace *skel;
	bool prepares, verbose;
	bool calls;  /* something has to look at system calls */
	bool single; /* single ones will do, if tracefs is there */
	struct bpf_link *links[SEALING];
};

static void detach_single(struct trace_bpf *b)
{
	size_t i;

	for (i = 0; i < SEALING; i++) {
		bpf_link__destroy(b->links[i]);
		b->links[i] = NULL;
	}
}

static void configure(struct trace_bpf *b, const struct trace_opts *o)
{
	struct fdt_config *cfg = (struct fdt_config *)&b->skel->rodata->cfg;
	bool loops;

	probe_kernel(cfg, &b->prepares, &loops);
	cfg->has_prepare = b->prepares;
	/* Without the tracepoint the old image is known only from its own exec, and its environment
	 * is in any case: tell all of them.  A report counts them all. */
	cfg->all = o->show & SHOW_CLEAN || !b->prepares || o->acts || o->record;
	cfg->tree = o->pid || o->cmd;
	cfg->max_fds = o->max_fds;
	cfg->ring_bytes = o->ring_mib << 20;
	cfg->wake_bytes = 64 << 10;
	/* Without them the command counts by itself.  The kernel's groups know neither users nor
	 * cgroups, nor which of an exec's descriptors a rule denies. */
	cfg->summary = o->summary && b->prepares && loops && o->filter.uid < 0 &&
		       !o->filter.cgroup && !o->kill;
	cfg->port_low = ports_chosen().low;
	cfg->port_high = ports_chosen().high;
	cfg->acts = o->acts;
	cfg->would = (o->show & SHOW_WOULD) != 0;
	bpf_map__set_max_entries(b->skel->maps.ring, cfg->ring_bytes);
	if (!cfg->acts)
		bpf_map__set_max_entries(b->skel->maps.pasts, 1);
	bpf_program__set_autoload(b->skel->progs.prepare, b->prepares && !o->snapshot);
	b->calls = cfg->acts || cfg->would;
	/* Acts are asked for where 32-bit programs should be seen as well. */
	b->single = cfg->would && !cfg->acts;
	bpf_program__set_autoload(b->skel->progs.sys_enter, b->calls);
	bpf_program__set_autoload(b->skel->progs.sys_call, b->single);
	bpf_program__set_autoload(b->skel->progs.sys_enter_tail, cfg->would && !b->prepares);
	bpf_program__set_autoload(b->skel->progs.sys_call_tail, b->single && !b->prepares);
	bpf_program__set_autoattach(b->skel->progs.sys_enter, false);
	bpf_program__set_autoattach(b->skel->progs.sys_call, false);
	bpf_program__set_autoattach(b->skel->progs.sys_enter_tail, false);
	bpf_program__set_autoattach(b->skel->progs.sys_call_tail, false);
	bpf_program__set_autoload(b->skel->progs.snapshot, o->snapshot);
}

static int supported(const struct trace_bpf *b, const struct trace_opts *o)
{
	if (o->kill && !b->prepares) {
		say("trace: --kill needs the tracepoint sched_prepare_exec (Linux 6.10)");
		return -1;
	}
	return 0;
}

/* What a program goes on with on kernels without sched_prepare_exec. */
static int set_tail(const struct bpf_map *next, const struct bpf_program *tail)
{
	uint32_t zero = 0;
	int fd = bpf_program__fd(tail);

	if (fd < 0)
		return 0; /* not loaded: not needed */
	return bpf_map_update_elem(bpf_map__fd(next), &zero, &fd, BPF_ANY) ? -errno : 0;
}

static int set_tails(const struct trace *skel)
{
	int err = set_tail(skel->maps.sys_enter_next, skel->progs.sys_enter_tail);

	return err ? err : set_tail(skel->maps.sys_call_next, skel->progs.sys_call_tail);
}

struct trace_bpf *trace_bpf_open(const struct trace_opts *o)
{
	struct trace_bpf *b = must_alloc(sizeof(*b));
	int err;

	b->verbose = o->verbose;
	why_listen();
	b->skel = trace__open();
	if (b->skel) {
		configure(b, o);
		if (supported(b, o) || kill_configure(b->skel, o)) {
			trace_bpf_close(b);
			return NULL;
		}
		err = trace__load(b->skel);
		if (!err)
			err = set_tails(b->skel);
		if (!err && !kill_load(b->skel, o))
			return b;
	} else {
		err = -errno;
	}
	why_say(-err, b->verbose);
	trace_bpf_close(b);
	return NULL;
}

void trace_bpf_close(struct trace_bpf *b)
{
	detach_single(b);
	trace__destroy(b->skel);
	free(b);
}

static void say_verified(const struct trace_bpf *b)
{
	struct bpf_program *p;

	bpf_object__for_each_program(p, b->skel->obj)
	{
		struct bpf_prog_info info = { 0 };
		unsigned len = sizeof(info);

		if (bpf_program__fd(p) >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(p), &info, &len))
			say("trace: %s: %u instructions verified", bpf_program__name(p),
			    info.verified_insns);
	}
}

/* False: tracefs is not there, or not for us. */
static bool attach_single(struct trace_bpf *b)
{
	size_t i;

	for (i = 0; i < SEALING; i++) {
		b->links[i] = bpf_program__attach_tracepoint(b->skel->progs.sys_call, "syscalls",
							     sealing[i]);
		if (!b->links[i]) {
			detach_single(b);
			return false;
		}
	}
	return true;
}

static int attach_calls(struct trace_bpf *b)
{
	if (!b->calls || (b->single && attach_single(b)))
		return 0;
	b->skel->links.sys_enter = bpf_program__attach(b->skel->progs.sys_enter);
	return b->skel->links.sys_enter ? 0 : -errno;
}

int trace_bpf_attach(struct trace_bpf *b)
{
	int err = trace__attach(b->skel);

	if (!err)
		err = attach_calls(b);

	if (!err && b->verbose)
		say_verified(b);
	if (err)
		why_say(-err, b->verbose);
	return err ? -1 : 0;
}

void trace_bpf_detach(struct trace_bpf *b)
{
	detach_single(b);
	trace__detach(b->skel);
}

int trace_bpf_ring(const struct trace_bpf *b)
{
	return bpf_map__fd(b->skel->maps.ring);
}

bool trace_bpf_prepares(const struct trace_bpf *b)
{
	return b->prepares;
}

struct fdt_counts trace_bpf_counts(const struct trace_bpf *b)
{
	return b->skel->bss->counts;
}

unsigned long long trace_bpf_missed(const struct trace_bpf *b)
{
	struct bpf_program *p;
	unsigned long long n = 0;

	bpf_object__for_each_program(p, b->skel->obj)
	{
		struct bpf_prog_info info = { 0 };
		unsigned len = sizeof(info);

		if (bpf_program__fd(p) >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(p), &info, &len))
			n += info.recursion_misses;
	}
	return n;
}

int trace_bpf_image(struct trace_bpf *b, pid_t pid, uint64_t id, bool in_tree,
		    const char called[FDT_CALLED])
{
	struct fdt_image image = { .id = id, .in_tree = in_tree, .tgid = (uint32_t)pid };
	uint32_t key = (uint32_t)pid;

	if (called)
		memcpy(image.called, called, sizeof(image.called));
	return bpf_map_update_elem(bpf_map__fd(b->skel->maps.images), &key, &image, BPF_ANY);
}

int trace_bpf_given(struct trace_bpf *b, uint64_t id, int fd)
{
	struct fdt_given_key key = { .image = id, .fd = (uint32_t)fd };
	struct fdt_given any = { 0 };

	return bpf_map_update_elem(bpf_map__fd(b->skel->maps.givens), &key, &any, BPF_ANY);
}

int trace_bpf_drop_caps(void)
{
	capng_clear(CAPNG_SELECT_CAPS);
	if (!capng_apply(CAPNG_SELECT_CAPS))
		return 0;
	say("trace: cannot give up capabilities");
	return -1;
}

/* All groups of --summary; the caller frees *to. */
size_t trace_bpf_groups(struct trace_bpf *b, struct fdt_group **to)
{
	int map = bpf_map__fd(b->skel->maps.groups);
	size_t size = bpf_map__key_size(b->skel->maps.groups), n = 0, cap = 0;
	char *key = must_alloc(2 * size), *next = key + size;
	bool first = true;

	*to = NULL;
	while (!bpf_map_get_next_key(map, first ? NULL : key, next)) {
		memcpy(key, next, size);
		first = false;
		if (n == cap) {
			cap = cap ? 2 * cap : 256;
			*to = realloc(*to, cap * sizeof(**to));
			if (!*to)
				out_of_memory();
		}
		if (!bpf_map_lookup_elem(map, key, &(*to)[n]))
			n++;
	}
	free(key);
	return n;
}

int trace_bpf_snapshot(struct trace_bpf *b)
{
	struct bpf_link *link = bpf_program__attach_iter(b->skel->progs.snapshot, NULL);
	int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -1;

	if (fd < 0)
		why_say(errno, b->verbose);
	bpf_link__destroy(link);
	return fd;
}
