/*
 * How bad a leak is: every case from its facts, and that what is not known never makes it less.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "preload/core/severity.h"

static struct fdf_fd d;
static struct fdf_sock sock;

/* A file for reading that the new program may open by itself. */
static void init(void)
{
	d = (struct fdf_fd){ .fd = 5,
			     .have = FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_TARGET |
				     FDF_HAVE_REACH,
			     .type = FDF_FILE,
			     .status = O_RDONLY,
			     .mode = S_IFREG | 0600,
			     .target = fdf_str("/srv/a"),
			     .reach = { .reads = FDF_YES,
					.writes = FDF_YES,
					.passes = FDF_YES,
					.finds = FDF_YES,
					.locks = FDF_NO } };
	sock = (struct fdf_sock){ .family = AF_INET, .type = SOCK_STREAM };
}

TestSuite(severity, .init = init);

static void is(const char *level, const char *danger, bool at_least)
{
	struct fdf_severity s = fdf_severity_of(&d);

	cr_expect_str_eq(fdf_level_name((enum fdf_level)s.level), level);
	cr_expect_str_eq(fdf_danger_name((enum fdf_danger)s.danger), danger);
	cr_expect_eq(s.at_least, at_least, "%s: at least", danger);
}

static void as(enum fdf_type type, const char *target)
{
	d.type = (uint8_t)type;
	d.target = fdf_str(target);
}

/* ---- files ---- */

Test(severity, of_a_file_for_reading)
{
	is("low", "readable", false);
	d.mode |= 4;
	is("low", "world-readable", false);
	d.reach.reads = FDF_NO;
	is("critical", "unreadable", false);
}

Test(severity, of_a_file_for_writing)
{
	d.status = O_WRONLY | O_APPEND;
	is("medium", "writable", false);
	d.reach.reads = FDF_NO; /* it is not asked for */
	is("medium", "writable", false);
	d.reach.writes = FDF_NO;
	is("critical", "unwritable", false);
	d.status = O_RDWR;
	is("critical", "unwritable", false);
	d.reach.writes = FDF_YES;
	is("critical", "unreadable", false);
}

Test(severity, of_a_lock)
{
	d.mode |= 4;
	d.reach.locks = FDF_YES;
	is("medium", "lock", false);
	d.status = O_RDWR;
	is("medium", "writable", false);
}

Test(severity, of_what_lies_elsewhere)
{
	d.mode |= 4;
	d.reach.passes = FDF_NO;
	is("critical", "unreachable", false);
	d.reach.finds = FDF_NO;
	is("critical", "outside-root", false);
	d.status = O_PATH; /* a handle is a way there all the same */
	is("critical", "outside-root", false);
}

Test(severity, of_a_directory)
{
	d.type = FDF_DIR;
	is("medium", "directory", false);
	d.status = O_PATH;
	is("medium", "directory", false);
	d.reach.finds = FDF_NO;
	is("critical", "outside-root", false);
	d.reach.finds = FDF_YES;
	d.status = O_RDONLY;
	d.reach.reads = FDF_NO;
	is("critical", "unreadable", false);
}

Test(severity, of_a_handle)
{
	d.status = O_PATH;
	d.reach.reads = FDF_NO; /* who opens it is asked again */
	is("low", "handle", false);
	d.type = FDF_LINK;
	is("low", "handle", false);
}

/* ---- what is not known ---- */

Test(severity, is_never_less_for_what_is_not_known)
{
	struct fdf_reach known = d.reach;

	d.reach = (struct fdf_reach){ 0 };
	is("medium", "private", true);
	d.mode |= 4;
	is("low", "world-readable", true);
	d.status = O_RDWR;
	is("medium", "writable", true);
	d.type = FDF_DIR;
	is("medium", "directory", true);
	d.status = O_PATH;
	is("medium", "directory", true);

	init();
	d.reach.locks = FDF_NOT_KNOWN;
	is("low", "readable", true);
	d.status = O_WRONLY; /* a lock would not make it worse */
	is("medium", "writable", false);
	d.reach.reads = FDF_NOT_KNOWN;
	is("medium", "writable", false);
	d.reach.writes = FDF_NOT_KNOWN;
	is("medium", "writable", true);

	d.reach = known;
	d.have &= (uint8_t)~FDF_HAVE_STATUS; /* for reading or for writing? */
	is("medium", "writable", true);
	d.reach.writes = FDF_NO;
	is("critical", "unwritable", false);
}

Test(severity, of_what_nobody_looked_at)
{
	d.have = 0;
	is("medium", "unseen", true);
	d.have = FDF_HAVE_TYPE;
	d.type = FDF_UNKNOWN;
	is("medium", "unseen", true);
	d.type = FDF_ANON;
	is("medium", "object", true);
}

/* Whatever the answers are, one more that is not known is no lower level, or it says so. */
Test(severity, falls_only_where_it_is_said)
{
	static const uint8_t types[] = { FDF_FILE, FDF_DIR, FDF_CHR, FDF_BLK, FDF_FIFO, FDF_LINK };
	static const uint32_t status[] = { O_RDONLY, O_WRONLY, O_RDWR, O_PATH };

	for (unsigned n = 0; n < 3 * 3 * 3 * 3 * 3 * 6 * 4; n++) {
		uint8_t *answers[] = { &d.reach.reads, &d.reach.writes, &d.reach.passes,
				       &d.reach.finds, &d.reach.locks };
		struct fdf_severity full;
		unsigned rest = n;

		for (unsigned i = 0; i < 5; i++, rest /= 3)
			*answers[i] = (uint8_t)(rest % 3);
		d.type = types[rest % 6];
		d.status = status[rest / 6];
		full = fdf_severity_of(&d);
		for (unsigned i = 0; i < 5; i++) {
			uint8_t was = *answers[i];
			struct fdf_severity less;

			*answers[i] = FDF_NOT_KNOWN;
			less = fdf_severity_of(&d);
			cr_assert(less.level >= full.level || less.at_least, "%u, answer %u", n, i);
			*answers[i] = was;
		}
	}
}

/* ---- sockets ---- */

static void socket_is(const char *level, const char *danger)
{
	d.have |= FDF_HAVE_SOCK;
	d.sock = &sock;
	is(level, danger, false);
}

Test(severity, of_sockets)
{
	as(FDF_SOCKET, "socket:[7]");
	d.reach = (struct fdf_reach){ 0 };
	is("high", "socket", false);
	socket_is("medium", "idle-socket");
	sock.local_len = 16; /* 0.0.0.0:0 */
	socket_is("medium", "idle-socket");
	sock.local[2] = 31;
	socket_is("high", "bound");
	sock.connected = true;
	socket_is("high", "connected");
	sock.type = SOCK_RAW;
	socket_is("high", "raw-socket");
	sock = (struct fdf_sock){ .family = AF_PACKET, .type = SOCK_DGRAM };
	socket_is("high", "raw-socket");
	sock = (struct fdf_sock){ .family = AF_NETLINK, .type = SOCK_RAW };
	socket_is("medium", "idle-socket");
	d.type = FDF_LISTENER;
	socket_is("high", "listener");
}

/* ---- the rest ---- */

Test(severity, of_pipes)
{
	as(FDF_PIPE, "pipe:[7]");
	d.reach = (struct fdf_reach){ 0 };
	is("medium", "pipe-reader", false);
	d.status = O_WRONLY;
	is("medium", "pipe-writer", false);
	as(FDF_FIFO, "/run/fifo");
	is("medium", "pipe-writer", true);
	d.reach.writes = FDF_NO;
	is("critical", "unwritable", false);
}

Test(severity, of_devices)
{
	d.type = FDF_CHR;
	d.status = O_RDWR;
	d.rdev_major = 1;
	d.rdev_minor = 1; /* mem */
	is("high", "device", false);
	d.reach = (struct fdf_reach){ 0 };
	is("high", "device", true);
	for (unsigned minor = 0; minor < 256; minor++) {
		bool harmless = minor == 3 || minor == 5 || (minor >= 7 && minor <= 9);

		d.rdev_minor = minor;
		is(harmless ? "low" : "high", harmless ? "harmless" : "device", !harmless);
	}
	d.type = FDF_BLK; /* 1:3 is a ram disk */
	d.rdev_minor = 3;
	is("high", "device", true);
	d.rdev_major = 136;
	is("high", "device", true);
}

Test(severity, of_terminals)
{
	static const uint32_t majors[] = { 4, 5, 136, 143 };

	d.type = FDF_CHR;
	for (unsigned i = 0; i < 4; i++) {
		d.rdev_major = majors[i];
		is("high", "terminal", false);
	}
	d.rdev_major = 135;
	is("high", "device", false);
	d.rdev_major = 144;
	is("high", "device", false);
}

Test(severity, of_memory)
{
	as(FDF_MEMFD, "/memfd:x (deleted)");
	d.reach = (struct fdf_reach){ 0 };
	is("high", "memfd", false);
	cr_expect_eq(fdf_is_sealed(-1), FDF_NOT_KNOWN);
	d.reach.seals = (uint8_t)fdf_is_sealed(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW);
	is("high", "memfd", false);
	d.reach.seals = (uint8_t)fdf_is_sealed(F_SEAL_WRITE);
	is("medium", "sealed-memfd", false);
	cr_expect_eq(fdf_is_sealed(F_SEAL_FUTURE_WRITE), FDF_YES);
}

Test(severity, of_objects_of_the_kernel)
{
	static const struct {
		const char *target, *level, *danger;
	} all[] = {
		{ "anon_inode:bpf-map", "high", "bpf" },
		{ "anon_inode:bpf-prog", "high", "bpf" },
		{ "anon_inode:bpf_link", "high", "bpf" },
		{ "anon_inode:btf", "high", "bpf" },
		{ "anon_inode:[io_uring]", "high", "io_uring" },
		{ "anon_inode:[userfaultfd]", "high", "userfaultfd" },
		{ "anon_inode:[perf_event]", "high", "kernel-interface" },
		{ "anon_inode:kvm-vm", "high", "kernel-interface" },
		{ "anon_inode:seccomp notify", "high", "kernel-interface" },
		{ "anon_inode:[fanotify]", "high", "kernel-interface" },
		{ "anon_inode:[fscontext]", "high", "kernel-interface" },
		{ "anon_inode:[eventfd]", "medium", "object" },
		{ "anon_inode:[eventpoll]", "medium", "object" },
		{ "anon_inode:", "medium", "object" },
		{ "anon", "medium", "object" },
	};

	d.reach = (struct fdf_reach){ 0 };
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		as(FDF_ANON, all[i].target);
		is(all[i].level, all[i].danger, false);
	}
	as(FDF_FILE, "net:[4026531840]");
	is("high", "namespace", false);
}

/* ---- names ---- */

Test(severity, has_names_that_are_read_back)
{
	for (int l = 0; l < FDF_LEVELS; l++)
		cr_expect_eq(fdf_level_from(fdf_str(fdf_level_name((enum fdf_level)l))), l);
	cr_expect_eq(fdf_level_from(fdf_str("")), -1);
	cr_expect_eq(fdf_level_from(fdf_str("worse")), -1);
	cr_expect_str_eq(fdf_level_name(FDF_LEVELS), "");
	for (int i = 1; i < FDF_DANGERS; i++) {
		enum fdf_danger danger = (enum fdf_danger)i;

		cr_expect_eq(fdf_danger_from(fdf_str(fdf_danger_name(danger))), danger);
		cr_expect(strlen(fdf_danger_text(danger)) > 10, "%d", i);
	}
	cr_expect_eq(fdf_danger_from(fdf_str("")), FDF_DANGER_NONE);
	cr_expect_str_eq(fdf_danger_name(FDF_DANGER_NONE), "");
	cr_expect_str_eq(fdf_danger_name(FDF_DANGERS), "");
	cr_expect_str_eq(fdf_danger_text(FDF_DANGERS), "");
	cr_expect_eq(fdf_danger_level(FDF_DANGERS), FDF_LOW);
}

/* ---- what the new program has anyway ---- */

Test(severity, of_what_it_has_as_its_input_too)
{
	struct fdf_fd std = d;

	d.status = O_RDWR;
	std.fd = 1;
	std.status = O_WRONLY;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO, "it may not read");
	std.status = O_RDWR;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_YES);
	std.ino++;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO);
	std.ino--;
	std.status = O_PATH | O_RDWR;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO);
	std.status = O_RDWR;
	std.cloexec = true;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO, "the exec closes it");
	std.cloexec = false;
	std.have &= (uint8_t)~FDF_HAVE_STATUS;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NOT_KNOWN);
	d.reach.writes = FDF_NO;
	is("critical", "unwritable", false);
	d.reach.twin = FDF_YES;
	is("low", "twin", false);
}

Test(severity, of_what_shares_an_inode_and_is_not_the_same)
{
	struct fdf_fd std;

	as(FDF_ANON, "anon_inode:[eventfd]");
	std = d;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO);
	as(FDF_CHR, "/dev/ptmx");
	d.rdev_major = 5;
	d.rdev_minor = 2;
	std = d;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO);
	cr_expect(!fdf_is_terminal(&d));
	as(FDF_CHR, "/dev/net/tun");
	d.rdev_major = 10;
	std = d;
	cr_expect_eq(fdf_is_twin(&d, &std), FDF_NO);
}

Test(severity, of_its_own_terminal)
{
	as(FDF_CHR, "/dev/pts/3");
	d.rdev_major = 136;
	cr_expect(fdf_is_terminal(&d));
	is("high", "terminal", false);
	d.reach.own_tty = FDF_YES;
	is("low", "own-terminal", false);
	d.rdev_major = 188;
	is("high", "device", false);
}
