/*
 * netfiles.c: see netfiles.h.  Each file is read once a namespace; a socket that came later is
 * not found, which the caller says.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>

#include "tools/base/base.h"
#include "tools/proc/netfiles.h"
#include "tools/proc/sockets.h"

struct net_socket {
	uint64_t ino;
	unsigned state; /* TCP's; 0: none */
	struct fdf_sock sock;
};

struct net_namespace {
	struct net_namespace *next;
	uint32_t ino;
	struct net_socket *sockets; /* by ino */
	size_t n, cap;
};

static struct net_socket *add(struct net_namespace *ns, uint64_t ino)
{
	if (ns->n == ns->cap) {
		ns->cap = ns->cap ? 2 * ns->cap : 64;
		ns->sockets = reallocarray(ns->sockets, ns->cap, sizeof(*ns->sockets));
		if (!ns->sockets)
			out_of_memory();
	}
	ns->sockets[ns->n] = (struct net_socket){ .ino = ino };
	return &ns->sockets[ns->n++];
}

/* "0100007F:1F90", each 32 bits of it in the machine's order.  Returns the length, 0: no address. */
static unsigned char inet_address(unsigned char *to, const char *hex, int family)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	const char *colon = strchr(hex, ':');
	size_t words = family == AF_INET ? 1 : 4;
	uint32_t address[4] = { 0 };
	in_port_t port = htons(colon ? (uint16_t)strtoul(colon + 1, NULL, 16) : 0);

	for (size_t i = 0; i < words; i++)
		if (sscanf(hex + 8 * i, "%8x", &address[i]) != 1)
			return 0;
	if (family == AF_INET) {
		memcpy(&in.sin_addr, address, sizeof(in.sin_addr));
		in.sin_port = port;
		memcpy(to, &in, sizeof(in));
		return sizeof(in);
	}
	memcpy(&in6.sin6_addr, address, sizeof(in6.sin6_addr));
	in6.sin6_port = port;
	memcpy(to, &in6, sizeof(in6));
	return sizeof(in6);
}

struct net_kind {
	const char *file;
	int family, type, protocol;
};

/* "0: 0100007F:1F90 00000000:0000 0A ... inode": the tenth word. */
static void take_inet(struct net_namespace *ns, const char *line, const struct net_kind *kind)
{
	char local[64], peer[64];
	unsigned state, number;
	unsigned long long ino;
	struct net_socket *s;

	if (sscanf(line, " %*u: %63s %63s %x %*s %*s %*s %*u %*u %llu", local, peer, &state,
		   &ino) != 4)
		return;
	s = add(ns, ino);
	s->sock = (struct fdf_sock){ .family = kind->family,
				     .type = kind->type,
				     .protocol = kind->protocol };
	/* raw(7): the number of the protocol stands where others have the port. */
	if (kind->type == SOCK_RAW && !kind->protocol && strchr(local, ':') &&
	    sscanf(strchr(local, ':') + 1, "%x", &number) == 1)
		s->sock.protocol = (int)number;
	s->sock.local_len = inet_address(s->sock.local, local, kind->family);
	if (strspn(peer, "0:") != strlen(peer)) {
		s->sock.peer_len = inet_address(s->sock.peer, peer, kind->family);
		s->sock.connected = true;
	}
	s->sock.listening = kind->type == SOCK_STREAM && state == 10; /* TCP_LISTEN */
	s->state = kind->type == SOCK_STREAM ? state : 0;
}

/* "Num: RefCount Protocol Flags Type St Inode Path"; '@' stands for each NUL of an abstract name. */
static void take_unix(struct net_namespace *ns, const char *line, const struct net_kind *kind)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	unsigned flags, type, state;
	unsigned long long ino;
	struct net_socket *s;
	int path = 0;
	size_t n;

	if (sscanf(line, " %*[^:]: %*x %*x %x %x %x %llu%n", &flags, &type, &state, &ino, &path) !=
	    4)
		return;
	s = add(ns, ino);
	s->sock = (struct fdf_sock){ .family = kind->family, .type = (int)type };
	s->sock.listening = flags & 0x10000; /* __SO_ACCEPTCON */
	s->sock.connected = state == 3;	     /* SS_CONNECTED of linux/net.h */
	n = line[path] == ' ' ? strlen(line + path + 1) : 0;
	if (!n || n > sizeof(a.sun_path))
		return;
	memcpy(a.sun_path, line + path + 1, n);
	if (a.sun_path[0] == '@')
		a.sun_path[0] = '\0';
	memcpy(s->sock.local, &a, sizeof(a.sun_family) + n);
	s->sock.local_len = (unsigned char)(sizeof(a.sun_family) + n);
}

/* "sk Eth Pid Groups ... Inode": Eth is the protocol. */
static void take_netlink(struct net_namespace *ns, const char *line, const struct net_kind *kind)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK };
	unsigned protocol, port, groups;
	unsigned long long ino;
	struct net_socket *s;

	if (sscanf(line, " %*x %u %u %x %*d %*d %*s %*d %*u %llu", &protocol, &port, &groups,
		   &ino) != 4)
		return;
	s = add(ns, ino);
	s->sock = (struct fdf_sock){ .family = kind->family,
				     .type = kind->type,
				     .protocol = (int)protocol };
	a.nl_pid = port;
	a.nl_groups = groups;
	memcpy(s->sock.local, &a, sizeof(a));
	s->sock.local_len = sizeof(a);
}

/* "sk RefCnt Type Proto Iface R Rmem User Inode" */
static void take_packet(struct net_namespace *ns, const char *line, const struct net_kind *kind)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET };
	unsigned type, protocol, interface;
	unsigned long long ino;
	struct net_socket *s;

	if (sscanf(line, " %*x %*u %u %x %u %*u %*u %*u %llu", &type, &protocol, &interface,
		   &ino) != 4)
		return;
	s = add(ns, ino);
	s->sock = (struct fdf_sock){ .family = kind->family,
				     .type = (int)type,
				     .protocol = htons((uint16_t)protocol) };
	a.sll_protocol = htons((uint16_t)protocol);
	a.sll_ifindex = (int)interface;
	memcpy(s->sock.local, &a, sizeof(a));
	s->sock.local_len = sizeof(a);
}

static void take(struct net_namespace *ns, const char *line, const struct net_kind *kind)
{
	switch (kind->family) {
	case AF_UNIX:
		take_unix(ns, line, kind);
		break;
	case AF_NETLINK:
		take_netlink(ns, line, kind);
		break;
	case AF_PACKET:
		take_packet(ns, line, kind);
		break;
	default:
		take_inet(ns, line, kind);
	}
}

static const struct net_kind kinds[] = {
	{ "net/tcp", AF_INET, SOCK_STREAM, IPPROTO_TCP },
	{ "net/tcp6", AF_INET6, SOCK_STREAM, IPPROTO_TCP },
	{ "net/udp", AF_INET, SOCK_DGRAM, IPPROTO_UDP },
	{ "net/udp6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP },
	{ "net/udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "net/udplite6", AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "net/icmp", AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
	{ "net/icmp6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6 },
	{ "net/raw", AF_INET, SOCK_RAW, 0 },
	{ "net/raw6", AF_INET6, SOCK_RAW, 0 },
	{ "net/unix", AF_UNIX, 0, 0 },
	{ "net/netlink", AF_NETLINK, SOCK_RAW, 0 },
	{ "net/packet", AF_PACKET, 0, 0 },
};

static void read_file(struct net_namespace *ns, int dir, const struct net_kind *kind)
{
	int fd = openat(dir, kind->file, O_RDONLY | O_CLOEXEC);
	FILE *f = fd >= 0 ? fdopen(fd, "re") : NULL;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while (f && (n = getline(&line, &cap, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		take(ns, line, kind);
	}
	free(line);
	if (f)
		fclose(f);
}

static int by_ino(const void *a, const void *b)
{
	const struct net_socket *x = a, *y = b;

	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static struct net_namespace *namespace_of(struct netfiles *n, const struct pinned *p)
{
	uint32_t ino = pinned_namespace(p, "net");
	struct net_namespace *ns;

	for (ns = n->first; ns && (ns->ino != ino || !ino); ns = ns->next)
		;
	if (ns)
		return ns;
	ns = must_alloc(sizeof(*ns));
	*ns = (struct net_namespace){ .next = n->first, .ino = ino };
	n->first = ns;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		read_file(ns, p->dir, &kinds[i]);
	if (ns->n)
		qsort(ns->sockets, ns->n, sizeof(*ns->sockets), by_ino);
	return ns;
}

bool netfiles_find(struct netfiles *n, const struct pinned *p, uint64_t ino, struct fdf_sock *to,
		   const char **state)
{
	const struct net_namespace *ns = namespace_of(n, p);
	const struct net_socket key = { .ino = ino };
	const struct net_socket *s =
		ns->n ? bsearch(&key, ns->sockets, ns->n, sizeof(*ns->sockets), by_ino) : NULL;

	if (!s)
		return false;
	*to = s->sock;
	*state = socket_state(&s->sock, s->state);
	return true;
}

void netfiles_free(struct netfiles *n)
{
	while (n->first) {
		struct net_namespace *ns = n->first;

		n->first = ns->next;
		free(ns->sockets);
		free(ns);
	}
}
