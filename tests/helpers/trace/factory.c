/*
 * factory: opens every kind of descriptor that this kernel offers and execs a
 * child that tells what it was given.
 *
 *	factory KINDS TRUTH [FIRST LAST]
 *	                       write "NUMBER KIND" lines to KINDS, exec `factory --tell TRUTH`;
 *	                       only the numbers FIRST to LAST cross, all by default
 *	factory --tell TRUTH   write each descriptor above 2 as the record has it, one a line,
 *	                       from /proc/self/fd, fstat, F_GETFL, getsockname; with FACTORY_STAYS
 *	                       in the environment it waits then, to be looked at
 *
 * What the kernel does not offer, or not to this user, is left out of KINDS with
 * a line "- KIND REASON".  It links the command's own view of descriptors
 * (ownfds.c), which never asks BPF.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/close_range.h>
#include <linux/fanotify.h>
#include <linux/filter.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <linux/vm_sockets.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/proc/ownfds.h"
#include "preload/core/record.h"

static FILE *kinds;
static char dir[64];

/* Keep fd open across exec under this name. */
static int kind(const char *name, int fd)
{
	if (fd < 0) {
		fprintf(kinds, "- %s %s\n", name, strerror(errno));
		return fd;
	}
	fcntl(fd, F_SETFD, 0);
	fprintf(kinds, "%d %s\n", fd, name);
	return fd;
}

static char *in(const char *name)
{
	static char path[8][4096];
	static int n;
	char *p = path[n++ % 8];

	snprintf(p, sizeof(path[0]), "%s/%s", dir, name);
	return p;
}

static void files(void)
{
	int fd;

	kind("regular, read only", open("/etc/passwd", O_RDONLY));
	kind("regular, append", open(in("log"), O_WRONLY | O_CREAT | O_APPEND, 0640));
	kind("regular, rdwr sync", open(in("sync"), O_RDWR | O_CREAT | O_SYNC, 0600));
	kind("regular, dsync nonblock noatime",
	     open(in("dsync"), O_RDWR | O_CREAT | O_DSYNC | O_NONBLOCK | O_NOATIME, 0600));
	kind("deleted", open(in("gone"), O_RDWR | O_CREAT, 0600));
	unlink(in("gone"));
	kind("O_TMPFILE", open(dir, O_TMPFILE | O_RDWR, 0600));
	kind("O_PATH", open("/etc/hostname", O_PATH));
	if (!symlink("target", in("link")))
		kind("O_PATH symbolic link", open(in("link"), O_PATH | O_NOFOLLOW));
	kind("directory", open(dir, O_RDONLY | O_DIRECTORY));
	kind("root directory", open("/", O_RDONLY));
	kind("newline and escape in a name", open(in("a\nb\033[31m\xff"), O_RDWR | O_CREAT, 0600));
	if (!mkfifo(in("fifo"), 0600))
		kind("fifo", open(in("fifo"), O_RDWR));
	fd = kind("file with a lease owner, async",
		  open(in("async"), O_RDWR | O_CREAT | O_ASYNC, 0600));
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK);
	kind("procfs file", open("/proc/self/stat", O_RDONLY));
	kind("sysfs file", open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY));
	kind("cgroup directory", open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY));
	kind("tmpfs file", open("/dev/shm", O_TMPFILE | O_RDWR, 0600));
}

/* 120 directories deep, and one too deep for any path. */
static void deep(void)
{
	char name[210];
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), next, i;

	memset(name, 'd', sizeof(name));
	snprintf(name, sizeof(name), "deep");
	for (i = 0; i < 120 && at >= 0; i++) {
		mkdirat(at, name, 0700);
		next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = next;
	}
	kind("path of 120 components", openat(at, "end", O_RDWR | O_CREAT, 0600));
	close(at);
}

static void mounts(void)
{
	int fd;

	mkdir(in("mnt"), 0700);
	if (mount("fdfence", in("mnt"), "tmpfs", 0, NULL)) {
		fprintf(kinds, "- mounts %s\n", strerror(errno));
		return;
	}
	kind("file on another mount", open(in("mnt/file"), O_RDWR | O_CREAT, 0600));
	mkdir(in("mnt/sub"), 0700);
	mkdir(in("bind"), 0700);
	if (!mount(in("mnt/sub"), in("bind"), NULL, MS_BIND, NULL))
		kind("file on a bind mount", open(in("bind/file"), O_RDWR | O_CREAT, 0600));
	umount2(in("bind"), MNT_DETACH);
	mkdir(in("lazy"), 0700);
	if (!mount("fdfence", in("lazy"), "tmpfs", 0, NULL)) {
		fd = open(in("lazy/file"), O_RDWR | O_CREAT, 0600);
		umount2(in("lazy"), MNT_DETACH);
		kind("file on a detached mount", fd);
	}
	fd = (int)syscall(SYS_fsopen, "tmpfs", 0);
	kind("fscontext", fd);
	if (fd >= 0 && !syscall(SYS_fsconfig, fd, 6, NULL, NULL, 0))
		kind("fsmount", (int)syscall(SYS_fsmount, fd, 0, 0));
	kind("open_tree clone", (int)syscall(SYS_open_tree, AT_FDCWD, in("mnt"), 1));
	/* Still mounted at the exec, gone when the child ends: the directory is the test's. */
}

static void devices(void)
{
	static const char *const names[] = { "null",
					     "zero",
					     "full",
					     "urandom",
					     "loop-control",
					     "net/tun",
					     "fuse",
					     "kvm",
					     "vhost-vsock",
					     "rtc0",
					     "tty",
					     "console",
					     "hpet",
					     "uinput",
					     "mem",
					     "kmsg",
					     "cpu_dma_latency",
					     "autofs",
					     "mapper/control",
					     "vfio/vfio",
					     "snapshot",
					     "vsock" };
	char path[64];
	int master;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/dev/%s", names[i]);
		kind(path, open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
	}
	if (!mknod(in("block"), S_IFBLK | 0600, makedev(7, 0)))
		kind("block device", open(in("block"), O_RDONLY | O_NONBLOCK));
	master = kind("pty master", posix_openpt(O_RDWR | O_NOCTTY));
	if (master >= 0 && !unlockpt(master))
		kind("pty slave", open(ptsname(master), O_RDWR | O_NOCTTY));
}

static int seccomp_notify(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { 1, code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &prog);
}

static int perf_event(void)
{
	struct perf_event_attr a = { .size = sizeof(a),
				     .type = PERF_TYPE_SOFTWARE,
				     .config = PERF_COUNT_SW_TASK_CLOCK,
				     .disabled = 1 };

	return (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static int bpf(int cmd, union bpf_attr *a)
{
	return (int)syscall(SYS_bpf, cmd, a, sizeof(*a));
}

static void bpf_kinds(void)
{
	struct bpf_insn code[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K },
				   { .code = BPF_JMP | BPF_EXIT } };
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	union bpf_attr prog = { .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
				.insns = (unsigned long)code,
				.insn_cnt = 2,
				.license = (unsigned long)"GPL" };
	union bpf_attr link = { 0 }, btf = { .start_id = 0 }, id = { 0 };
	int fd;

	kind("bpf map", bpf(BPF_MAP_CREATE, &map));
	fd = kind("bpf program", bpf(BPF_PROG_LOAD, &prog));
	link.raw_tracepoint.name = (unsigned long)"sched_wakeup_new";
	link.raw_tracepoint.prog_fd = (unsigned)fd;
	if (fd >= 0)
		kind("bpf link", bpf(BPF_RAW_TRACEPOINT_OPEN, &link));
	/* The next one may be gone before it is opened. */
	fd = -1;
	do {
		if (bpf(BPF_BTF_GET_NEXT_ID, &btf))
			break;
		id = (union bpf_attr){ .btf_id = btf.next_id };
		btf = (union bpf_attr){ .start_id = btf.next_id };
		fd = bpf(BPF_BTF_GET_FD_BY_ID, &id);
	} while (fd < 0 && errno == ENOENT);
	kind("btf", fd);
}

static int userns(void)
{
	pid_t pid = fork();
	char path[64];
	int fd;

	if (!pid) {
		unshare(CLONE_NEWUSER | CLONE_NEWNS);
		pause();
		_exit(0);
	}
	usleep(50000);
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return fd;
}

static void anonymous(void)
{
	struct landlock_ruleset_attr rules = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE };
	unsigned char params[120] = { 0 }; /* struct io_uring_params */
	static const char *const ns[] = { "mnt", "net",	 "uts",	   "ipc",
					  "pid", "user", "cgroup", "time" };
	char path[64];
	sigset_t set;
	size_t i;

	kind("epoll", epoll_create1(0));
	kind("eventfd", eventfd(1, EFD_NONBLOCK));
	kind("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
	sigemptyset(&set);
	kind("signalfd", signalfd(-1, &set, 0));
	kind("inotify", inotify_init1(0));
	kind("fanotify", (int)syscall(SYS_fanotify_init, FAN_CLASS_NOTIF, O_RDONLY));
	kind("userfaultfd", (int)syscall(SYS_userfaultfd, 0));
	kind("io_uring", (int)syscall(SYS_io_uring_setup, 4, params));
	kind("perf event", perf_event());
	kind("memfd", (int)syscall(SYS_memfd_create, "name with \"quotes\"", 0));
	kind("memfd of huge pages", (int)syscall(SYS_memfd_create, "huge", MFD_HUGETLB));
	kind("memfd_secret", (int)syscall(447, 0));
	kind("pidfd", (int)syscall(SYS_pidfd_open, getpid(), 0));
	kind("landlock ruleset", (int)syscall(SYS_landlock_create_ruleset, &rules, 8, 0));
	kind("message queue", mq_open("/fdfence-factory", O_RDWR | O_CREAT, 0600, NULL));
	mq_unlink("/fdfence-factory");
	kind("dma-buf heap", open("/dev/dma_heap/system", O_RDONLY));
	kind("udmabuf", open("/dev/udmabuf", O_RDWR));
	for (i = 0; i < sizeof(ns) / sizeof(ns[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", ns[i]);
		kind(path, open(path, O_RDONLY));
	}
	kind("another user namespace", userns());
	bpf_kinds();
}

static void pipes(void)
{
	int p[2], q[2];

	if (pipe(p))
		return;
	kind("pipe, read end", p[0]);
	kind("pipe, write end", p[1]);
	if (!pipe2(q, O_DIRECT | O_NONBLOCK)) {
		kind("packet pipe, read end", q[0]);
		kind("packet pipe, write end", q[1]);
	}
}

#include "tests/helpers/trace/factory_sockets.h"

static void tell_one(void *ctx, const struct own_fd *f)
{
	static char buf[65536];
	struct fdf_record r = { .buf = buf, .cap = sizeof(buf) };
	struct fdf_decision v = { .verdict = FDF_REPORT };

	fdf_record_fd(&r, &f->d, &v);
	fprintf(ctx, "%.*s\n", (int)r.len, buf);
}

static int tell(const char *path)
{
	FILE *f = fopen(path, "we");

	if (!f)
		return 1;
	ownfds_each(tell_one, f);
	if (fclose(f))
		return 1;
	while (getenv("FACTORY_STAYS"))
		pause();
	return 0;
}

/* A record of the fence has no room for all. */
static void seal_but(int first, int last)
{
	close_range(3, (unsigned)first - 1, CLOSE_RANGE_CLOEXEC);
	close_range((unsigned)last + 1, ~0u, CLOSE_RANGE_CLOEXEC);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--tell"))
		return tell(argv[2]);
	if ((argc != 3 && argc != 5) || !(kinds = fopen(argv[1], "we")))
		return 2;
	snprintf(dir, sizeof(dir), "%s.d", argv[2]);
	mkdir(dir, 0700);
	umask(0);
	/* Mounts of our own, so that nothing stays. */
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		fprintf(kinds, "- mount namespace %s\n", strerror(errno));
	files();
	deep();
	devices();
	pipes();
	inet(AF_INET, "inet");
	inet(AF_INET6, "inet6");
	unixes();
	other_sockets();
	anonymous();
	mounts();
	kind("seccomp notify", seccomp_notify());
	fclose(kinds);
	if (argc == 5)
		seal_but(atoi(argv[3]), atoi(argv[4]));
	execl("/proc/self/exe", "factory", "--tell", argv[2], NULL);
	return 3;
}
