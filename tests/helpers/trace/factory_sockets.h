/*
 * factory_sockets.h: the sockets of factory.c, and part of it: every family and
 * state that this kernel offers.  Uses its kind() and in().
 */
static void inet(int family, const char *what)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *a = family == AF_INET ? (void *)&four : (void *)&six;
	socklen_t len = family == AF_INET ? sizeof(four) : sizeof(six);
	int listener = socket(family, SOCK_STREAM, 0), client, udp;
	char name[64];

#define NAME(s) (snprintf(name, sizeof(name), "%s %s", what, s), name)
	if (listener < 0 || bind(listener, a, len) || listen(listener, 4)) {
		kind(NAME("tcp"), -1);
		return;
	}
	kind(NAME("tcp listener"), listener);
	getsockname(listener, a, &len);
	client = socket(family, SOCK_STREAM, 0);
	if (!connect(client, a, len)) {
		kind(NAME("tcp client"), client);
		kind(NAME("tcp accepted"), accept(listener, NULL, NULL));
	}
	kind(NAME("tcp unconnected"), socket(family, SOCK_STREAM, 0));
	udp = kind(NAME("udp bound"), socket(family, SOCK_DGRAM, 0));
	bind(udp, a, len);
	udp = kind(NAME("udp connected"), socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0));
	connect(udp, a, len);
	kind(NAME("raw"),
	     socket(family, SOCK_RAW, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6));
	kind(NAME("mptcp"), socket(family, SOCK_STREAM, 262));
	kind(NAME("udplite"), socket(family, SOCK_DGRAM, 136));
	kind(NAME("sctp"), socket(family, SOCK_STREAM, 132));
#undef NAME
}

static int unix_listener(const char *name, int type, struct sockaddr_un *a, socklen_t *len)
{
	int fd = socket(AF_UNIX, type, 0);
	size_t n = strlen(name);

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(a->sun_path + (name[0] == '@'), name + (name[0] == '@'), n - (name[0] == '@'));
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	if (bind(fd, (void *)a, *len) || (type != SOCK_DGRAM && listen(fd, 4))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void unixes(void)
{
	struct sockaddr_un a;
	socklen_t len;
	int pair[2], fd, client;
	char name[64];

	fd = kind("unix listener", unix_listener(in("sock"), SOCK_STREAM, &a, &len));
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd >= 0 && !connect(client, (void *)&a, len)) {
		kind("unix client", client);
		kind("unix accepted", accept(fd, NULL, NULL));
	}
	kind("unix O_PATH of the name", open(in("sock"), O_PATH));
	/* Whole machines share these names: another factory may run. */
	snprintf(name, sizeof(name), "@fdfence \n factory %d", (int)getpid());
	kind("unix abstract listener", unix_listener(name, SOCK_SEQPACKET, &a, &len));
	kind("unix datagram, bound", unix_listener(in("dgram"), SOCK_DGRAM, &a, &len));
	client = kind("unix datagram, connected", socket(AF_UNIX, SOCK_DGRAM, 0));
	connect(client, (void *)&a, len);
	kind("unix unbound", socket(AF_UNIX, SOCK_STREAM, 0));
	if (!socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) {
		kind("socketpair", pair[0]);
		kind("socketpair, other end", pair[1]);
	}
}

static void other_sockets(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_groups = 5 };
	struct sockaddr_nl nl_peer = { .nl_family = AF_NETLINK, .nl_groups = 1 << 2 };
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(3),
				  .sll_ifindex = 1 };
	struct sockaddr_vm vm = { .svm_family = AF_VSOCK,
				  .svm_port = VMADDR_PORT_ANY,
				  .svm_cid = VMADDR_CID_ANY };
	struct sockaddr_alg alg = { .salg_family = AF_ALG,
				    .salg_type = "hash",
				    .salg_name = "sha256" };
	int fd;

	fd = kind("netlink route", socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	bind(fd, (void *)&nl, sizeof(nl));
	fd = kind("netlink, connected", socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK));
	connect(fd, (void *)&nl_peer, sizeof(nl_peer));
	kind("netlink uevent, unbound", socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT));
	fd = kind("packet", socket(AF_PACKET, SOCK_RAW, htons(3)));
	if (fd >= 0)
		bind(fd, (void *)&ll, sizeof(ll));
	kind("packet, cooked", socket(AF_PACKET, SOCK_DGRAM, 0));
	fd = kind("vsock listener", socket(AF_VSOCK, SOCK_STREAM, 0));
	if (fd >= 0 && !bind(fd, (void *)&vm, sizeof(vm)))
		listen(fd, 1);
	fd = kind("crypto (AF_ALG)", socket(AF_ALG, SOCK_SEQPACKET, 0));
	if (fd >= 0)
		bind(fd, (void *)&alg, sizeof(alg));
	kind("xdp", socket(AF_XDP, SOCK_RAW, 0));
	kind("can", socket(AF_CAN, SOCK_RAW, 1));
	kind("kcm", socket(41, SOCK_DGRAM, 0));
	kind("smc", socket(43, SOCK_STREAM, 0));
	kind("tipc", socket(30, SOCK_STREAM, 0));
	kind("qipcrtr", socket(42, SOCK_DGRAM, 0));
	kind("bluetooth", socket(31, SOCK_RAW, 1));
}
