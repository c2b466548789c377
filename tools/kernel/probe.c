/*
 * probe.c: what the running kernel has, asked of its type information and
 * not of its version.
 */
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/kernel/probe.h"

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
static bool has_loop(const struct btf *btf)
{
	int id = btf__find_by_name_kind(btf, "bpf_func_id", BTF_KIND_ENUM);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (unsigned)id) : NULL;
	unsigned i;
	bool r = false;

	for (i = 0; t && i < btf_vlen(t); i++)
		r = r ||
		    !strcmp(btf__name_by_offset(btf, btf_enum(t)[i].name_off), "BPF_FUNC_loop");
	return r;
}

void probe_kernel(struct fdt_config *cfg, bool *prepares, bool *loops)
{
	struct btf *vmlinux = btf__load_vmlinux_btf();

	*prepares = *loops = false;
	if (!vmlinux)
		return;
	*prepares = btf__find_by_name_kind(vmlinux, "btf_trace_sched_prepare_exec",
					   BTF_KIND_TYPEDEF) > 0;
	*loops = has_loop(vmlinux);
	module_offsets(vmlinux, cfg);
	btf__free(vmlinux);
}
