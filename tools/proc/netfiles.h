/*
 * netfiles.h: sockets by their inode, as /proc/PID/net tells them to anybody: for those that
 * pidfd_getfd(2) does not hand out.
 */
#ifndef FDF_NETFILES_H
#define FDF_NETFILES_H

#include <stdbool.h>

#include "tools/proc/pinned.h"
#include "preload/core/facts.h"

/* The network namespaces that were read so far; start with zeros, netfiles_free() forgets them. */
struct netfiles {
	struct net_namespace *first;
};

/*
 * The socket of this inode in the network namespace of p, and *state as socket_state() says it.
 * false: it is not there.  Of a unix socket the address of the peer is not known.
 */
bool netfiles_find(struct netfiles *n, const struct pinned *p, uint64_t ino, struct fdf_sock *to,
		   const char **state);
void netfiles_free(struct netfiles *n);

#endif
