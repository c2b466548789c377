/*
 * inbox.h: the two sockets to which records come, and the secret that a datagram
 * starts with (collect.h says why).
 */
#ifndef FDF_INBOX_H
#define FDF_INBOX_H

#include <sys/un.h>

#define INBOX_KEY 32 /* hexadecimal digits: 128 bits */

enum { INBOX_ABSTRACT, INBOX_FILE, INBOX_SOCKETS };

struct inbox {
	int sock[INBOX_SOCKETS];	      /* -1: there is none */
	char log[sizeof(struct sockaddr_un)]; /* "@NAME"; of the file the name is behind the '@' */
	char key[INBOX_KEY + 1];
	char *dir; /* of the socket file; NULL: there is none */
};

/* Returns 0, or -1 with errno; inbox_leave() follows either way. */
int inbox_open(struct inbox *in);

/* After fork(): the files are this process's, to remove if a signal ends it. */
void inbox_adopt(const struct inbox *in);

/* Close, and leave the files to another process. */
void inbox_leave(struct inbox *in);

/* Before inbox_leave(): the files go. */
void inbox_remove(const struct inbox *in);

#endif
