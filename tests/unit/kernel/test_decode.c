/*
 * Records of the kernel to one exec: what belongs together, what is refused.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/kernel/decode.h"
#include "preload/core/rules.h"

static struct decode *d;

static void init(void)
{
	d = decode_new();
}

static void fini(void)
{
	decode_free(d);
}

TestSuite(decode, .init = init, .fini = fini);

static unsigned char rec[16384];
static size_t rec_len;

/* A record of this kind whose fixed part is size bytes, the rest of it as given. */
static void *make(unsigned kind, size_t size, uint64_t id, const void *text, size_t len)
{
	struct fdt_head h = { .size = (uint32_t)(size + len),
			      .kind = (uint16_t)kind,
			      .id = id,
			      .text_len = (uint32_t)len };

	memset(rec, 0, sizeof(rec));
	memcpy(rec, &h, sizeof(h));
	memcpy(rec + size, text, len);
	rec_len = size + len;
	return rec;
}

static struct trace_exec *feed(void)
{
	return decode_feed(d, rec, rec_len);
}

static void begin(uint64_t id, const char *exe)
{
	make(FDT_BEGIN, sizeof(struct fdt_begin), id, exe, strlen(exe));
	cr_assert_null(feed());
}

static struct trace_exec *end(uint64_t id)
{
	make(FDT_END, sizeof(struct fdt_end), id, "", 0);
	return feed();
}

static struct fdt_fd *fd_record(uint64_t id, int fd, const char *text)
{
	struct fdt_fd *e = make(FDT_FD, sizeof(*e), id, text, strlen(text));

	e->fd = (uint32_t)fd;
	return e;
}

static void text(unsigned kind, uint64_t id, unsigned index, const char *s, size_t len)
{
	struct fdt_head *h = make(kind, sizeof(*h), id, s, len);

	h->index = index;
	cr_assert_null(feed());
}

static char *target_of(const struct fdt_fd *e, const char *s)
{
	static char buf[8192];
	struct trace_fd f = { 0 };

	decode_fd(&f, e, s, strlen(s));
	snprintf(buf, sizeof(buf), "%s %s", fdf_type_name((enum fdf_type)f.d.type), f.target);
	free(f.target);
	return buf;
}

Test(decode, an_exec_is_whole_when_its_end_comes)
{
	struct trace_exec *x;

	begin(7, "/usr/bin/true");
	fd_record(7, 3, "/etc/passwd")->mode = 0100644;
	cr_assert_null(feed());
	x = end(7);
	cr_assert_not_null(x);
	cr_expect_str_eq(x->exe.s, "/usr/bin/true");
	cr_assert_eq(x->nfds, 1);
	cr_expect_eq(x->fds[0].d.fd, 3);
	cr_expect_str_eq(x->fds[0].target, "/etc/passwd");
	cr_expect_eq(decode_counts(d).bad, 0);
	trace_exec_free(x);
}

Test(decode, execs_of_two_processors_do_not_mix)
{
	struct trace_exec *a, *b;

	begin(1, "/a");
	begin(2, "/b");
	fd_record(1, 3, "/one");
	feed();
	fd_record(2, 4, "/two");
	feed();
	b = end(2);
	a = end(1);
	cr_assert(a && b);
	cr_expect_str_eq(a->fds[0].target, "/one");
	cr_expect_str_eq(b->fds[0].target, "/two");
	trace_exec_free(a);
	trace_exec_free(b);
}

Test(decode, what_was_sealed_comes_before_the_exec)
{
	struct trace_exec *x;

	make(FDT_PREP, sizeof(struct fdt_prep), 9, "/bin/old", 8);
	cr_assert_null(feed());
	fd_record(9, 5, "/sealed")->sign = FDT_WOULD;
	cr_assert_null(feed());
	begin(9, "/bin/new");
	x = end(9);
	cr_assert_not_null(x);
	cr_expect(x->have_prep);
	cr_expect_str_eq(x->old_exe.s, "/bin/old");
	cr_expect(x->fds[0].would);
	trace_exec_free(x);
}

Test(decode, arguments_come_in_pieces)
{
	struct trace_exec *x;
	char **v;

	begin(1, "/x");
	text(FDT_ARGS, 1, 0, "one\0tw", 6);
	text(FDT_ARGS, 1, 1, "o\0\0", 3);
	x = end(1);
	cr_assert_not_null(x);
	v = decode_vector(&x->args);
	cr_expect_str_eq(v[0], "one");
	cr_expect_str_eq(v[1], "two");
	cr_expect_str_eq(v[2], "");
	cr_expect_null(v[3]);
	free(v);
	trace_exec_free(x);
}

Test(decode, behind_a_missing_piece_the_rest_is_left_out_and_said_to_be)
{
	struct trace_exec *x;

	begin(1, "/x");
	text(FDT_ENV, 1, 0, "A=1\0", 4);
	text(FDT_ENV, 1, 2, "C=3\0", 4);
	x = end(1);
	cr_assert_not_null(x);
	cr_expect_eq(x->env.len, 4);
	cr_expect(x->env_torn);
	cr_expect_not(x->args_torn);
	trace_exec_free(x);
}

Test(decode, a_script_is_made_absolute)
{
	struct trace_exec *x;
	char *into;

	begin(1, "/usr/bin/dash");
	text(FDT_CWD, 1, 0, "/home/me", 8);
	text(FDT_NAME, 1, 0, "./a//b/./c", 10);
	x = end(1);
	cr_assert_not_null(x);
	into = decode_into(x);
	cr_expect_str_eq(into, "/home/me/a/b/c");
	free(into);
	trace_exec_free(x);
}

Test(decode, targets_read_as_in_proc)
{
	struct fdt_fd e = { .mode = 0010600, .magic = 0x50495045, .ino = 42 };

	cr_expect_str_eq(target_of(&e, ""), "pipe pipe:[42]");
	e.magic = 0xef53;
	cr_expect_str_eq(target_of(&e, "/run/fifo"), "fifo /run/fifo");
	e.mode = 0600;
	e.magic = 0x09041934;
	e.head.flags = FDT_PSEUDO;
	cr_expect_str_eq(target_of(&e, "[eventpoll]"), "anon anon_inode:[eventpoll]");
	e.mode = 0100600;
	e.magic = 0x01021994;
	cr_expect_str_eq(target_of(&e, "memfd:x"), "memfd /memfd:x (deleted)");
	cr_expect_str_eq(target_of(&e, "SYSV0"), "file /SYSV0 (deleted)");
	e.magic = 0x6e736673;
	cr_expect_str_eq(target_of(&e, "mnt"), "file mnt:[42]");
	e.magic = 0xef53;
	e.head.flags = FDT_DELETED;
	cr_expect_str_eq(target_of(&e, "/tmp/x"), "file /tmp/x (deleted)");
	e.head.flags = FDT_CUT;
	cr_expect_str_eq(target_of(&e, "/tail"), "file .../tail");
	e.head.flags = 0;
	e.magic = 0x50494446;
	cr_expect_str_eq(target_of(&e, "[pidfd]"), "anon anon_inode:[pidfd]");
}

Test(decode, a_socket_that_listens_is_a_listener)
{
	struct fdt_sock s = {
		.family = AF_INET, .type = SOCK_STREAM, .state = 10, .local_len = 16
	};
	struct fdt_fd e = { .mode = 0140777, .magic = 0x534f434b, .ino = 5 };
	struct trace_fd f = { 0 };

	decode_fd(&f, &e, (const char *)&s, sizeof(s));
	cr_expect_eq(f.d.type, FDF_LISTENER);
	cr_expect_eq(f.d.have, FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_TARGET | FDF_HAVE_SOCK);
	cr_expect_str_eq(f.target, "socket:[5]");
	free(f.target);
	/* A datagram socket in the same state does not. */
	s.type = SOCK_DGRAM;
	memset(&f, 0, sizeof(f));
	decode_fd(&f, &e, (const char *)&s, sizeof(s));
	cr_expect_eq(f.d.type, FDF_SOCKET);
	free(f.target);
}

Test(decode, each_of_many_sockets_keeps_its_facts)
{
	struct fdt_sock s = { .family = AF_INET, .type = SOCK_STREAM, .state = 10 };
	struct trace_exec *x;
	struct fdt_fd *e;

	begin(1, "/x");
	for (unsigned i = 0; i < 100; i++) {
		s.protocol = i;
		e = make(FDT_FD, sizeof(*e), 1, &s, sizeof(s));
		e->mode = 0140777;
		e->magic = 0x534f434b;
		cr_assert_null(feed());
	}
	x = end(1);
	cr_assert_not_null(x);
	cr_assert_eq(x->nfds, 100);
	for (unsigned i = 0; i < 100; i++) {
		cr_assert_eq(x->fds[i].d.sock, &x->fds[i].sock, "number %u", i);
		cr_expect_eq(x->fds[i].d.sock->protocol, (int)i);
	}
	trace_exec_free(x);
}

Test(decode, signs_of_intent_are_handed_on)
{
	struct fdt_fd e = { .sign = FDT_GIVEN | FDT_ACT | FDT_PLACED };
	struct trace_fd f = { 0 };

	decode_fd(&f, &e, "/x", 2);
	cr_expect_eq(f.d.sign, FDF_SIGN_GIVEN | FDF_SIGN_ACT | FDF_SIGN_PLACED);
	free(f.target);
}

Test(decode, lying_records_are_refused)
{
	struct fdt_head *h;
	struct fdt_sock s = { .local_len = FDT_ADDR + 1 };
	struct fdt_fd *e;
	unsigned bad = 0;

	begin(1, "/x");
	h = make(FDT_ARGS, sizeof(*h), 1, "abc", 3);
	h->text_len = 4;
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "text longer than the record");
	h = make(FDT_ARGS, sizeof(*h), 1, "abc", 3);
	h->size++;
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "another size than the ring says");
	make(FDT_KINDS, sizeof(*h), 1, "", 0);
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "an unknown kind");
	make(FDT_FD, sizeof(struct fdt_fd), 99, "/x", 2);
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "a descriptor of no exec");
	e = make(FDT_FD, sizeof(*e), 1, &s, sizeof(s));
	e->mode = 0140777;
	e->magic = 0x534f434b;
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "an address longer than its place");
	e = fd_record(1, -1, "/x");
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "a negative number");
	make(FDT_BEGIN, sizeof(struct fdt_begin), 1, "/y", 2);
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "a second beginning");
	rec_len = 5;
	feed();
	cr_expect_eq(decode_counts(d).bad, ++bad, "less than a head");
}

Test(decode, an_end_without_a_beginning_is_no_exec)
{
	make(FDT_PREP, sizeof(struct fdt_prep), 3, "/x", 2);
	feed();
	cr_expect_null(end(3));
	cr_expect_eq(decode_counts(d).bad, 1);
}

Test(decode, execs_whose_end_never_comes_make_room_and_are_counted)
{
	uint64_t id;
	struct trace_exec *x;

	for (id = 1; id <= 5000; id++)
		begin(id << 12, "/x");
	cr_expect_gt(decode_counts(d).torn, 3000);
	x = end(5000ull << 12);
	cr_assert_not_null(x);
	trace_exec_free(x);
}

Test(decode, a_cgroup_is_told_once)
{
	make(FDT_CGROUP, sizeof(struct fdt_head), 77, "/a/b", 4);
	cr_assert_null(feed());
	cr_expect_str_eq(decode_cgroup(d, 77), "/a/b");
	cr_expect_str_eq(decode_cgroup(d, 78), "");
}
