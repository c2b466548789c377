/* stream.c: see stream.h.  popen is no function for signal handlers: memory may be mapped here. */
#include "preload/start/stream.h"

#define SLOTS 170 /* about a page */

struct page {
	struct page *next; /* atomic */
	struct fdf_stream slot[SLOTS];
};

static struct page *first; /* atomic */
#define FILLING ((void *)1)

bool fdf_stream_add(void *file, int pid, int fd)
{
	for (struct page **at = &first, *p;; at = &p->next) {
		p = __atomic_load_n(at, __ATOMIC_ACQUIRE);
		if (!p) {
			struct page *fresh = sys_mmap_anon(sizeof *fresh);

			if (!fresh)
				return false;
			if (__atomic_compare_exchange_n(at, &p, fresh, false, __ATOMIC_ACQ_REL,
							__ATOMIC_ACQUIRE))
				p = fresh;
			else
				sys_munmap(fresh, sizeof *fresh);
		}
		for (int i = 0; i < SLOTS; i++) {
			struct fdf_stream *s = &p->slot[i];
			void *none = NULL;

			if (!__atomic_compare_exchange_n(&s->file, &none, FILLING, false,
							 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				continue;
			s->pid = pid;
			s->fd = fd;
			__atomic_store_n(&s->file, file, __ATOMIC_RELEASE);
			return true;
		}
	}
}

int fdf_stream_take(void *file)
{
	for (struct page *p = __atomic_load_n(&first, __ATOMIC_ACQUIRE); p;
	     p = __atomic_load_n(&p->next, __ATOMIC_ACQUIRE))
		for (int i = 0; i < SLOTS; i++) {
			struct fdf_stream *s = &p->slot[i];
			int pid = s->pid;
			void *want = file;

			if (__atomic_load_n(&s->file, __ATOMIC_ACQUIRE) != file)
				continue;
			pid = s->pid;
			if (__atomic_compare_exchange_n(&s->file, &want, NULL, false,
							__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
				return pid;
		}
	return 0;
}

size_t fdf_stream_fds(int *out, size_t max)
{
	size_t n = 0;

	for (struct page *p = __atomic_load_n(&first, __ATOMIC_ACQUIRE); p;
	     p = __atomic_load_n(&p->next, __ATOMIC_ACQUIRE))
		for (int i = 0; i < SLOTS && n < max; i++) {
			void *file = __atomic_load_n(&p->slot[i].file, __ATOMIC_ACQUIRE);

			if (!file || file == FILLING)
				continue;
			if (out)
				out[n] = p->slot[i].fd;
			n++;
		}
	return n;
}
