/*
 * socket.c: one socket as the JSON object that a record holds.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out; runs in hooks,
 * vfork children and signal handlers.  Addresses are read byte by byte as the
 * kernel lays them out: the bytes may be short, and the families' headers differ
 * between libcs.
 */
#include "preload/core/linux.h"
#include "preload/core/names.h"
#include "preload/core/socket.h"

/* By the number of the family, from AF_UNSPEC on (include/linux/socket.h). */
static const char families[][11] = {
	"unspec",   "unix",	  "inet",    "ax25",	  "ipx",     "appletalk", "netrom",
	"bridge",   "atmpvc",	  "x25",     "inet6",	  "rose",    "decnet",	  "netbeui",
	"security", "key",	  "netlink", "packet",	  "ash",     "econet",	  "atmsvc",
	"rds",	    "sna",	  "irda",    "pppox",	  "wanpipe", "llc",	  "ib",
	"mpls",	    "can",	  "tipc",    "bluetooth", "iucv",    "rxrpc",	  "isdn",
	"phonet",   "ieee802154", "caif",    "alg",	  "nfc",     "vsock",	  "kcm",
	"qipcrtr",  "smc",	  "xdp",     "mctp",
};
/* By the number of the type: SOCK_STREAM is 1 (include/linux/net.h). */
static const char kinds[][10] = { [1] = "stream",    [2] = "dgram", [3] = "raw",    [4] = "rdm",
				  [5] = "seqpacket", [6] = "dccp",  [10] = "packet" };

static const struct {
	uint16_t number;
	char name[9];
} protocols[] = {
	{ 1, "icmp" },	 { 6, "tcp" },	     { 17, "udp" },  { 33, "dccp" },   { 58, "icmpv6" },
	{ 132, "sctp" }, { 136, "udplite" }, { 255, "raw" }, { 262, "mptcp" },
};

/* ,"key":"name", the number where there is no name. */
static void put_name(struct fdf_text *t, const char *key, const char *name, unsigned number)
{
	fdf_putf(t, *name ? "\"%s\":\"%s\"" : "\"%s\":\"", key, name);
	if (!*name)
		fdf_putf(t, "%u\"", number);
}

static const char *family_name(const struct fdf_sock *s)
{
	return FDF_NAME(families, (unsigned)s->family);
}

static const char *sock_type_name(const struct fdf_sock *s)
{
	return FDF_NAME(kinds, (unsigned)s->type);
}

static const char *protocol_name(const struct fdf_sock *s)
{
	if (s->family != FDF_AF_INET && s->family != FDF_AF_INET6)
		return "";
	for (unsigned i = 0; i < FDF_COUNT(protocols); i++) {
		if (protocols[i].number == s->protocol)
			return protocols[i].name;
	}
	return "";
}

static unsigned be16(const unsigned char *a)
{
	return (unsigned)a[0] << 8 | a[1];
}

/* A number in the machine's own byte order; a is 4-byte aligned. */
static uint32_t own32(const unsigned char *a)
{
	uint32_t v;

	__builtin_memcpy(&v, a, sizeof(v));
	return v;
}

static void put_inet(struct fdf_text *t, const unsigned char *a)
{
	fdf_putf(t, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

/* As RFC 5952 wants it: the longest run of zero groups, the first of equals, becomes "::". */
static void put_inet6(struct fdf_text *t, const unsigned char *a)
{
	int best = -1, best_len = 1, run = 0;

	for (int i = 0; i < 8; i++) {
		run = be16(a + 2 * i) ? 0 : run + 1;
		if (run > best_len) {
			best_len = run;
			best = i + 1 - run;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			fdf_puts(t, "::");
			i += best_len - 1;
			continue;
		}
		if (i && i != best + best_len)
			fdf_putc(t, ':');
		if (i == 6 && best == 0 && best_len == 5 && be16(a + 10) == 0xffff) {
			put_inet(t, a + 12);
			return;
		}
		fdf_putf(t, "%x", be16(a + 2 * i));
	}
}

/*
 * "@name" is in the abstract namespace; so that no file can pose as one, a path
 * that starts with '@' gets \x40 for it.
 */
static void put_unix(struct fdf_text *t, const unsigned char *path, size_t n)
{
	struct fdf_str s = { (const char *)path, n };
	bool abstract = !*path;

	if (abstract) {
		fdf_putc(t, '@');
		s.s++;
		s.len--;
	} else {
		s.len = 0;
		while (s.len < n && path[s.len])
			s.len++;
		if (*path == '@') {
			fdf_putbyte(t, '@');
			s.s++;
			s.len--;
		}
	}
	fdf_putesc(t, s, (size_t)-1);
}

/* What each family's address shows; whatever is shorter than it should be is hexadecimal. */
static void put_address(struct fdf_text *t, int family, const unsigned char *a, size_t n)
{
	if (family == FDF_AF_UNIX) {
		put_unix(t, a + 2, n - 2);
	} else if (family == FDF_AF_INET && n >= 8) {
		put_inet(t, a + 4);
		fdf_putf(t, ":%u", be16(a + 2));
	} else if (family == FDF_AF_INET6 && n >= 28) {
		fdf_putc(t, '[');
		put_inet6(t, a + 8);
		if (own32(a + 24))
			fdf_putf(t, "%%%u", own32(a + 24));
		fdf_putf(t, "]:%u", be16(a + 2));
	} else if (family == FDF_AF_NETLINK && n >= 12) {
		fdf_putf(t, "%u:%u", own32(a + 4), own32(a + 8));
	} else if (family == FDF_AF_VSOCK && n >= 12) {
		fdf_putf(t, "%u:%u", own32(a + 8), own32(a + 4));
	} else if (family == FDF_AF_PACKET && n >= 12) {
		fdf_putf(t, "%u:%u", own32(a + 4), be16(a + 2));
	} else {
		fdf_puthex(t, a + 2, n - 2);
	}
}

/* Nothing if they hold no more than a family. */
static void put_any_address(struct fdf_text *t, int family, const unsigned char *a, size_t n)
{
	if (n > sizeof(((struct fdf_sock *)0)->local))
		n = sizeof(((struct fdf_sock *)0)->local);
	/* Nothing behind the family: not bound, or a socketpair. */
	if (n > 2)
		put_address(t, family, a, n);
}

struct fdf_str fdf_local_address(const struct fdf_sock *s, char buf[FDF_ADDRESS_MAX])
{
	struct fdf_text t = { .p = buf, .end = buf + FDF_ADDRESS_MAX };
	const unsigned char *path = s->local + 2;
	size_t n = s->local_len > 2 ? s->local_len - 2u : 0, len = 0;

	if (s->family != FDF_AF_UNIX || !n) {
		put_any_address(&t, s->family, s->local, s->local_len);
		return (struct fdf_str){ buf, (size_t)(t.p - buf) };
	}
	if (*path) /* a path ends at its NUL, an abstract name with its length */
		while (len < n && path[len])
			len++;
	else
		len = n;
	if (*path == '@') /* no file can pose as an abstract name */
		fdf_putbyte(&t, '@');
	else
		fdf_putc(&t, *path ? (char)*path : '@');
	fdf_put(&t, (const char *)path + 1, len - 1);
	return (struct fdf_str){ buf, (size_t)(t.p - buf) };
}

static void put_end(struct fdf_text *t, const char *key, int family, const unsigned char *a,
		    size_t n)
{
	if (n <= 2)
		return;
	fdf_puts(t, key);
	put_any_address(t, family, a, n);
	fdf_putc(t, '"');
}

void fdf_putsocket(struct fdf_text *t, const struct fdf_sock *s)
{
	unsigned family = (unsigned)s->family, type = (unsigned)s->type;

	fdf_putc(t, '{');
	put_name(t, "family", family_name(s), family);
	fdf_putc(t, ',');
	put_name(t, "type", sock_type_name(s), type);
	if (s->protocol) {
		fdf_putc(t, ',');
		put_name(t, "protocol", protocol_name(s), (unsigned)s->protocol);
	}
	put_end(t, ",\"local\":\"", s->family, s->local, s->local_len);
	put_end(t, ",\"peer\":\"", s->family, s->peer, s->peer_len);
	fdf_putc(t, '}');
}
