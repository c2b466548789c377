/*
 * relays: descriptors that come in many ways, each in a function of its name, below `fdfence run --origins`.
 *
 *	relays WAY      leaks it into /bin/true; 77: not here.  "bounded" prints what it sees
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAY __attribute__((noinline)) static int

/* Of libfdfence-origins.so, which stands in front. */
extern size_t fdfence_origin(int fd, char *to, size_t cap) __attribute__((weak));

static int inheritable(int fd)
{
	fcntl(fd, F_SETFD, 0);
	return fd;
}

WAY by_accept(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(server, (void *)&a, len) || listen(server, 1) ||
	    getsockname(server, (void *)&a, &len) || connect(client, (void *)&a, len))
		return -1;
	return accept(server, NULL, NULL);
}

WAY by_epoll(void)
{
	return epoll_create1(0);
}

WAY by_eventfd(void)
{
	return eventfd(0, 0);
}

WAY by_memfd(void)
{
	return memfd_create("relays", 0);
}

WAY by_mkstemp(void)
{
	char name[] = "/tmp/relays.XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	return fd;
}

WAY by_popen(void)
{
	FILE *f = popen("true", "r");

	return f ? fileno(f) : -1;
}

WAY by_dupfd(void)
{
	return fcntl(open("/etc/passwd", O_RDONLY | O_CLOEXEC), F_DUPFD, 20);
}

WAY by_pidfd_getfd(void)
{
	int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	fcntl(self, F_SETFD, FD_CLOEXEC);
	return pidfd_getfd(self, file, 0);
}

/* --- io_uring, without liburing: one openat --- */

WAY by_io_uring(void)
{
	struct io_uring_params p = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &p);
	char *sq, *cq;
	struct io_uring_sqe *sqe;

	if (ring < 0)
		exit(77);
	fcntl(ring, F_SETFD, FD_CLOEXEC);
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		  IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, p.sq_entries * sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		   IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		exit(77);
	sqe->opcode = IORING_OP_OPENAT;
	sqe->fd = AT_FDCWD;
	sqe->addr = (uintptr_t) "/etc/passwd";
	sqe->open_flags = O_RDONLY;
	((uint32_t *)(void *)(sq + p.sq_off.array))[0] = 0;
	__atomic_store_n((uint32_t *)(void *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		exit(77);
	return ((struct io_uring_cqe *)(void *)(cq + p.cq_off.cqes))->res;
}

/* --- with a message --- */

static void send_one(int to)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec v = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(to, &m, 0) < 0)
		_exit(3);
}

static int receive(int from, int many)
{
	char byte, room[256];
	struct iovec v = { &byte, 1 };
	struct mmsghdr m = { .msg_hdr = { .msg_iov = &v,
					  .msg_iovlen = 1,
					  .msg_control = room,
					  .msg_controllen = sizeof(room) } };
	int fd = -1;

	if (many ? recvmmsg(from, &m, 1, 0, NULL) != 1 : recvmsg(from, &m.msg_hdr, 0) < 0)
		return -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m.msg_hdr); c; c = CMSG_NXTHDR(&m.msg_hdr, c))
		if (c->cmsg_type == SCM_RIGHTS)
			memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/* A child sends, which waits until it is told to end; one end of a pair each. */
static int from_child(int credentials, int many)
{
	int pair[2], on = 1, fd;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ||
	    (credentials && setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on))))
		return -1;
	child = fork();
	if (!child) {
		char byte;

		close(pair[0]);
		send_one(pair[1]);
		_exit((int)read(pair[1], &byte, 1));
	}
	close(pair[1]);
	fd = receive(pair[0], many);
	close(pair[0]);
	waitpid(child, NULL, 0);
	return fd;
}

WAY by_recvmsg(void)
{
	return from_child(0, 0);
}

WAY by_recvmmsg(void)
{
	return from_child(0, 1);
}

WAY by_credentials(void)
{
	return from_child(1, 0);
}

/* A child that connects. */
WAY by_peer(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(a.sun_family); /* the kernel gives a name */
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), from, fd;
	pid_t child;

	if (bind(server, (void *)&a, len) || listen(server, 1))
		return -1;
	len = sizeof(a);
	getsockname(server, (void *)&a, &len);
	child = fork();
	if (!child) {
		int to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		char byte;

		if (connect(to, (void *)&a, len))
			_exit(3);
		send_one(to);
		_exit((int)read(to, &byte, 1));
	}
	from = accept4(server, NULL, NULL, SOCK_CLOEXEC);
	fd = receive(from, 0);
	close(from);
	waitpid(child, NULL, 0);
	return fd;
}

/* --- more descriptors than places: what is told, and does the program grow? --- */

static long resident(void)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	return n > 0 ? atol(strchr(text, ' ') + 1) * (sysconf(_SC_PAGESIZE) / 1024) : 0;
}

static int bounded(void)
{
	enum { PLACES = 4096, LOW = 100 };
	char text[4096];
	unsigned evicted = 0, known = 0;
	int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	long before;

	for (int fd = LOW; fd < LOW + PLACES; fd++)
		if (dup2(file, fd) < 0)
			return 77;
	before = resident();
	for (int fd = LOW + PLACES; fd < LOW + 3 * PLACES; fd++)
		if (dup2(file, fd) < 0)
			return 77;
	for (int fd = LOW; fd < LOW + 3 * PLACES; fd++) {
		size_t n = fdfence_origin ? fdfence_origin(fd, text, sizeof(text) - 1) : 0;

		text[n] = '\0';
		evicted += strstr(text, "\"evicted\":true") != NULL;
		known += strstr(text, "\"call\":") != NULL;
	}
	printf("%u known, %u evicted, %s\n", known, evicted,
	       resident() - before < 512 ? "no growth" : "it grows");
	return 0;
}

#define SAME(name)               \
	{                        \
#name, by_##name \
	}
static const struct {
	const char *name;
	int (*run)(void);
} ways[] = { SAME(accept), SAME(epoll),	   SAME(eventfd),     SAME(memfd),    SAME(mkstemp),
	     SAME(popen),  SAME(dupfd),	   SAME(pidfd_getfd), SAME(io_uring), SAME(recvmsg),
	     SAME(peer),   SAME(recvmmsg), SAME(credentials) };

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "bounded"))
		return bounded();
	for (unsigned i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		int fd;

		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		fd = ways[i].run();
		if (fd < 0) {
			perror(argv[1]);
			return errno == ENOSYS || errno == EPERM ? 77 : 1;
		}
		/* Close-on-exec by itself: clearing that would be an act, and the descriptor no leak. */
		if (fcntl(fd, F_GETFD) & FD_CLOEXEC)
			inheritable(fd);
		execl("/bin/true", "true", (char *)NULL);
	}
	return 2;
}
