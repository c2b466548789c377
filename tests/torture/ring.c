/* ring.c: an io_uring of the host's.  Its workers share the table and are no threads of libc's. */
#include "tests/torture/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <linux/io_uring.h>, which musl-gcc does not find. */
struct sq_offsets {
	uint32_t head, tail, ring_mask, ring_entries, flags, dropped, array, resv1;
	uint64_t user_addr;
};
struct cq_offsets {
	uint32_t head, tail, ring_mask, ring_entries, overflow, cqes, flags, resv1;
	uint64_t user_addr;
};
struct params {
	uint32_t sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd;
	uint32_t resv[3];
	struct sq_offsets sq;
	struct cq_offsets cq;
};
struct sqe {
	uint8_t opcode, flags;
	uint16_t ioprio;
	int32_t fd;
	uint64_t off, addr;
	uint32_t len, rest[9];
};
struct cqe {
	uint64_t user_data;
	int32_t res;
	uint32_t flags;
};
enum { SQPOLL = 2, GETEVENTS = 1, WAKEUP = 2, NEED_WAKEUP = 1, OP_READ = 22, ASYNC = 16 };

static struct params params;
static int ring = -1;
static char *sq, *cq;
static struct sqe *sqes;

static void *map(size_t len, long offset)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);

	if (p == MAP_FAILED)
		broken("mmap of a ring");
	return p;
}

void ring_make(const union shape *s)
{
	int fd;

	if (!s->ring)
		return;
	params.flags = s->ring == ring_polled ? SQPOLL : 0;
	params.sq_thread_idle = 200;
	fd = (int)syscall(SYS_io_uring_setup, 8, &params);
	if (fd < 0)
		broken("io_uring_setup");
	ring = fcntl(fd, F_DUPFD_CLOEXEC, RING_FD);
	close(fd);
	sq = map(params.sq.array + params.sq_entries * 4, 0);
	cq = map(params.cq.cqes + params.cq_entries * sizeof(struct cqe), 0x8000000);
	sqes = map(params.sq_entries * sizeof(struct sqe), 0x10000000);
	ring_read(); /* the workers are there */
}

int ring_read(void)
{
	static char buf[4];
	uint32_t *tail = (uint32_t *)(sq + params.sq.tail),
		 *head = (uint32_t *)(cq + params.cq.head);
	uint32_t i = *tail & (params.sq_entries - 1), *flags = (uint32_t *)(sq + params.sq.flags);
	int fd = open("target", O_RDONLY | O_CLOEXEC), res;
	unsigned enter = GETEVENTS;

	if (fd < 0)
		return -errno;
	memset(&sqes[i], 0, sizeof(sqes[i]));
	sqes[i] = (struct sqe){ .opcode = OP_READ, .flags = ASYNC, .fd = fd };
	sqes[i].addr = (uintptr_t)buf;
	sqes[i].len = sizeof(buf);
	((uint32_t *)(sq + params.sq.array))[i] = i;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_SEQ_CST);
	if (params.flags & SQPOLL && __atomic_load_n(flags, __ATOMIC_SEQ_CST) & NEED_WAKEUP)
		enter |= WAKEUP;
	syscall(SYS_io_uring_enter, ring, 1, 1, enter, NULL, 0);
	while (__atomic_load_n((uint32_t *)(cq + params.cq.tail), __ATOMIC_ACQUIRE) == *head)
		usleep(50);
	res = ((struct cqe *)(cq + params.cq.cqes))[*head & (params.cq_entries - 1)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	close(fd);
	return res;
}
