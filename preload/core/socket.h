/*
 * socket.h: one socket as the JSON object that a record holds.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_SOCKET_H
#define FDF_SOCKET_H

#include "preload/core/text.h"

/* Names as a record has them; "" where there is none and the record has the number. */
const char *fdf_family_name(const struct fdf_sock *s);
const char *fdf_sock_type_name(const struct fdf_sock *s);
const char *fdf_protocol_name(const struct fdf_sock *s);

/* n bytes of a struct sockaddr, "127.0.0.1:80", "@name"; nothing if they hold no more than a family. */
void fdf_putaddress(struct fdf_text *t, int family, const unsigned char *a, size_t n);

#define FDF_ADDRESS_MAX 240 /* bytes; the longest is one of an unknown family, in hexadecimal */

/*
 * The local address as a rule's addr= sees it, into buf: as in a record, but bytes as they are.
 * Empty: it has none.
 */
struct fdf_str fdf_local_address(const struct fdf_sock *s, char buf[FDF_ADDRESS_MAX]);

/* {"family":"inet","type":"stream","protocol":"tcp","local":"127.0.0.1:80"} */
void fdf_putsocket(struct fdf_text *t, const struct fdf_sock *s);

#endif
