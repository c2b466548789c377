/*
 * danger: opens descriptors of each degree of severity, gives up what it is told to, and executes.
 *
 *	danger [-u ID] [-c] [-p] [-r DIR | -m DIR] KIND... -- COMMAND ARG...
 *
 * -u ID gives user, group and all supplementary groups up for ID; -c the capabilities that open
 * files against their mode, for what is executed, too; -r DIR changes the root; -m DIR takes DIR for
 * the root of a mount namespace of its own; both with /proc there, without it with -p.  All of that after the KINDs are open, none of them
 * close-on-exec: r:FILE w:FILE rw:FILE path:FILE dir:DIR lock:FILE posix:FILE (with the lock of fcntl), and
 * a word of the table below.
 * What the kernel or the machine denies is said on stderr; exit status 77 then.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int need(int result, const char *what)
{
	int error = errno;

	if (result >= 0)
		return result;
	perror(what);
	exit(error == EPERM || error == ENOSYS || error == EACCES || error == ENXIO ||
			     error == ENODEV
		     ? 77
		     : 120);
}

static int inet(int type, int protocol, int listens, int connects)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = need(socket(AF_INET, type, protocol), "socket");

	if (listens) {
		need(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), "bind");
		if (type == SOCK_STREAM)
			need(listen(fd, 1), "listen");
	}
	sa.sin_port = htons(9); /* discard: of a datagram socket nothing is sent by this */
	if (connects)
		need(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), "connect");
	return fd;
}

static int memory(unsigned flags, int seals)
{
	int fd = need(memfd_create("danger", MFD_ALLOW_SEALING | flags), "memfd_create");

	if (seals)
		need(fcntl(fd, F_ADD_SEALS, seals), "F_ADD_SEALS");
	return fd;
}

static int pipe_end(int which)
{
	int p[2];

	need(pipe(p), "pipe");
	need(fcntl(p[!which], F_SETFD, FD_CLOEXEC), "F_SETFD");
	return p[which];
}

static int plain(int fd) /* without close-on-exec, and without an act that says so */
{
	int other = need(dup(fd), "dup");

	close(fd);
	return other;
}

static int a_map(void)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};

	return need((int)syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)), "bpf");
}

static int a_ring(void)
{
	unsigned char params[120] = { 0 }; /* struct io_uring_params */

	return need((int)syscall(SYS_io_uring_setup, 4, params), "io_uring_setup");
}

static int word(const char *kind)
{
	if (!strcmp(kind, "listener"))
		return inet(SOCK_STREAM, 0, 1, 0);
	if (!strcmp(kind, "bound"))
		return inet(SOCK_DGRAM, 0, 1, 0);
	if (!strcmp(kind, "connected"))
		return inet(SOCK_DGRAM, 0, 0, 1);
	if (!strcmp(kind, "idle"))
		return inet(SOCK_STREAM, 0, 0, 0);
	if (!strcmp(kind, "raw"))
		return inet(SOCK_RAW, IPPROTO_ICMP, 0, 0);
	if (!strcmp(kind, "packet"))
		return need(socket(AF_PACKET, SOCK_DGRAM, 0), "packet socket");
	if (!strcmp(kind, "pty"))
		return need(posix_openpt(O_RDWR | O_NOCTTY), "posix_openpt");
	if (!strcmp(kind, "bpf"))
		return plain(a_map());
	if (!strcmp(kind, "io_uring"))
		return plain(a_ring());
	if (!strcmp(kind, "userfaultfd"))
		return need((int)syscall(SYS_userfaultfd, 0), "userfaultfd");
	if (!strcmp(kind, "memfd"))
		return memory(0, 0);
	if (!strcmp(kind, "sealed"))
		return memory(0, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
	if (!strcmp(kind, "future"))
		return memory(0, F_SEAL_FUTURE_WRITE);
	if (!strcmp(kind, "shrink"))
		return memory(0, F_SEAL_SHRINK);
	if (!strcmp(kind, "huge"))
		return memory(MFD_HUGETLB, F_SEAL_WRITE);
	if (!strcmp(kind, "reader") || !strcmp(kind, "writer"))
		return pipe_end(*kind == 'w');
	if (!strcmp(kind, "eventfd"))
		return need(eventfd(0, 0), "eventfd");
	fprintf(stderr, "danger: no kind %s\n", kind);
	exit(2);
}

static void open_kind(const char *kind)
{
	static const struct {
		const char *name;
		int flags;
	} files[] = {
		{ "r", O_RDONLY },
		{ "w", O_WRONLY | O_CREAT },
		{ "rw", O_RDWR | O_CREAT },
		{ "path", O_PATH },
		{ "dir", O_RDONLY | O_DIRECTORY },
		{ "lock", O_RDONLY },
		{ "posix", O_RDONLY },
	};
	const char *colon = strchr(kind, ':');
	size_t i, n = sizeof(files) / sizeof(files[0]);
	int fd;

	for (i = 0; i < n && colon; i++)
		if (strlen(files[i].name) == (size_t)(colon - kind) &&
		    !strncmp(kind, files[i].name, (size_t)(colon - kind)))
			break;
	if (!colon || i == n) {
		word(kind);
		return;
	}
	fd = need(open(colon + 1, files[i].flags | O_NOCTTY, 0600), colon + 1);
	if (!strcmp(files[i].name, "lock"))
		need(flock(fd, LOCK_EX | LOCK_NB), "flock");
	if (!strcmp(files[i].name, "posix"))
		need(fcntl(fd, F_SETLK, &(struct flock){ .l_type = F_RDLCK }), "F_SETLK");
}

/* From the bounding set, which is what root gets at an exec; and from what it has now. */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct who = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	unsigned files = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;

	need(prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE), "PR_CAPBSET_DROP");
	need(prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH), "PR_CAPBSET_DROP");
	need((int)syscall(SYS_capget, &who, data), "capget");
	data[0].effective &= ~files;
	data[0].permitted &= ~files;
	data[0].inheritable &= ~files;
	need((int)syscall(SYS_capset, &who, data), "capset");
}

/* dir: where a proc is to be; NULL: nowhere. */
static void own_mounts(const char *dir)
{
	char path[4096];

	need(unshare(CLONE_NEWNS), "unshare");
	need(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	if (!dir)
		return;
	snprintf(path, sizeof(path), "%s/proc", dir);
	need(mount("proc", path, "proc", 0, NULL), path);
}

static void own_root(const char *dir)
{
	need(mount(dir, dir, NULL, MS_BIND | MS_REC, NULL), "bind mount");
	need(chdir(dir), dir);
	need((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
	need(umount2(".", MNT_DETACH), "umount");
	need(chdir("/"), "chdir");
}

int main(int argc, char **argv)
{
	const char *root = NULL, *mounts = NULL;
	int opt, drops = 0, proc = 1;
	unsigned user = 0;

	while ((opt = getopt(argc, argv, "+u:cpr:m:")) != -1)
		switch (opt) {
		case 'u':
			user = (unsigned)atoi(optarg);
			break;
		case 'c':
			drops = 1;
			break;
		case 'p':
			proc = 0;
			break;
		case 'r':
			root = optarg;
			break;
		case 'm':
			mounts = optarg;
			break;
		default:
			return 120;
		}
	if (root && proc)
		own_mounts(root); /* before anything is open, which is of this namespace then */
	for (; optind < argc && strcmp(argv[optind], "--") != 0; optind++)
		open_kind(argv[optind]);
	if (optind + 1 >= argc)
		return 120;
	if (mounts) {
		own_mounts(proc ? mounts : NULL);
		own_root(mounts);
	}
	if (root)
		need(chroot(root) ? -1 : chdir("/"), root);
	if (drops)
		drop_capabilities();
	if (user)
		need(setgroups(0, NULL) || setgid(user) || setuid(user) ? -1 : 0, "setuid");
	execvp(argv[optind + 1], argv + optind + 1);
	perror(argv[optind + 1]);
	return 121;
}
