/*
 * sockets.c: see sockets.h.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "preload/core/socket.h"
#include "tools/proc/sockets.h"

static int option(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) ? 0 : value;
}

struct fdf_sock socket_facts(int fd)
{
	struct fdf_sock s = { .family = option(fd, SO_DOMAIN),
			      .type = option(fd, SO_TYPE),
			      .protocol = option(fd, SO_PROTOCOL),
			      .listening = option(fd, SO_ACCEPTCONN) != 0 };
	socklen_t len = sizeof(s.local);

	if (!getsockname(fd, (struct sockaddr *)s.local, &len))
		s.local_len = (unsigned char)(len < sizeof(s.local) ? len : sizeof(s.local));
	len = sizeof(s.peer);
	if (!getpeername(fd, (struct sockaddr *)s.peer, &len))
		fdf_take_peer(&s, len);
	return s;
}

const char *socket_state(const struct fdf_sock *s, unsigned tcp)
{
	static const char *const states[] = {
		[TCP_ESTABLISHED] = "established", [TCP_SYN_SENT] = "syn-sent",
		[TCP_SYN_RECV] = "syn-recv",	   [TCP_FIN_WAIT1] = "fin-wait-1",
		[TCP_FIN_WAIT2] = "fin-wait-2",	   [TCP_TIME_WAIT] = "time-wait",
		[TCP_CLOSE] = "unconnected",	   [TCP_CLOSE_WAIT] = "close-wait",
		[TCP_LAST_ACK] = "last-ack",	   [TCP_LISTEN] = "listening",
		[TCP_CLOSING] = "closing",
	};

	if (tcp && tcp < sizeof(states) / sizeof(states[0]))
		return states[tcp];
	return s->listening ? "listening" : s->connected ? "connected" : "unconnected";
}

const char *socket_asked_state(const struct fdf_sock *s, int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	bool inet = s->family == AF_INET || s->family == AF_INET6;

	if (!inet || s->type != SOCK_STREAM || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return socket_state(s, 0);
	return socket_state(s, info.tcpi_state);
}
