/* table.c: see table.h. */
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "preload/origins/stack.h"
#include "preload/origins/table.h"

static struct origin *slots;

static unsigned unloads;

void table_unloaded(void)
{
	__atomic_fetch_add(&unloads, 1, __ATOMIC_RELEASE);
}

bool table_is_of_before(const struct origin *o)
{
	return o->unloads != __atomic_load_n(&unloads, __ATOMIC_ACQUIRE);
}

/* The process that the table is of; a child of fork() reads 0 here, a vfork child its parent. */
static int *owner;

void table_open(void)
{
	struct origin *p = mmap(NULL, ORIGIN_SLOTS * sizeof(*p), PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int *who = mmap(NULL, sizeof(*who), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	if (p == MAP_FAILED || who == MAP_FAILED || madvise(who, sizeof(*who), MADV_WIPEONFORK))
		return;
	*who = getpid();
	owner = who;
	__atomic_store_n(&slots, p, __ATOMIC_RELEASE);
}

/* This thread, as it was when it asked last: one system call tells whether it still is. */
static __thread struct who {
	int pid, tid;
} self __attribute__((tls_model("initial-exec")));

/*
 * May this process write?  *who is this thread.  A vfork child has its parent's memory, that of the
 * thread's too, and another number.
 */
static bool is_ours(struct who *who)
{
	int zero = 0;

	if (!__atomic_load_n(&slots, __ATOMIC_ACQUIRE))
		return false;
	who->tid = (int)syscall(SYS_gettid);
	who->pid = self.pid;
	if (who->tid == self.tid)
		return true;
	who->pid = getpid();
	if (__atomic_load_n(owner, __ATOMIC_RELAXED) != who->pid &&
	    !__atomic_compare_exchange_n(owner, &zero, who->pid, false, __ATOMIC_RELAXED,
					 __ATOMIC_RELAXED))
		return false;
	self = *who;
	return true;
}

static struct origin *slot_of(int fd)
{
	return &slots[(unsigned)fd % ORIGIN_SLOTS];
}

/* False: somebody writes it just now. */
static bool begin(struct origin *o, uint32_t *seq)
{
	*seq = __atomic_load_n(&o->seq, __ATOMIC_RELAXED);
	return !(*seq & 1) && __atomic_compare_exchange_n(&o->seq, seq, *seq + 1, false,
							  __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void end(struct origin *o, uint32_t seq)
{
	__atomic_store_n(&o->seq, seq + 2, __ATOMIC_RELEASE);
}

static void fill(struct origin *o, int fd, const struct who *who, const char *call,
		 const struct stat *st)
{
	struct timespec now;
	bool in_order;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	o->is_open = true;
	o->fd = fd;
	o->dev = st->st_dev;
	o->ino = st->st_ino;
	o->time_s = now.tv_sec;
	o->time_ns = (uint32_t)now.tv_nsec;
	o->pid = who->pid;
	o->tid = who->tid;
	o->unloads = __atomic_load_n(&unloads, __ATOMIC_ACQUIRE);
	o->call = call;
	o->relay = NULL;
	o->hops = 0;
	o->sender.pid = 0;
	o->nrelayed = 0;
	o->nframes = (uint8_t)stack_take(o->frames, ORIGIN_FRAMES, &in_order);
	script_take(&o->script, call,
		    &(struct caller){ .frames = o->frames,
				      .nframes = o->nframes,
				      .is_main_thread = who->pid == who->tid,
				      .in_order = in_order });
}

void table_received(int fd, const char *call, const struct sender *by)
{
	struct origin *o;
	struct stat st;
	uint32_t seq;
	struct who who;

	if (!is_ours(&who) || fstat(fd, &st))
		return;
	o = slot_of(fd);
	if (!begin(o, &seq))
		return;
	fill(o, fd, &who, call, &st);
	if (by)
		o->sender = *by;
	end(o, seq);
}

void table_opened(int fd, const char *call)
{
	table_received(fd, call, NULL);
}

void table_relayed(int from, int to, const char *call)
{
	struct origin was, *o;
	bool in_order;
	uint32_t seq;
	struct who who;

	if (from == to || !is_ours(&who))
		return;
	if (table_look(from, &was) != TABLE_KNOWN) {
		table_opened(to, call);
		return;
	}
	o = slot_of(to);
	if (!begin(o, &seq))
		return;
	was.seq = seq + 1;
	*o = was;
	o->fd = to;
	o->relay = call;
	o->from = from;
	o->hops++;
	o->nrelayed = (uint8_t)stack_take(o->relayed, ORIGIN_RELAYED, &in_order);
	end(o, seq);
}

static void forget(struct origin *o)
{
	uint32_t seq;

	if (!o->is_open || !begin(o, &seq))
		return;
	o->is_open = false;
	end(o, seq);
}

void table_closed(unsigned first, unsigned last)
{
	struct who who;

	if (first > last || (slots && first == last && !slot_of((int)first)->is_open) ||
	    !is_ours(&who))
		return;
	if (last - first >= ORIGIN_SLOTS) {
		for (unsigned i = 0; i < ORIGIN_SLOTS; i++)
			if (slots[i].is_open && (unsigned)slots[i].fd >= first &&
			    (unsigned)slots[i].fd <= last)
				forget(&slots[i]);
		return;
	}
	for (unsigned fd = first; fd <= last; fd++)
		if (slot_of((int)fd)->fd == (int)fd)
			forget(slot_of((int)fd));
}

enum table_answer table_look(int fd, struct origin *copy)
{
	const struct origin *o;
	struct stat st;
	uint32_t seq;

	if (!__atomic_load_n(&slots, __ATOMIC_ACQUIRE) || fd < 0 || fstat(fd, &st))
		return TABLE_NEVER;
	o = slot_of(fd);
	seq = __atomic_load_n(&o->seq, __ATOMIC_ACQUIRE);
	if (!seq || seq & 1)
		return TABLE_NEVER;
	memcpy(copy, o, sizeof(*copy));
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&o->seq, __ATOMIC_RELAXED) != seq)
		return TABLE_NEVER;
	if (copy->fd != fd)
		return TABLE_EVICTED;
	return copy->is_open && copy->dev == st.st_dev && copy->ino == st.st_ino ? TABLE_KNOWN
										 : TABLE_NEVER;
}
