/* message.c: see message.h. */
#include <string.h>
#include <unistd.h>

#include "preload/core/text.h"
#include "preload/origins/message.h"
#include "preload/origins/table.h"

/* The program that the process runs now; the end of a long path. */
static void read_exe(struct sender *s)
{
	char link[32], exe[1024];
	struct fdf_text t = { .p = link, .end = link + sizeof(link) - 1 };
	ssize_t n;

	fdf_putf(&t, "/proc/%u/exe", (unsigned)s->pid);
	*t.p = '\0';
	n = readlink(link, exe, sizeof(exe) - 1);
	if (n < 0)
		n = 0;
	exe[n] = '\0';
	strcpy(s->exe, n < SENDER_EXE ? exe : exe + n - (SENDER_EXE - 1));
}

static struct sender sender_of(int socket, const struct msghdr *m)
{
	struct sender s = { .pid = 0 };
	struct ucred who;
	socklen_t len = sizeof(who);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR((struct msghdr *)m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS &&
		    c->cmsg_len >= CMSG_LEN(sizeof(who))) {
			memcpy(&who, CMSG_DATA(c), sizeof(who));
			s.pid = who.pid;
		}
	if (!s.pid && !getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &len) &&
	    who.pid != getpid()) {
		s.pid = who.pid;
		s.is_peer = true;
	}
	if (s.pid < 0)
		s.pid = 0;
	if (s.pid)
		read_exe(&s);
	return s;
}

void message_received(int socket, const struct msghdr *m, const char *call)
{
	struct sender s;
	bool asked = false;

	if (!m->msg_control || !m->msg_controllen)
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR((struct msghdr *)m, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		if (!asked)
			s = sender_of(socket, m);
		asked = true;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			table_received(fd, call, &s);
		}
	}
}
