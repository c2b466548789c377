/*
 * encode_records: records on stdout, one a line, for the tests of the format.
 *
 *	encode_records golden		the fixed set of tests/golden/record-v1.jsonl
 *	encode_records hostile SEED N	N records out of random bytes
 *
 * Links the core alone; reads nothing and asks the system nothing, so that the
 * output is the same on every machine.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "preload/core/record.h"

static char buf[16384];
static struct fdf_record rec = { .buf = buf, .cap = sizeof(buf), .argv_max = 4096 };

static char *argv_cat[] = { (char *)"cat", (char *)"/etc/passwd", NULL };

static struct fdf_exec an_exec(void)
{
	return (struct fdf_exec){ .event = "exec",
				  .source = "shim",
				  .entry = "execve",
				  .time_s = 1795518214,
				  .time_ns = 123456789,
				  .host = fdf_str("db1"),
				  .boot_id = fdf_str("0f5d9c3e-8a1b-4c2d-9e3f-a0b1c2d3e4f5"),
				  .comm = fdf_str("postgres"),
				  .pid = 4243,
				  .tid = 4243,
				  .ppid = 4200,
				  .uid = 112,
				  .gid = 118,
				  .exe = fdf_str("/usr/lib/postgresql/15/bin/postgres"),
				  .into = fdf_str("/usr/bin/dash"),
				  .argv = argv_cat };
}

static struct fdf_fd an_fd(int fd, enum fdf_type type, const char *target)
{
	return (struct fdf_fd){ .fd = fd,
				.have = FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_TARGET,
				.type = (uint8_t)type,
				.mode = S_IFREG | 0600,
				.dev_major = 254,
				.dev_minor = 1,
				.ino = (uint64_t)(1000 + fd),
				.target = fdf_str(target) };
}

static struct fdf_decision because(enum fdf_verdict verdict, enum fdf_reason reason, const char *by,
				   const char *why)
{
	return (struct fdf_decision){ .verdict = (uint8_t)verdict,
				      .reason = (uint8_t)reason,
				      .by = fdf_str(by),
				      .why = fdf_str(why) };
}

static void put(struct fdf_fd d, struct fdf_decision v)
{
	fdf_record_fd(&rec, &d, &v);
}

static void print(unsigned dropped, const char *inexact)
{
	fwrite(buf, 1, fdf_record_end(&rec, dropped, inexact), stdout);
}

/* What docs/record-format.md shows. */
static void leak(void)
{
	struct fdf_exec x = an_exec();
	struct fdf_sock s = { .family = AF_INET,
			      .type = SOCK_STREAM,
			      .protocol = IPPROTO_TCP,
			      .connected = true,
			      .local_len = 16,
			      .peer_len = 16 };
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(5432) };
	struct fdf_fd d = an_fd(9, FDF_SOCKET, "socket:[40123]");

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memcpy(s.local, &a, sizeof(a));
	a.sin_port = htons(51000);
	memcpy(s.peer, &a, sizeof(a));
	d.have |= FDF_HAVE_SOCK;
	d.status = O_RDWR | O_NONBLOCK;
	d.mode = S_IFSOCK | 0777;
	d.dev_major = 0;
	d.dev_minor = 8;
	d.sock = &s;
	fdf_record_begin(&rec, &x);
	put(d, because(FDF_SEAL, FDF_BY_DEFAULT, NULL, NULL));
	d = an_fd(12, FDF_FILE, "/var/lib/postgresql/15/main/base/5/1259");
	d.status = O_RDWR;
	put(d, because(FDF_DENY, FDF_BY_RULE, "deny path=/var/lib/postgresql/**", "raw tables"));
	print(0, NULL);
}

static void every_type_and_reason(void)
{
	static const char *const targets[FDF_TYPES] = {
		NULL,	      "/etc/passwd", "/var/lib",	   "/dev/null",
		"/dev/vda",   "/etc/mtab",   "pipe:[7]",	   "/run/fifo",
		"socket:[8]", "socket:[9]",  "/memfd:x (deleted)", "anon_inode:[eventpoll]"
	};
	static const uint32_t status[FDF_TYPES] = { 0,
						    O_RDONLY,
						    O_PATH | O_DIRECTORY,
						    O_RDWR | O_NOATIME,
						    O_WRONLY | O_DIRECT,
						    O_PATH | O_NOFOLLOW,
						    O_WRONLY | O_ASYNC,
						    O_RDWR | O_NONBLOCK,
						    O_RDWR,
						    O_RDWR,
						    O_RDWR | O_APPEND,
						    O_RDWR | O_SYNC };
	struct fdf_exec x = an_exec();

	x.event = "start";
	x.argv = NULL;
	fdf_record_begin(&rec, &x);
	for (int t = 0; t < FDF_TYPES; t++) {
		struct fdf_fd d = an_fd(3 + t, (enum fdf_type)t, targets[t]);

		d.status = status[t];
		d.cloexec = t % FDF_REASONS == FDF_BY_CLOEXEC;
		if (t == FDF_UNKNOWN)
			d.have = 0;
		put(d, because((enum fdf_verdict)(FDF_KEEP + t % 5),
			       (enum fdf_reason)(t % FDF_REASONS), "by", "why"));
	}
	print(0, NULL);
}

static void sockets(void)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(443),
				    .sin6_scope_id = 2,
				    .sin6_addr = { { { 0xfe, 0x80, [15] = 1 } } } };
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/dbus.sock" };
	struct sockaddr_un abstract = { .sun_family = AF_UNIX, .sun_path = "\0bus" };
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = 77, .nl_groups = 3 };
	struct sockaddr_vm vm = { .svm_family = AF_VSOCK, .svm_cid = 2, .svm_port = 1024 };
	const struct {
		int family, type, protocol;
		const void *addr;
		size_t len;
	} all[] = {
		{ AF_INET6, SOCK_STREAM, IPPROTO_TCP, &in6, sizeof(in6) },
		{ AF_UNIX, SOCK_SEQPACKET, 0, &un, sizeof(un) },
		{ AF_UNIX, SOCK_DGRAM, 0, &abstract, 6 },
		{ AF_UNIX, SOCK_STREAM, 0, "\1\0", 2 },
		{ AF_NETLINK, SOCK_RAW, 15, &nl, sizeof(nl) },
		{ AF_VSOCK, SOCK_STREAM, 0, &vm, sizeof(vm) },
		{ AF_BLUETOOTH, SOCK_SEQPACKET, 3, "\37\0\1\2\3\4\5\6", 8 },
		{ 99, 0, 0, "c\0\xff", 3 },
	};
	struct fdf_exec x = an_exec();

	x.source = "trace";
	fdf_record_begin(&rec, &x);
	for (int i = 0; i < 8; i++) {
		struct fdf_fd d = an_fd(3 + i, i ? FDF_SOCKET : FDF_LISTENER, "socket:[1]");
		struct fdf_sock s = { .family = all[i].family,
				      .type = all[i].type,
				      .protocol = all[i].protocol,
				      .local_len = (unsigned char)all[i].len };

		memcpy(s.local, all[i].addr, all[i].len);
		d.have |= FDF_HAVE_SOCK;
		d.status = O_RDWR;
		d.sock = &s;
		put(d, because(FDF_SEAL, FDF_BY_DEFAULT, NULL, NULL));
	}
	print(0, NULL);
}

static void hostile_names(void)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)"\x1b[2J\n\"\\\xff\xe2\x80\xae",
			 NULL };
	struct fdf_exec x = an_exec();
	struct fdf_fd d = an_fd(3, FDF_FILE, "/tmp/\n{\"fdfence\":1,\"event\":\"exec\"}\xc2\x9b");
	struct fdf_decision v = because(FDF_SEAL, FDF_BY_DEFAULT, NULL, "no");

	x.argv = argv;
	x.comm = fdf_str("\x07\xc3");
	v.asked = fdf_str("--\x7f");
	fdf_record_begin(&rec, &x);
	put(d, v);
	print(0, NULL);
}

static void limits(void)
{
	static char big[30000];
	char *argv[] = { (char *)"sh", big, (char *)"x", (char *)"y", NULL };
	struct fdf_exec x = an_exec();

	memset(big, 'a', sizeof(big) - 1);
	x.event = "failed";
	x.error = 2;
	x.argv = argv;
	rec.cap = FDF_RECORD_MIN;
	rec.argv_max = 64;
	fdf_record_begin(&rec, &x);
	for (int fd = 3; fd < 60; fd++)
		put(an_fd(fd, FDF_FILE, "/a/path/of/some/length"),
		    because(FDF_SEAL, FDF_BY_DEFAULT, NULL, NULL));
	print(7, "close_range denied");
	rec.cap = sizeof(buf);
	rec.argv_max = 4096;
}

static void bare(void)
{
	struct fdf_exec x = { .event = "exec", .source = "shim", .entry = "execve" };

	fdf_record_begin(&rec, &x);
	print(0, NULL);
}

/* Lengths up to half a page; bytes from a few that matter and from all. */
static struct fdf_str noise(char *where)
{
	static const char spice[] = "\"\\\n\x1b\x7f\xc2\x9b\xe2\x80\xae\xff{}[],:'<>&";
	size_t n = (size_t)(rand() % 2048);

	if (rand() % 3 == 0)
		n = (size_t)(rand() % 4);
	for (size_t i = 0; i < n; i++)
		where[i] = (char)(rand() % 2 ? spice[(size_t)rand() % (sizeof(spice) - 1)]
					     : rand() % 256);
	where[n] = '\0';
	return (struct fdf_str){ where, n };
}

static void hostile(void)
{
	static char texts[9][2050], args[2][2050];
	static const char *const events[] = { "exec", "start", "failed" };
	char *argv[] = { args[0], args[1], NULL };
	struct fdf_exec x = an_exec();

	noise(args[0]);
	noise(args[1]);
	x.argv = rand() % 4 ? argv : NULL;
	x.event = events[rand() % 3];
	x.error = x.event[0] == 'f';
	x.time_s = (int64_t)rand() * 64;
	x.host = noise(texts[0]);
	x.comm = noise(texts[1]);
	x.exe = noise(texts[2]);
	x.into = noise(texts[3]);
	x.boot_id = noise(texts[4]);
	rec.cap = FDF_RECORD_MIN + (size_t)(rand() % (int)(sizeof(buf) - FDF_RECORD_MIN));
	fdf_record_begin(&rec, &x);
	for (int fd = 3; fd < 10; fd++) {
		struct fdf_fd d = an_fd(fd, (enum fdf_type)(rand() % FDF_TYPES), NULL);
		struct fdf_decision v =
			because((enum fdf_verdict)(FDF_KEEP + rand() % 5),
				(enum fdf_reason)(rand() % FDF_REASONS), NULL, NULL);
		struct fdf_sock s;

		for (size_t i = 0; i < sizeof(s); i++)
			((unsigned char *)&s)[i] = (unsigned char)rand();
		s.listening = s.connected = false;
		s.family = rand() % 60;
		s.type &= 15;
		d.have = (uint8_t)(rand() % 16);
		d.sock = &s;
		d.status = (uint32_t)rand();
		d.target = noise(texts[5]);
		v.by = noise(texts[6]);
		v.why = noise(texts[7]);
		v.asked = noise(texts[8]);
		fdf_record_fd(&rec, &d, &v);
	}
	print((unsigned)(rand() % 3), rand() % 2 ? "no close_range" : NULL);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "golden")) {
		leak();
		every_type_and_reason();
		sockets();
		hostile_names();
		limits();
		bare();
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "hostile")) {
		srand((unsigned)atoi(argv[2]));
		for (int n = atoi(argv[3]); n > 0; n--)
			hostile();
		return 0;
	}
	fprintf(stderr, "usage: encode_records golden | hostile SEED COUNT\n");
	return 2;
}
