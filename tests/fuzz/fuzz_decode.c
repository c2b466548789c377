/*
 * The decoder of kernel records: short, long and lying ones, in any order.
 *
 * The input is a run of records, each behind two bytes of length; a length that
 * is odd has the head put right, so that what lies deeper is reached too.
 * Whatever comes out is read to its last byte.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/kernel/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sink;

static void read_all(const void *p, size_t n)
{
	const unsigned char *s = p;

	while (s && n--)
		sink += *s++;
}

static void use(struct decode *d, struct trace_exec *x)
{
	char **argv = decode_vector(&x->args), *into = decode_into(x);
	size_t i;

	if (!x->have_begin || !x->have_end)
		abort();
	for (i = 0; argv && argv[i]; i++)
		read_all(argv[i], strlen(argv[i]) + 1);
	for (i = 0; i < x->nfds; i++) {
		const struct trace_fd *f = &x->fds[i];

		if (f->d.fd < 0 || f->d.type >= FDF_TYPES)
			abort();
		if (f->d.sock && (f->sock.local_len > sizeof(f->sock.local) ||
				  f->sock.peer_len > sizeof(f->sock.peer)))
			abort();
		read_all(f->d.target.s, f->d.target.len);
	}
	read_all(into, strlen(into) + 1);
	read_all(decode_cgroup(d, x->begin.cgroup), 1);
	free(argv);
	free(into);
	trace_exec_free(x);
}

/* A head that fits the record, so that not every one is refused at the door. */
static void put_right(unsigned char *rec, size_t len)
{
	static const uint32_t fixed[] = { 0,
					  sizeof(struct fdt_prep),
					  sizeof(struct fdt_prep),
					  sizeof(struct fdt_begin),
					  sizeof(struct fdt_head),
					  sizeof(struct fdt_head),
					  sizeof(struct fdt_head),
					  sizeof(struct fdt_head),
					  sizeof(struct fdt_fd),
					  sizeof(struct fdt_end),
					  sizeof(struct fdt_head) };
	struct fdt_head h;

	if (len < sizeof(h))
		return;
	memcpy(&h, rec, sizeof(h));
	h.kind %= FDT_KINDS;
	h.size = (uint32_t)len;
	h.text_len = len < fixed[h.kind] ? 0 : (uint32_t)len - fixed[h.kind];
	h.id &= 3;
	h.index &= 3;
	memcpy(rec, &h, sizeof(h));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode *d = decode_new();
	struct trace_exec *x;
	unsigned char *rec;
	size_t len;
	int right;

	while (size >= 2) {
		len = (size_t)data[0] | (size_t)data[1] << 8;
		right = len & 1;
		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		/* A block of its own, so that a byte too much is seen. */
		rec = malloc(len ? len : 1);
		memcpy(rec, data, len);
		if (right)
			put_right(rec, len);
		x = decode_feed(d, rec, len);
		free(rec);
		if (x)
			use(d, x);
		data += len;
		size -= len;
	}
	decode_free(d);
	return 0;
}
