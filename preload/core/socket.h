/*
 * socket.h: one socket as the JSON object that a record holds.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_SOCKET_H
#define FDF_SOCKET_H

#include "preload/core/text.h"

/* {"family":"inet","type":"stream","protocol":"tcp","local":"127.0.0.1:80"} */
void fdf_putsocket(struct fdf_text *t, const struct fdf_sock *s);

#endif
