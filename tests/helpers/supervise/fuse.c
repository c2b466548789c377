/*
 * fuse: a slow file system, which gives up when it is interrupted, and loses what is written.
 *
 *	fuse DIRECTORY FILE MILLISECONDS
 *
 * DIRECTORY/program is what FILE is.  An open takes so long, and fails with EINTR where who waits for it
 * has a signal, as file systems do that Go's context ends; others are answered meanwhile.  A close fails
 * with EIO.  Prints "ready"; ends, and unmounts, when it is killed by SIGTERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM	 2	     /* its inode */
#define REQUEST	 (1 << 20)   /* bytes, more than max_write */
#define READ_MAX (256 << 10) /* of a request */
#define OPENS	 64

static int device, file;
static struct {
	uint64_t unique; /* 0: free */
	int64_t until_ms;
} opens[OPENS];

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void answer(uint64_t unique, int error, const void *data, size_t len)
{
	struct fuse_out_header head = { .len = (uint32_t)(sizeof(head) + len),
					.error = -error,
					.unique = unique };
	struct iovec v[] = { { &head, sizeof(head) }, { (void *)data, len } };

	if (writev(device, v, 2) < 0 && errno != ENOENT) /* ENOENT: nobody waits any more */
		_exit(124);
}

static struct fuse_attr attr_of(uint64_t node)
{
	struct stat st;

	fstat(file, &st);
	return (struct fuse_attr){ .ino = node,
				   .size = node == PROGRAM ? (uint64_t)st.st_size : 0,
				   .mode = node == PROGRAM ? S_IFREG | 0755 : S_IFDIR | 0755,
				   .nlink = 1,
				   .blksize = 4096 };
}

static void look_up(uint64_t unique, const char *name)
{
	struct fuse_entry_out out = { .nodeid = PROGRAM, .attr = attr_of(PROGRAM) };

	answer(unique, strcmp(name, "program") ? ENOENT : 0, &out,
	       strcmp(name, "program") ? 0 : sizeof(out));
}

static void read_at(uint64_t unique, const struct fuse_read_in *in)
{
	static char buf[READ_MAX];
	size_t size = in->size < sizeof(buf) ? in->size : sizeof(buf);
	ssize_t n = pread(file, buf, size, (off_t)in->offset);

	answer(unique, n < 0 ? EIO : 0, buf, n < 0 ? 0 : (size_t)n);
}

static void hold(uint64_t unique, int wait_ms)
{
	for (int i = 0; i < OPENS; i++)
		if (!opens[i].unique) {
			opens[i].unique = unique;
			opens[i].until_ms = now_ms() + wait_ms;
			return;
		}
	answer(unique, EMFILE, NULL, 0);
}

/* Of those whose time has come, or of the one that is interrupted. */
static void let_go(uint64_t interrupted)
{
	const struct fuse_open_out out = { .open_flags = FOPEN_KEEP_CACHE };

	for (int i = 0; i < OPENS; i++) {
		uint64_t unique = opens[i].unique;

		if (!unique || (unique != interrupted && opens[i].until_ms > now_ms()))
			continue;
		opens[i].unique = 0;
		if (unique == interrupted)
			answer(unique, EINTR, NULL, 0);
		else
			answer(unique, 0, &out, sizeof(out));
	}
}

static void serve(const struct fuse_in_header *in, int wait_ms)
{
	const void *arg = in + 1;
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
				      .minor = FUSE_KERNEL_MINOR_VERSION,
				      .max_readahead = READ_MAX,
				      .max_write = 4096 };
	struct fuse_attr_out attr = { .attr = attr_of(in->nodeid) };

	switch (in->opcode) {
	case FUSE_INIT:
		answer(in->unique, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		look_up(in->unique, arg);
		break;
	case FUSE_GETATTR:
		answer(in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		hold(in->unique, wait_ms);
		break;
	case FUSE_READ:
		read_at(in->unique, arg);
		break;
	case FUSE_INTERRUPT:
		let_go(((const struct fuse_interrupt_in *)arg)->unique);
		break;
	case FUSE_FLUSH:
		answer(in->unique, EIO, NULL, 0);
		break;
	case FUSE_RELEASE:
		answer(in->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		break;
	default:
		answer(in->unique, ENOSYS, NULL, 0);
	}
}

static const char *directory;

static void end(int sig)
{
	(void)sig;
	umount2(directory, MNT_DETACH);
	_exit(0);
}

int main(int argc, char **argv)
{
	static char request[REQUEST] __attribute__((aligned(8)));
	char options[128];

	if (argc < 4 || (file = open(argv[2], O_RDONLY)) < 0 ||
	    (device = open("/dev/fuse", O_RDWR)) < 0)
		return 125;
	directory = argv[1];
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40755,user_id=%d,group_id=%d,allow_other", device, (int)getuid(),
		 (int)getgid());
	signal(SIGTERM, end);
	if (mount("fdfence", directory, "fuse", MS_NODEV | MS_NOSUID, options))
		return 125;
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct pollfd p = { .fd = device, .events = POLLIN };

		if (poll(&p, 1, 10) > 0) {
			ssize_t n = read(device, request, sizeof(request));

			if (n < 0 && errno != EINTR && errno != ENOENT)
				return 0; /* ENODEV: unmounted */
			if (n > 0)
				serve((const struct fuse_in_header *)(const void *)request,
				      atoi(argv[3]));
		}
		let_go(0);
	}
}
