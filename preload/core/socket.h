/*
 * socket.h: one socket as the JSON object that a record holds.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_SOCKET_H
#define FDF_SOCKET_H

#include "preload/core/text.h"

#define FDF_ADDRESS_MAX 240 /* bytes; the longest is one of an unknown family, in hexadecimal */

/*
 * The local address as a rule's addr= sees it, into buf: as in a record, but bytes as they are.
 * Empty: it has none.
 */
struct fdf_str fdf_local_address(const struct fdf_sock *s, char buf[FDF_ADDRESS_MAX]);

/* {"family":"inet","type":"stream","protocol":"tcp","local":"127.0.0.1:80"} */
void fdf_putsocket(struct fdf_text *t, const struct fdf_sock *s);

#endif
