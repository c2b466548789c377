/*
 * The record: sockets of every family, and addresses that are short.
 */
#include "preload/core/socket.h"
#include "tests/unit/core/record_json.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct fdf_sock s;

static void init(void)
{
	memset(&s, 0, sizeof(s));
	s.family = AF_INET;
	s.type = SOCK_STREAM;
}

TestSuite(record_socket, .init = init);

static json_t *encode(void)
{
	struct fdf_exec x = { .event = "exec" };
	struct fdf_fd d = {
		.fd = 5, .have = FDF_HAVE_TYPE | FDF_HAVE_SOCK, .type = FDF_SOCKET, .sock = &s
	};
	struct fdf_decision v = { .verdict = FDF_SEAL };
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	json_t *j, *sock;

	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	j = finish(&r);
	sock = json_incref(json_object_get(json_array_get(json_object_get(j, "fds"), 0), "socket"));
	cr_assert(json_is_object(sock));
	json_decref(j);
	return sock;
}

static void has(const char *key, const char *want)
{
	json_t *j = encode();

	if (want)
		cr_assert_str_eq(text_of(j, key), want);
	else
		cr_assert_null(json_object_get(j, key));
	json_decref(j);
}

static void bound_to(const void *addr, size_t len)
{
	memcpy(s.local, addr, len);
	s.local_len = (unsigned char)len;
}

Test(record_socket, families_have_their_names)
{
	static const struct {
		int family;
		const char *name;
	} all[] = {
		{ AF_UNSPEC, "unspec" },   { AF_UNIX, "unix" },
		{ AF_INET, "inet" },	   { AF_AX25, "ax25" },
		{ AF_X25, "x25" },	   { AF_INET6, "inet6" },
		{ AF_KEY, "key" },	   { AF_NETLINK, "netlink" },
		{ AF_PACKET, "packet" },   { AF_RDS, "rds" },
		{ AF_PPPOX, "pppox" },	   { AF_LLC, "llc" },
		{ AF_IB, "ib" },	   { AF_CAN, "can" },
		{ AF_TIPC, "tipc" },	   { AF_BLUETOOTH, "bluetooth" },
		{ AF_IUCV, "iucv" },	   { AF_RXRPC, "rxrpc" },
		{ AF_ISDN, "isdn" },	   { AF_PHONET, "phonet" },
		{ AF_ALG, "alg" },	   { AF_NFC, "nfc" },
		{ AF_VSOCK, "vsock" },	   { AF_KCM, "kcm" },
		{ AF_QIPCRTR, "qipcrtr" }, { AF_SMC, "smc" },
		{ AF_XDP, "xdp" },	   { AF_MCTP, "mctp" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		s.family = all[i].family;
		has("family", all[i].name);
	}
}

Test(record_socket, a_family_without_a_name_is_a_number)
{
	s.family = AF_MCTP + 1;
	has("family", "46");
	s.family = 65535;
	has("family", "65535");
}

Test(record_socket, every_family_takes_an_address_of_every_length)
{
	memset(s.local, 0xff, sizeof(s.local));
	memset(s.peer, 0x01, sizeof(s.peer));
	for (s.family = 0; s.family < 50; s.family++) {
		for (int n = 0; n < 256; n++) {
			s.local_len = s.peer_len = (unsigned char)n;
			json_decref(encode());
		}
	}
}

Test(record_socket, kinds_have_their_names)
{
	static const struct {
		int type;
		const char *name;
	} all[] = {
		{ SOCK_STREAM, "stream" },
		{ SOCK_DGRAM, "dgram" },
		{ SOCK_RAW, "raw" },
		{ SOCK_RDM, "rdm" },
		{ SOCK_DCCP, "dccp" },
		{ SOCK_PACKET, "packet" },
		{ SOCK_SEQPACKET, "seqpacket" },
		{ 7, "7" },
		{ 11, "11" },
		{ 0, "0" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		s.type = all[i].type;
		has("type", all[i].name);
	}
}

Test(record_socket, protocols_have_their_names)
{
	static const struct {
		int protocol;
		const char *name;
	} all[] = {
		{ IPPROTO_TCP, "tcp" },
		{ IPPROTO_UDP, "udp" },
		{ IPPROTO_ICMP, "icmp" },
		{ IPPROTO_ICMPV6, "icmpv6" },
		{ IPPROTO_SCTP, "sctp" },
		{ IPPROTO_DCCP, "dccp" },
		{ IPPROTO_UDPLITE, "udplite" },
		{ IPPROTO_RAW, "raw" },
		{ IPPROTO_MPTCP, "mptcp" },
		{ 99, "99" },
		{ 0, NULL },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		s.protocol = all[i].protocol;
		has("protocol", all[i].name);
	}
}

Test(record_socket, protocols_of_other_families_are_numbers)
{
	s.family = AF_NETLINK;
	s.protocol = 6;
	has("protocol", "6");
}

Test(record_socket, inet)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(8080) };

	inet_pton(AF_INET, "192.0.2.255", &a.sin_addr);
	bound_to(&a, sizeof(a));
	has("local", "192.0.2.255:8080");
	has("peer", NULL);
}

Test(record_socket, the_peer_too)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(1) };

	memcpy(s.peer, &a, sizeof(a));
	s.peer_len = sizeof(a);
	has("local", NULL);
	has("peer", "0.0.0.0:1");
}

static void inet6_is(const char *address, uint32_t scope, const char *want)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
				  .sin6_port = htons(443),
				  .sin6_scope_id = scope };

	cr_assert_eq(inet_pton(AF_INET6, address, &a.sin6_addr), 1);
	s.family = AF_INET6;
	bound_to(&a, sizeof(a));
	has("local", want);
}

Test(record_socket, inet6)
{
	inet6_is("2001:db8::1", 0, "[2001:db8::1]:443");
	inet6_is("::", 0, "[::]:443");
	inet6_is("::1", 0, "[::1]:443");
	inet6_is("fe80::1", 2, "[fe80::1%2]:443");
}

Test(record_socket, inet6_shortens_the_longest_run_of_zeros)
{
	inet6_is("1:2:3:4:5:6:7:8", 0, "[1:2:3:4:5:6:7:8]:443");
	inet6_is("1:0:0:4:0:0:0:8", 0, "[1:0:0:4::8]:443");
	inet6_is("1:0:0:4:5:0:0:8", 0, "[1::4:5:0:0:8]:443");
	inet6_is("1:0:3:4:5:6:7:8", 0, "[1:0:3:4:5:6:7:8]:443");
	inet6_is("1::", 0, "[1::]:443");
	inet6_is("0:2:3:4:5:6::", 0, "[0:2:3:4:5:6::]:443");
}

Test(record_socket, inet6_shows_a_mapped_address)
{
	inet6_is("::ffff:192.0.2.1", 0, "[::ffff:192.0.2.1]:443");
	inet6_is("::1:2.3.4.5", 0, "[::1:203:405]:443");
	inet6_is("::1:ffff:2.3.4.5", 0, "[::1:ffff:203:405]:443");
}

Test(record_socket, inet6_agrees_with_the_libc)
{
	unsigned seed = 1;

	s.family = AF_INET6;
	for (int i = 0; i < 2000; i++) {
		struct sockaddr_in6 a = { .sin6_family = AF_INET6 };
		char text[INET6_ADDRSTRLEN], want[64];

		/* The first group is never zero: the libc writes ::/96 in its own way. */
		for (int g = 0; g < 16; g++)
			a.sin6_addr.s6_addr[g] = (unsigned char)(rand_r(&seed) % 3);
		for (int g = 1; g < 8; g++) {
			if (rand_r(&seed) % 2)
				memset(a.sin6_addr.s6_addr + 2 * g, 0, 2);
		}
		a.sin6_addr.s6_addr[0] = 0x20;
		inet_ntop(AF_INET6, &a.sin6_addr, text, sizeof(text));
		snprintf(want, sizeof(want), "[%s]:0", text);
		bound_to(&a, sizeof(a));
		has("local", want);
	}
}

static void unix_is(const char *path, size_t n, const char *want)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, path, n);
	s.family = AF_UNIX;
	bound_to(&a, offsetof(struct sockaddr_un, sun_path) + n);
	has("local", want);
}

Test(record_socket, unix_paths)
{
	unix_is("/run/x.sock\0", 12, "/run/x.sock");
	unix_is("/run/x.sock", 11, "/run/x.sock");
	unix_is("/run/\n\"", 7, "/run/\\x0a\"");
}

Test(record_socket, unix_abstract_names)
{
	unix_is("\0name", 5, "@name");
	unix_is("\0a\0b", 4, "@a\\x00b");
}

Test(record_socket, a_path_cannot_look_like_an_abstract_name)
{
	unix_is("@name", 5, "\\x40name");
}

Test(record_socket, unix_names_of_full_length)
{
	char name[108], want[109] = "@";

	memset(name, 'n', sizeof(name));
	name[0] = '\0';
	memset(want + 1, 'n', 107);
	unix_is(name, sizeof(name), want);
}

Test(record_socket, a_unix_socket_without_a_name_has_no_address)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	s.family = AF_UNIX;
	bound_to(&a, sizeof(a.sun_family));
	has("local", NULL);
}

Test(record_socket, netlink)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = 4242, .nl_groups = 17 };

	s.family = AF_NETLINK;
	bound_to(&a, sizeof(a));
	has("local", "4242:17");
}

/* Each has one, which is the kernel where nobody asked for another. */
Test(record_socket, peer_of_netlink)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK };

	s.family = AF_NETLINK;
	memcpy(s.peer, &a, sizeof(a));
	fdf_take_peer(&s, sizeof(a));
	cr_assert_not(s.connected);
	has("peer", NULL);
	a.nl_groups = 4;
	memcpy(s.peer, &a, sizeof(a));
	fdf_take_peer(&s, sizeof(a));
	cr_assert(s.connected);
	has("peer", "0:4");
}

Test(record_socket, packet)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
				 .sll_ifindex = 3,
				 .sll_protocol = htons(0x0800) };

	s.family = AF_PACKET;
	bound_to(&a, sizeof(a));
	has("local", "3:2048");
}

Test(record_socket, vsock)
{
	struct sockaddr_vm a = { .svm_family = AF_VSOCK, .svm_cid = 2, .svm_port = 1024 };

	s.family = AF_VSOCK;
	bound_to(&a, sizeof(a));
	has("local", "2:1024");
}

Test(record_socket, other_families_are_hexadecimal)
{
	s.family = AF_CAN;
	bound_to("\x1d\x00\x0a\xff", 4);
	has("local", "0aff");
}

Test(record_socket, an_address_ends_with_its_array)
{
	char want[2 * 110 + 1];

	memset(s.local, 0x11, sizeof(s.local));
	memset(want, '1', sizeof(want) - 1);
	want[sizeof(want) - 1] = '\0';
	s.family = AF_CAN;
	s.local_len = 255;
	has("local", want);
}

Test(record_socket, what_is_too_short_is_hexadecimal)
{
	bound_to("\x02\x00\x00\x50\x7f", 5);
	has("local", "00507f");
	s.family = AF_INET6;
	has("local", "00507f");
	s.family = AF_NETLINK;
	has("local", "00507f");
}
