/*
 * message.h: descriptors that came with a message (SCM_RIGHTS), and who sent them.
 *
 * Who sent the message, if the program itself has asked the kernel to say so (SO_PASSCRED); else who
 * made the other end of the socket: connected it, listened, or made the pair (SO_PEERCRED).  The one
 * that made this end may have made both, and then nothing is known.  The options of a socket are left
 * as they are.  Async-signal-safe.
 */
#ifndef FDF_ORIGINS_MESSAGE_H
#define FDF_ORIGINS_MESSAGE_H

#include <sys/socket.h>

/* `call` has received m from the socket. */
void message_received(int socket, const struct msghdr *m, const char *call);

#endif
