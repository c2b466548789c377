/*
 * trace.bpf.c: the kernel side of `fdfence trace`.  It only looks (and, with
 * --kill, ends an exec before the new image runs); what a descriptor is worth is
 * decided by the command with the policy that the shim uses.
 *
 * Runs in the context of the task that execs, forks or exits, as raw
 * tracepoints, which ask for CAP_BPF and CAP_PERFMON and no tracefs:
 *	sched_process_exec   what is open now has crossed
 *	sched_prepare_exec   point of no return, all still open (Linux 6.10)
 *	sched_process_fork, sched_process_exit   which image a process runs
 *	sys_enter            close_range; attached only when asked for, since it
 *	                     costs every system call of the machine; instead of
 *	                     it, where that will do, tracepoints of single calls
 */
#include "bpf/table.bpf.h"

#define RAW(ctx, type, n) ((type)(ctx)->args[n])
struct raw_args {
	u64 args[3];
};

struct pending {
	u64 id, start, exe_ino;
	u32 exe_dev, killed;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, u32);
	__type(value, struct fdt_image);
} images SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct pending);
} pendings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, u8);
} cgroups SEC(".maps");

static __always_inline void who_is(struct fdt_who *w, struct task_struct *t)
{
	struct file *exe = BPF_CORE_READ(t, mm, exe_file);

	w->uid = BPF_CORE_READ(t, cred, euid.val);
	w->gid = BPF_CORE_READ(t, cred, egid.val);
	w->ruid = BPF_CORE_READ(t, cred, uid.val);
	w->rgid = BPF_CORE_READ(t, cred, gid.val);
	w->exe_ino = BPF_CORE_READ(exe, f_inode, i_ino);
	w->exe_dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	w->unused = 0;
	BPF_CORE_READ_INTO(&w->comm, t, comm);
}

/* ---- before the exec ---- */

static __always_inline struct fdt_prep *prep_head(struct scratch *s, struct task_struct *t,
						  u32 kind)
{
	struct fdt_prep *e = head(s, kind, sizeof(*e));

	e->tgid = BPF_CORE_READ(t, tgid);
	e->tid = BPF_CORE_READ(t, pid);
	e->image = s->image;
	return e;
}

static __always_inline void put_prep(struct scratch *s, u32 slot, struct task_struct *t)
{
	struct fdt_prep *e = prep_head(s, t, FDT_PREP);

	who_is(&e->who, t);
	e->found = e->emitted = e->dropped = e->unseen = 0;
	put(slot, sizeof(*e), true);
}

static __always_inline void put_prep_end(struct scratch *s, u32 slot, struct task_struct *t)
{
	struct fdt_prep *e;

	no_text(s);
	e = prep_head(s, t, FDT_PREP_END);
	__builtin_memset(&e->who, 0, sizeof(e->who));
	e->found = s->found;
	e->emitted = s->emitted;
	e->dropped = s->dropped;
	e->unseen = s->words > FDT_STAGE_FDS / 64;
	put(slot, sizeof(*e), true);
	count(fds, s->emitted);
	count(dropped, s->dropped);
}

/* A thread that execs takes over its leader's number and start (de_thread()). */
static __always_inline u64 leader_start(struct task_struct *t)
{
	return BPF_CORE_READ(t, group_leader, start_boottime);
}

static __always_inline struct stage *staged(struct scratch *s)
{
	return bpf_map_lookup_elem(&stages, &s->stage_key);
}

/* Has this very task called close_range?  (The address of a task is used again.) */
static __always_inline bool stage_of(struct scratch *s, struct task_struct *t)
{
	struct stage *st;

	s->stage_key = (u64)t;
	st = staged(s);
	return st && st->start == BPF_CORE_READ(t, start_boottime) &&
	       st->tid == BPF_CORE_READ(t, pid);
}

/*
 * The stage of this task, of its leader, or of the parent that it is a copy of.
 * What a parent marked one by one it marked when it opened it.
 */
static __always_inline bool stage_for(struct scratch *s, struct task_struct *t)
{
	struct stage *st;

	if (stage_of(s, t))
		return true;
	if (!stage_of(s, BPF_CORE_READ(t, group_leader)) &&
	    !stage_of(s, BPF_CORE_READ(t, real_parent)))
		return false;
	st = staged(s);
	return st && st->ranged;
}

/* A close that was done in a table of one's own: the other table still has them. */
static __always_inline void walk_closed(struct scratch *s, struct task_struct *t)
{
	struct task_struct *from = BPF_CORE_READ(t, group_leader);
	u64 own = s->open;
	u32 words = s->words;

	if (from == t)
		from = BPF_CORE_READ(t, real_parent);
	table_from(s, BPF_CORE_READ(from, files), WALK_CLOSED);
	if (s->open == own || !s->array)
		return;
	s->own_open = own;
	s->own_words = words;
	RUN(fd_step, SLOT_PREPARE);
}

#include "bpf/kill.bpf.h"

/* Would a rule deny this exec?  The old image's path stands at s->off. */
static __always_inline void judge(struct scratch *s, struct task_struct *t,
				  struct linux_binprm *bprm)
{
	s->rule_out = s->killed = 0;
	rules_judge(GLOB_EXE);
	path_walk(s, SLOT_PREPARE, BPF_CORE_READ(bprm, file));
	rules_judge(GLOB_INTO);
	walk_counts(s);
	table_from(s, BPF_CORE_READ(t, files), WALK_JUDGE);
	RUN(fd_step, SLOT_PREPARE);
	if (s->killed && !bpf_send_signal(9))
		count(killed, 1);
}

static __always_inline struct fdt_image *in_scope(u32 tgid)
{
	return bpf_map_lookup_elem(&images, &tgid);
}

SEC("raw_tp/sched_prepare_exec")
int prepare(struct raw_args *ctx)
{
	struct task_struct *t = RAW(ctx, struct task_struct *, 0);
	struct fdt_image *image = in_scope(BPF_CORE_READ(t, tgid));
	struct scratch *s = scratch(SLOT_PREPARE);
	struct files_struct *files;
	struct file *exe;
	struct pending p = {};
	struct stage *st;
	u64 key = (u64)t;
	bool crosses, sealed;

	if (!s || (cfg.tree && !(image && image->in_tree)))
		return 0;
	files = BPF_CORE_READ(t, files);
	table_from(s, files, WALK_LEAKY);
	s->word = 0;
	RUN(any_step, SLOT_PREPARE);
	crosses = s->word != 0;
	sealed = cfg.would && stage_for(s, t);
	if (!crosses && !sealed && !cfg.all)
		return 0;
	p.id = s->id = new_id();
	p.start = leader_start(t);
	exe = BPF_CORE_READ(t, mm, exe_file);
	if (cfg.summary) {
		p.exe_ino = BPF_CORE_READ(exe, f_inode, i_ino);
		p.exe_dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	}
	s->image = image ? image->id : 0;
	root_of(s, t);
	path_walk(s, SLOT_PREPARE, exe);
	put_prep(s, SLOT_PREPARE, t);
	if (cfg.kill && crosses)
		judge(s, t, RAW(ctx, struct linux_binprm *, 1));
	p.killed = cfg.kill && crosses && s->killed;
	bpf_map_update_elem(&pendings, &key, &p, BPF_ANY);
	if (!sealed)
		return 0;
	walk_counts(s);
	table_from(s, files, WALK_WOULD);
	RUN(fd_step, SLOT_PREPARE);
	st = staged(s);
	if (st && st->closes)
		walk_closed(s, t);
	put_prep_end(s, SLOT_PREPARE, t);
	bpf_map_delete_elem(&stages, &s->stage_key);
	return 0;
}

#include "bpf/group.bpf.h"
#include "bpf/exec.bpf.h"
#include "bpf/snap.bpf.h"
#include "bpf/sys.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
