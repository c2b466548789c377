/*
 * sockets.h: what a socket tells of itself, to one who holds it.
 */
#ifndef FDF_SOCKETS_H
#define FDF_SOCKETS_H

#include "preload/core/facts.h"

/* Of a descriptor that is a socket. */
struct fdf_sock socket_facts(int fd);

/* Its state, from TCP_INFO where it has that: "established", "listening"; as socket_state(). */
const char *socket_asked_state(const struct fdf_sock *s, int fd);

/* tcp: the number of TCP's state (netinet/tcp.h), 0: it has none.  A word that stays. */
const char *socket_state(const struct fdf_sock *s, unsigned tcp);

#endif
