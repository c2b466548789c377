/* lock.c: see lock.h. */
#include "preload/core/text.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/lock.h"
#include "preload/raw/sys.h"

#define LOOKS	     32 /* parts of the file that are asked for, before /proc is */
#define LAST_BYTE    INT64_MAX
#define PID_OF_OFD   (-1)
#define FIELD_OF_PID 5 /* "lock:", "1:", "POSIX", "ADVISORY", "READ" are those before */

struct part {
	int64_t first, last;
};

static struct part part_of(const struct fdf_flock *l)
{
	return (struct part){ l->start, l->len ? l->start + l->len - 1 : LAST_BYTE };
}

/* A lock in this part that the command takes for somebody else's: any one, not the lowest. */
static bool in_the_way(int fd, int command, struct part p, struct fdf_flock *l)
{
	*l = (struct fdf_flock){ .type = F_WRLCK,
				 .start = p.first,
				 .len = p.last == LAST_BYTE ? 0 : p.last - p.first + 1 };
	return sys_fcntl(fd, command, (long)l) >= 0 && l->type != F_UNLCK;
}

/*
 * Is what F_OFD_GETLK has met the table's own?  To F_OFD_GETLK the POSIX locks of the asker's table
 * are another owner's, to F_GETLK they are not; with OFD locks of the descriptor itself it is the
 * other way round.  Both go through the locks in one order, so that F_GETLK meets it too if it is
 * another's, unless such an OFD lock comes before it.
 */
static bool is_own(int fd, const struct fdf_flock *met)
{
	struct fdf_flock others;

	if (met->pid == PID_OF_OFD)
		return false;
	if (!in_the_way(fd, F_GETLK64, part_of(met), &others))
		return true;
	return others.pid != PID_OF_OFD &&
	       (others.pid != met->pid || others.start != met->start || others.len != met->len);
}

struct list {
	uint64_t file;
	bool by_process;
	char self
		[16]; /* the caller's process as this /proc names it, whatever pid namespace it is of */
	bool found, failed;
};

/* The field of a line that ends in a space, with the NUL behind the line's text. */
static struct fdf_str field(const char *line, int n)
{
	struct fdf_str f = { line, 0 };

	for (;;) {
		while (*f.s == ' ' || *f.s == '\t')
			f.s++;
		for (f.len = 0; f.s[f.len] && f.s[f.len] != ' ' && f.s[f.len] != '\t';)
			f.len++;
		if (!n--)
			return f;
		f.s += f.len;
	}
}

static bool is_looked_for(const struct list *l, const char *line)
{
	return fdf_str_eq(field(line, 0), fdf_str("lock:")) &&
	       fdf_str_eq(field(line, 2), fdf_str("POSIX")) &&
	       (!l->by_process || fdf_str_eq(field(line, FIELD_OF_PID), fdf_str(l->self)));
}

/*
 * proc(5), /proc/PID/fdinfo: a line for each lock that was taken through this open file and, if it
 * is a POSIX one, that the table itself owns (fs/locks.c).  Other processes' locks
 * are in no such line.
 */
static void read_list(struct list *l, int fd)
{
	char path[48], text[256], line[80]; /* cut behind the pid */
	struct fdf_text t = { .p = path, .end = path + sizeof path };
	size_t at = 0;
	ssize_t n;
	int info;

	fdf_putf(&t, "/proc/thread-self/fdinfo/%u", (unsigned)fd);
	fdf_putc(&t, 0);
	info = sys_open(path, O_RDONLY | O_CLOEXEC);
	n = info < 0 ? info : sys_read(info, text, sizeof text);
	l->failed |= n <= 0;
	for (; n > 0 && !l->found; n = sys_read(info, text, sizeof text)) {
		for (ssize_t i = 0; i < n; i++) {
			if (text[i] != '\n') {
				line[at] = text[i];
				at += at < sizeof line - 1;
				continue;
			}
			line[at] = 0;
			l->found |= is_looked_for(l, line);
			at = 0;
		}
	}
	l->failed |= n < 0;
	if (info >= 0)
		sys_close(info);
}

static enum fdf_visited look(void *arg, int fd)
{
	struct list *l = arg;
	int flags = sys_fcntl(fd, F_GETFD, 0);

	if (flags >= 0 && fdf_tab_file(fd) == l->file)
		read_list(l, fd);
	return l->found ? FDF_ENOUGH : fdf_visited(flags);
}

/* The open file that a lock was taken through is in the table for as long as there is the lock. */
static enum fdf_answer listed(int fd, bool by_process)
{
	struct list l = { .file = fdf_tab_file(fd), .by_process = by_process };
	ssize_t n = sys_readlink("/proc/self", l.self, sizeof l.self - 1);

	if (n <= 0 || n == sizeof l.self - 1)
		return FDF_NOT_KNOWN;
	l.failed = !fdf_tab_each(false, look, &l);
	return l.found ? FDF_YES : l.failed ? FDF_NOT_KNOWN : FDF_NO;
}

static enum fdf_answer find(int fd, bool by_process)
{
	struct part left[LOOKS + 1]; /* each look takes one away and adds two at most */
	struct fdf_flock met;
	int n = 1;

	left[0] = (struct part){ 0, LAST_BYTE };
	for (int i = 0; n && i < LOOKS; i++) {
		struct part p = left[--n], of;
		bool own;

		if (!in_the_way(fd, FDF_OFD_GETLK, p, &met))
			continue;
		own = is_own(fd, &met);
		if (own && (!by_process || met.pid == sys_getpid()))
			return FDF_YES;
		if (!own && met.type == F_RDLCK) /* one more may lie under it */
			return listed(fd, by_process);
		of = part_of(&met);
		if (of.last < p.last)
			left[n++] = (struct part){ of.last + 1, p.last };
		if (of.first > p.first)
			left[n++] = (struct part){ p.first, of.first - 1 };
	}
	return n ? listed(fd, by_process) : FDF_NO;
}

enum fdf_answer fdf_holds_lock(int fd)
{
	return find(fd, true);
}

enum fdf_answer fdf_table_holds_lock(int fd)
{
	return find(fd, false);
}
