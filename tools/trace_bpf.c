/*
 * trace_bpf.c: loads the programs, attaches them, and says in words what is
 * missing when that does not work.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "trace.h"
#include "trace.skel.h"
#include "trace_kill.h"

struct trace_bpf {
	struct trace *skel;
	bool prepares, verbose;
};

/* Byte offset of a member of a struct; 0: there is none. */
static unsigned offset_of(const struct btf *btf, const char *type, const char *member)
{
	int id = btf ? btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT) : -1;
	const struct btf_type *t;
	const struct btf_member *m;
	unsigned i;

	if (id < 0)
		return 0;
	t = btf__type_by_id(btf, (unsigned)id);
	m = btf_members(t);
	for (i = 0; i < btf_vlen(t); i++, m++)
		if (!strcmp(btf__name_by_offset(btf, m->name_off), member))
			return btf_member_bit_offset(t, i) / 8;
	return 0;
}

/* The struct in the kernel, or in the module that has it if that is loaded (no capability needed).
 */
static const struct btf *btf_with(const struct btf *vmlinux, struct btf **own, const char *type,
				  const char *module)
{
	char path[64];

	*own = NULL;
	if (btf__find_by_name_kind(vmlinux, type, BTF_KIND_STRUCT) >= 0)
		return vmlinux;
	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", module);
	if (!access(path, R_OK))
		*own = btf__parse_split(path, (struct btf *)vmlinux);
	return *own;
}

static void module_offsets(const struct btf *vmlinux, struct fdt_config *cfg)
{
	struct btf *own;
	const struct btf *btf = btf_with(vmlinux, &own, "packet_sock", "af_packet");

	cfg->packet_num = offset_of(btf, "packet_sock", "num");
	cfg->packet_ifindex = offset_of(btf, "packet_sock", "ifindex");
	btf__free(own);
	btf = btf_with(vmlinux, &own, "vsock_sock", "vsock");
	cfg->vsock_local = offset_of(btf, "vsock_sock", "local_addr");
	cfg->vsock_remote = offset_of(btf, "vsock_sock", "remote_addr");
	btf__free(own);
}

/* Newer than the rest (Linux 5.17). */
static bool has_loop(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf ? btf__find_by_name_kind(btf, "bpf_func_id", BTF_KIND_ENUM) : -1;
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (unsigned)id) : NULL;
	unsigned i;
	bool r = false;

	for (i = 0; t && i < btf_vlen(t); i++)
		r = r ||
		    !strcmp(btf__name_by_offset(btf, btf_enum(t)[i].name_off), "BPF_FUNC_loop");
	btf__free(btf);
	return r;
}

static void configure(struct trace_bpf *b, const struct trace_opts *o)
{
	struct fdt_config *cfg = (struct fdt_config *)&b->skel->rodata->cfg;
	struct btf *vmlinux = btf__load_vmlinux_btf();

	if (vmlinux) {
		b->prepares = btf__find_by_name_kind(vmlinux, "btf_trace_sched_prepare_exec",
						     BTF_KIND_TYPEDEF) > 0;
		module_offsets(vmlinux, cfg);
		btf__free(vmlinux);
	}
	cfg->has_prepare = b->prepares;
	/* Without the tracepoint the old image is known only from its own exec: tell all of them.
	 */
	cfg->all = o->show & SHOW_CLEAN || !b->prepares;
	cfg->tree = o->pid || o->cmd;
	cfg->max_fds = o->max_fds;
	cfg->ring_bytes = o->ring_mib << 20;
	cfg->wake_bytes = 64 << 10;
	/* Without them the command counts by itself. */
	cfg->summary = o->summary && b->prepares && has_loop();
	cfg->acts = o->acts;
	cfg->would = (o->show & SHOW_WOULD) != 0;
	bpf_map__set_max_entries(b->skel->maps.ring, cfg->ring_bytes);
	bpf_program__set_autoload(b->skel->progs.prepare, b->prepares && !o->snapshot);
	bpf_program__set_autoload(b->skel->progs.sys_enter, cfg->acts || cfg->would);
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

struct trace_bpf *trace_bpf_open(const struct trace_opts *o)
{
	struct trace_bpf *b = must_alloc(sizeof(*b));
	int err;

	b->verbose = o->verbose;
	trace_why_listen();
	b->skel = trace__open();
	if (b->skel) {
		configure(b, o);
		if (supported(b, o) || trace_kill_configure(b->skel, o)) {
			trace_bpf_close(b);
			return NULL;
		}
		err = trace__load(b->skel);
		if (!err && !trace_kill_load(b->skel, o))
			return b;
	} else {
		err = -errno;
	}
	trace_why(-err, b->verbose);
	trace_bpf_close(b);
	return NULL;
}

void trace_bpf_close(struct trace_bpf *b)
{
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

int trace_bpf_attach(struct trace_bpf *b)
{
	int err = trace__attach(b->skel);

	if (!err && b->verbose)
		say_verified(b);
	if (err)
		trace_why(-err, b->verbose);
	return err ? -1 : 0;
}

void trace_bpf_detach(struct trace_bpf *b)
{
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

int trace_bpf_image(struct trace_bpf *b, pid_t pid, uint64_t id, bool in_tree)
{
	struct fdt_image image = { .id = id, .in_tree = in_tree };
	uint32_t key = (uint32_t)pid;

	return bpf_map_update_elem(bpf_map__fd(b->skel->maps.images), &key, &image, BPF_ANY);
}

int trace_bpf_given(struct trace_bpf *b, uint64_t id, int fd)
{
	struct {
		uint64_t image;
		uint32_t fd, unused;
	} key = { id, (uint32_t)fd, 0 };
	struct {
		uint64_t file, ino;
	} any = { 0, 0 };

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
				exit(EXIT_OWN);
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
		trace_why(errno, b->verbose);
	bpf_link__destroy(link);
	return fd;
}
