/*
 * socket.h: one socket as the JSON object that a record holds.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_SOCKET_H
#define FDF_SOCKET_H

#include "preload/core/linux.h"
#include "preload/core/text.h"

#define FDF_ADDRESS_MAX 240 /* bytes; the longest is one of an unknown family, in hexadecimal */

/*
 * The local address as a rule's addr= sees it, into buf: as in a record, but bytes as they are.
 * Empty: it has none.
 */
struct fdf_str fdf_local_address(const struct fdf_sock *s, char buf[FDF_ADDRESS_MAX]);

/*
 * s->peer holds what getpeername(2) said, len bytes, however many fit: has it a peer?  The family is
 * there already.
 */
static inline void fdf_take_peer(struct fdf_sock *s, unsigned len)
{
	uint64_t whom; /* nl_pid and nl_groups of struct sockaddr_nl */

	__builtin_memcpy(&whom, s->peer + 4, sizeof whom);
	/* The peer of a netlink socket that nobody has connected is the kernel (netlink(7)). */
	if (s->family == FDF_AF_NETLINK && len >= 12 && !whom)
		return;
	s->peer_len = (unsigned char)(len < sizeof s->peer ? len : sizeof s->peer);
	s->connected = true;
}

/* {"family":"inet","type":"stream","protocol":"tcp","local":"127.0.0.1:80"} */
void fdf_putsocket(struct fdf_text *t, const struct fdf_sock *s);

#endif
