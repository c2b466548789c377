/*
 * sock.bpf.h: the addresses of a socket, as getsockname() and getpeername()
 * would give them.  Called by the walk over descriptors.
 */
#ifndef FDT_SOCK_H
#define FDT_SOCK_H

#include "bpf/scratch.bpf.h"

enum { AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16, AF_PACKET = 17, AF_VSOCK = 40 };

static __always_inline u16 to_be16(u16 v)
{
	return v << 8 | v >> 8;
}

static __always_inline u32 unix_name(struct sock *sk, u8 *to)
{
	struct unix_address *a = BPF_CORE_READ((struct unix_sock *)sk, addr);
	int len = a ? BPF_CORE_READ(a, len) : 0;

	if (len <= 0)
		return 0;
	if (len > 110)
		len = 110;
	barrier_var(len);
	probe(to, len & 127, (u64)a + bpf_core_field_offset(struct unix_address, name));
	return len;
}

/* struct sockaddr_in: family, port (network order), address. */
static __always_inline u32 inet_name(u8 *to, u16 port_be, u32 addr)
{
	*(u16 *)to = AF_INET;
	*(u16 *)(to + 2) = port_be;
	*(u32 *)(to + 4) = addr;
	return 16;
}

/* struct sockaddr_in6: family, port, flow, address, scope. */
static __always_inline u32 inet6_name(u8 *to, u16 port_be, const void *addr)
{
	*(u16 *)to = AF_INET6;
	*(u16 *)(to + 2) = port_be;
	probe(to + 8, 16, addr);
	return 28;
}

static __always_inline void sock_inet(struct fdt_sock *o, struct sock *sk, bool six)
{
	u16 num = to_be16(BPF_CORE_READ(sk, __sk_common.skc_num));
	u16 dport = BPF_CORE_READ(sk, __sk_common.skc_dport);
	bool peer = dport && o->state == TCP_ESTABLISHED;

	o->connected = peer;
	if (six) {
		o->local_len = inet6_name(o->local, num, &sk->__sk_common.skc_v6_rcv_saddr);
		if (peer)
			o->peer_len = inet6_name(o->peer, dport, &sk->__sk_common.skc_v6_daddr);
	} else {
		o->local_len =
			inet_name(o->local, num, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		if (peer)
			o->peer_len =
				inet_name(o->peer, dport, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	}
}

/* struct sockaddr_nl: family, pad, port id, groups. */
static __always_inline void sock_netlink(struct fdt_sock *o, struct sock *sk)
{
	struct netlink_sock *nl = (void *)sk;
	unsigned long *groups = BPF_CORE_READ(nl, groups);
	u32 first = 0, group = BPF_CORE_READ(nl, dst_group);

	if (groups)
		probe(&first, 4, groups);
	*(u16 *)o->local = AF_NETLINK;
	*(u32 *)(o->local + 4) = BPF_CORE_READ(nl, portid);
	*(u32 *)(o->local + 8) = first;
	o->local_len = 12;
	*(u16 *)o->peer = AF_NETLINK;
	*(u32 *)(o->peer + 4) = BPF_CORE_READ(nl, dst_portid);
	*(u32 *)(o->peer + 8) = group ? 1U << ((group - 1) & 31) : 0;
	o->connected = *(u32 *)(o->peer + 4) || *(u32 *)(o->peer + 8); /* else: the kernel */
	o->peer_len = o->connected ? 12 : 0;
}

/* struct sockaddr_ll: family, protocol, interface.  The struct may live in a module. */
static __always_inline void sock_packet(struct fdt_sock *o, struct sock *sk)
{
	if (!cfg.packet_num)
		return;
	*(u16 *)o->local = AF_PACKET;
	probe(o->local + 2, 2, (u64)sk + cfg.packet_num);
	probe(o->local + 4, 4, (u64)sk + cfg.packet_ifindex);
	o->local_len = 20;
}

static __always_inline void sock_vsock(struct fdt_sock *o, struct sock *sk)
{
	if (!cfg.vsock_local)
		return;
	probe(o->local, 16, (u64)sk + cfg.vsock_local);
	probe(o->peer, 16, (u64)sk + cfg.vsock_remote);
	o->local_len = 16;
	o->connected = o->state == TCP_ESTABLISHED;
	o->peer_len = o->connected ? 16 : 0;
}

/* Fill the text of s, a struct fdt_sock, for this socket file. */
__noinline int sock_fill(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct fdt_sock *o;
	struct sock *sk, *peer;
	struct socket *so;
	struct file *f;

	if (!s)
		return 1;
	s->off = TEXT_END - sizeof(*o);
	s->flags = 0;
	o = (struct fdt_sock *)&s->buf[TEXT_END - sizeof(*o)];
	__builtin_memset(o, 0, sizeof(*o));
	f = (void *)s->file;
	so = BPF_CORE_READ(f, private_data);
	sk = BPF_CORE_READ(so, sk);
	if (!sk)
		return 0;
	o->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	o->type = BPF_CORE_READ(sk, sk_type);
	o->protocol = BPF_CORE_READ(sk, sk_protocol);
	o->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (o->family == AF_UNIX) {
		o->local_len = unix_name(sk, o->local);
		peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
		o->connected = peer != NULL;
		o->peer_len = peer ? unix_name(peer, o->peer) : 0;
	} else if (o->family == AF_INET || o->family == AF_INET6) {
		sock_inet(o, sk, o->family == AF_INET6);
	} else if (o->family == AF_NETLINK) {
		sock_netlink(o, sk);
	} else if (o->family == AF_PACKET) {
		sock_packet(o, sk);
	} else if (o->family == AF_VSOCK) {
		sock_vsock(o, sk);
	}
	return 0;
}

#endif
