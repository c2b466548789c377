/*
 * worker.h: a worker of io_uring, which shares the table and is no thread of libc's.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/helpers/host/host.h"

/* <linux/io_uring.h>, which musl-gcc does not find. */
struct ring_params {
	uint32_t sq_entries, cq_entries, flags, rest[7];
	uint32_t sq_head, sq_tail, sq_mask, sq_count, sq_flags, sq_dropped, sq_array, sq_rest[3];
	uint32_t cq_rest[10];
};
struct ring_entry {
	uint8_t opcode, flags;
	uint16_t ioprio;
	int32_t fd;
	uint64_t off, addr;
	uint32_t len, rest[9];
};
enum { RING_READ = 22, RING_ASYNC = 16, RING_ENTRIES = 0x10000000 };

/* It reads from a pipe in which nothing comes. */
static inline void worker_of_ring(void)
{
	static struct ring_params p;
	static char buf[4];
	int fd = (int)syscall(SYS_io_uring_setup, 8, &p), ends[2];
	struct ring_entry *entry;
	char *sq;

	if (fd < 0)
		cannot("make an io_uring");
	sq = mmap(NULL, p.sq_array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	entry = mmap(NULL, p.sq_entries * sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		     RING_ENTRIES);
	if (sq == MAP_FAILED || entry == MAP_FAILED || pipe(ends))
		die("io_uring");
	*entry = (struct ring_entry){ .opcode = RING_READ, .flags = RING_ASYNC, .fd = ends[0] };
	entry->addr = (uintptr_t)buf;
	entry->len = sizeof(buf);
	*(uint32_t *)(sq + p.sq_array) = 0;
	__atomic_store_n((uint32_t *)(sq + p.sq_tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, 1, 0, 0, NULL, 0) != 1)
		die("io_uring_enter");
}

#endif
