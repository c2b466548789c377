/*
 * kinds: a program that holds one descriptor of a kind, and that a user's word may name.
 *
 *	kinds KIND COMMAND ARG...
 *
 * Opens KIND at 3 without close-on-exec, everything else above 2 with it, and executes COMMAND.
 * KIND that begins with / is a path, opened for reading.  Exits with 77 and the reason where this
 * machine does not have KIND.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

static int bound(int family, int type, int listens)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_un un = { .sun_family = AF_UNIX }; /* a name of the kernel's choice */
	int fd = socket(family, type, 0), r;

	r = family == AF_INET ? bind(fd, (struct sockaddr *)&in, sizeof(in))
			      : bind(fd, (struct sockaddr *)&un, sizeof(un.sun_family));
	return r || (listens && listen(fd, 1)) ? -1 : fd;
}

static int connected(void)
{
	int server = bound(AF_INET, SOCK_STREAM, 1), fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in in;
	socklen_t len = sizeof(in);

	if (getsockname(server, (struct sockaddr *)&in, &len) ||
	    connect(fd, (struct sockaddr *)&in, len))
		return -1;
	return fd;
}

static int of_pair(int family, int end)
{
	int p[2];

	if (family ? socketpair(family, SOCK_STREAM, 0, p) : pipe(p))
		return -1;
	return p[end];
}

/* A memfd; readonly: opened again for reading alone. */
static int memfd(unsigned seals, int readonly)
{
	int fd = memfd_create("kinds", MFD_ALLOW_SEALING);
	char path[64];

	if (fd < 0 || write(fd, "secret", 6) != 6 || (seals && fcntl(fd, F_ADD_SEALS, seals)))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readonly ? open(path, O_RDONLY) : fd;
}

/* A file of this mode that was removed. */
static int removed(mode_t mode)
{
	char name[] = "/dev/shm/kinds.XXXXXX";
	int made = mkstemp(name), fd;

	if (made < 0 || fchmod(made, mode))
		return -1;
	fd = open(name, O_RDONLY);
	unlink(name);
	return fd;
}

static int signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	return signalfd(-1, &set, 0);
}

static int terminal(int slave)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	return slave ? open(ptsname(master), O_RDWR | O_NOCTTY) : master;
}

static int bpf_map(void)
{
	union bpf_attr a = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};

	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &a, sizeof(a));
}

static int perf_event(void)
{
	struct perf_event_attr a = { .type = PERF_TYPE_SOFTWARE,
				     .size = sizeof(a),
				     .config = PERF_COUNT_SW_TASK_CLOCK };

	return (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static int io_uring(void)
{
	char params[120] = "";

	return (int)syscall(425 /* io_uring_setup */, 1, params);
}

#define KINDS(X)                                                      \
	X("pipe-read", of_pair(0, 0))                                 \
	X("pipe-write", of_pair(0, 1))                                \
	X("directory", open("/etc", O_RDONLY | O_DIRECTORY))          \
	X("directory-path", open("/", O_PATH | O_DIRECTORY))          \
	X("file-path", open("/etc/passwd", O_PATH))                   \
	X("file-read-write", open("/etc/passwd", O_RDWR))             \
	X("file-append", open("/etc/passwd", O_WRONLY | O_APPEND))    \
	X("file-secret", open("/etc/shadow", O_RDONLY))               \
	X("file-removed", removed(0644))                              \
	X("file-unnamed", open("/dev/shm", O_TMPFILE | O_RDWR, 0644)) \
	X("device", open("/dev/zero", O_RDONLY))                      \
	X("terminal", terminal(0))                                    \
	X("terminal-slave", terminal(1))                              \
	X("memfd", memfd(0, 0))                                       \
	X("memfd-read-only", memfd(0, 1))                             \
	X("memfd-sealed", memfd(F_SEAL_WRITE | F_SEAL_SEAL, 1))       \
	X("tcp", socket(AF_INET, SOCK_STREAM, 0))                     \
	X("tcp-connected", connected())                               \
	X("tcp-listener", bound(AF_INET, SOCK_STREAM, 1))             \
	X("udp", socket(AF_INET, SOCK_DGRAM, 0))                      \
	X("udp-bound", bound(AF_INET, SOCK_DGRAM, 0))                 \
	X("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))             \
	X("packet", socket(AF_PACKET, SOCK_RAW, 0))                   \
	X("netlink", socket(AF_NETLINK, SOCK_RAW, 0))                 \
	X("unix-pair", of_pair(AF_UNIX, 0))                           \
	X("unix-datagram-bound", bound(AF_UNIX, SOCK_DGRAM, 0))       \
	X("eventfd", eventfd(0, 0))                                   \
	X("epoll", epoll_create1(0))                                  \
	X("timerfd", timerfd_create(CLOCK_MONOTONIC, 0))              \
	X("signalfd", signals())                                      \
	X("inotify", inotify_init1(0))                                \
	X("fanotify", fanotify_init(0, O_RDONLY))                     \
	X("pidfd", (int)syscall(434 /* pidfd_open */, getpid(), 0))   \
	X("io_uring", io_uring())                                     \
	X("userfaultfd", (int)syscall(SYS_userfaultfd, 0))            \
	X("bpf-map", bpf_map())                                       \
	X("perf-event", perf_event())                                 \
	X("namespace", open("/proc/self/ns/net", O_RDONLY))           \
	X("proc-of-a-process", open("/proc/self/maps", O_RDONLY))

static int open_kind(const char *kind)
{
	if (*kind == '/')
		return open(kind, O_RDONLY | O_NONBLOCK | O_NOCTTY);
#define IF(name, how)            \
	if (!strcmp(kind, name)) \
		return how;
	KINDS(IF)
#undef IF
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	int fd, at;

	if (argc == 2 && !strcmp(argv[1], "--list")) {
#define SHOW(name, how) puts(name);
		KINDS(SHOW)
#undef SHOW
		return 0;
	}
	if (argc < 3)
		return 125;
	fd = open_kind(argv[1]);
	if (fd < 0) {
		printf("%s: %s\n", argv[1], strerror(errno));
		return 77;
	}
	/* Moved so that no act is seen: F_DUPFD is no sign, and the number is free. */
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	syscall(SYS_close_range, 3, 99, 0);
	at = fcntl(fd, F_DUPFD, 3);
	if (fd < 0 || at != 3) {
		perror("3");
		return 125;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 121;
}
