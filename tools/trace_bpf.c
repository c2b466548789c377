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

struct trace_bpf {
	struct trace *skel;
	bool prepares;
};

/* What libbpf has to say is kept and shown only when loading fails and -v was given. */
static char *libbpf_log;
static size_t libbpf_log_len;
static bool verbose;

static int on_libbpf(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char line[1024], *p;
	int n;

	if (level == LIBBPF_DEBUG)
		return 0;
	n = vsnprintf(line, sizeof(line), fmt, ap);
	n = n < 0 ? 0 : n >= (int)sizeof(line) ? (int)sizeof(line) - 1 : n;
	p = realloc(libbpf_log, libbpf_log_len + (size_t)n + 1);
	if (!p)
		return 0;
	libbpf_log = p;
	memcpy(p + libbpf_log_len, line, (size_t)n + 1);
	libbpf_log_len += (size_t)n;
	return n;
}

static bool file_has(const char *path, const char *text)
{
	char line[4096] = "";
	FILE *f = fopen(path, "re");
	bool r = f && fgets(line, sizeof(line), f) && strstr(line, text);

	if (f)
		fclose(f);
	return r;
}

static bool in_user_namespace(void)
{
	unsigned inside = 0, outside = 0, count = 0;
	FILE *f = fopen("/proc/self/uid_map", "re");
	int n = 0;

	if (f) {
		n = fscanf(f, "%u %u %u", &inside, &outside, &count);
		fclose(f);
	}
	return n == 3 && (inside || outside || count != 4294967295u);
}

/* Why bpf(2) refuses, from what can be looked at.  Returns true after a message. */
static bool say_missing(void)
{
	bool admin, bpf, perfmon;

	capng_get_caps_process();
	admin = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	bpf = admin || capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF);
	perfmon = admin || capng_have_capability(CAPNG_EFFECTIVE, CAP_PERFMON);
	if (!bpf || !perfmon) {
		say("trace: needs CAP_BPF and CAP_PERFMON; missing here: %s%s%s. Run it as root, "
		    "or give "
		    "it both (setcap cap_bpf,cap_perfmon+ep, setpriv --ambient-caps)",
		    bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
		    perfmon ? "" : "CAP_PERFMON");
		return true;
	}
	if (in_user_namespace()) {
		say("trace: capabilities of a user namespace do not count for BPF; run it outside "
		    "of the "
		    "container");
		return true;
	}
	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		say("trace: this kernel has no type information (/sys/kernel/btf/vmlinux); it "
		    "needs "
		    "CONFIG_DEBUG_INFO_BTF, or /sys is not mounted");
		return true;
	}
	if (file_has("/sys/kernel/security/lockdown", "[confidentiality]")) {
		say("trace: the kernel is locked down (confidentiality), which forbids BPF to read "
		    "it");
		return true;
	}
	return false;
}

static void say_failed(int err)
{
	if (verbose && libbpf_log)
		fputs(libbpf_log, stderr);
	if (say_missing())
		return;
	if (err == EPERM && file_has("/proc/self/status", "Seccomp"))
		say("trace: bpf(2) refused although the capabilities are there: a seccomp filter "
		    "or an "
		    "LSM forbids it");
	else if (err == ENOSYS)
		say("trace: this kernel is built without BPF (CONFIG_BPF_SYSCALL)");
	else if (err == EINVAL || err == ENOTSUP)
		say("trace: this kernel lacks something that the tracer needs (Linux 5.8 or later, "
		    "ring "
		    "buffers, BTF): %s; -v shows what libbpf says",
		    strerror(err));
	else
		say("trace: cannot load the programs: %s; -v shows what libbpf says",
		    strerror(err));
}

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
	bpf_map__set_max_entries(b->skel->maps.ring, cfg->ring_bytes);
	bpf_program__set_autoload(b->skel->progs.prepare, b->prepares);
	bpf_program__set_autoload(b->skel->progs.stage, o->show & SHOW_WOULD);
}

struct trace_bpf *trace_bpf_open(const struct trace_opts *o)
{
	struct trace_bpf *b = must_alloc(sizeof(*b));
	int err;

	verbose = o->verbose;
	libbpf_set_print(on_libbpf);
	b->skel = trace__open();
	if (b->skel) {
		configure(b, o);
		err = trace__load(b->skel);
		if (!err)
			return b;
	} else {
		err = -errno;
	}
	say_failed(-err);
	trace_bpf_close(b);
	return NULL;
}

void trace_bpf_close(struct trace_bpf *b)
{
	trace__destroy(b->skel);
	free(b);
	free(libbpf_log);
	libbpf_log = NULL;
	libbpf_log_len = 0;
}

int trace_bpf_attach(struct trace_bpf *b)
{
	int err = trace__attach(b->skel);

	if (err)
		say_failed(-err);
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
