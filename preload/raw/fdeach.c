/* fdeach.c: see fdeach.h. */
#include <errno.h>
#include <linux/magic.h>
#include <sys/resource.h>

#include "preload/core/bits.h"
#include "preload/core/facts.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/sys.h"

#define GAP	8    /* closed numbers in a row: trying as many costs about as much as asking */
#define ENTRY	32   /* bytes of a directory entry whose name is a number of ten digits */
#define UNASKED (-1) /* as a descriptor */
#define PAGE	4096

struct walk {
	int at, last; /* the number to be tried next, and the last one */
	int dir;      /* the directory; UNASKED; or another negative number: there is none */
	int places;   /* of the table; 0: not asked */
	bool unsure;  /* nobody could tell where the table ends */
	bool behind;  /* the directory was not read so far as numbers were found open */
	unsigned ask; /* bytes asked for at a time: a few entries, then more and more */
	char *p, *end;
	char buf[16 * ENTRY] __attribute__((aligned(8)));
};

int fdf_each_open_proc(void)
{
	int dir = sys_open("/proc/thread-self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long fs[32]; /* struct statfs, which begins with the type */

	if (dir >= 0 && (SYS2(__NR_fstatfs, dir, fs) < 0 || fs[0] != PROC_SUPER_MAGIC)) {
		sys_close(dir);
		return -ENOTDIR;
	}
	return dir;
}

/* For n numbers, and at once. */
static int select_now(int n, const void *set)
{
	struct {
		long s, us;
	} now = { 0, 0 };

	/* pselect6 has a sixth argument, which is none here */
	return (int)sys6(FDF_NR_SELECT, n, (long)set, 0, 0, (long)&now, 0);
}

/*
 * select() looks only at places that the table has (it cuts n to fdt->max_fds) and refuses a closed
 * one.
 */
int fdf_tab_has_place(int n)
{
	FDF_BITS(set, FDF_FEW_PLACES) = { 0 };
	int r;

	if (sys_fcntl(n, F_GETFD, 0) >= 0)
		return 1;
	fdf_bit_set(set, n);
	r = select_now(n + 1, set);
	return r == -EBADF ? 1 : r < 0 ? -1 : 0;
}

/*
 * It reads as many bits as the table has places, if more are offered.  So a set of n bits that ends
 * where no memory is makes EFAULT of a table with more than n.  1: it has; 0: it has not; else
 * negative.
 */
static int has_more_than(int n)
{
	size_t len = ((size_t)n / 8 + PAGE - 1) & ~(size_t)(PAGE - 1);
	char *set;
	int r;

	if (n < FDF_FEW_PLACES)
		return fdf_tab_has_place(n);
	set = sys_mmap_anon(len + PAGE);
	if (!set)
		return -ENOMEM;
	r = (int)SYS3(__NR_mprotect, set + len, PAGE, PROT_NONE);
	if (r == 0)
		r = select_now(FDF_FD_LAST, set + len - n / 8);
	sys_munmap(set, len + PAGE);
	return r == -EFAULT ? 1 : r;
}

/* A filter may answer in the kernel's place, with an error that would mean something else. */
static bool select_tells(void)
{
	return select_now(0, NULL) == 0 && select_now(1, (void *)-1L) == -EFAULT;
}

int fdf_tab_places(void)
{
	if (!select_tells())
		return 0;
	for (int n = FDF_SMALLEST_TABLE; n > 0; n *= 2) {
		int r = has_more_than(n);

		if (r <= 0)
			return r == 0 ? n : 0;
		if (n > FDF_FD_LAST / 2)
			break;
	}
	return FDF_FD_LAST;
}

/* Above the hard limit lies only what was open before that was lowered. */
static int hard_limit(void)
{
	uint64_t soft, hard;

	sys_limit(RLIMIT_NOFILE, &soft, &hard);
	return hard < 65536 ? 65536 : hard > 1 << 20 ? 1 << 20 : (int)hard;
}

/* No directory: all numbers up to the end of the table are tried. */
static void end_at_places(struct walk *w)
{
	w->places = fdf_tab_places();
	w->unsure = w->places == 0;
	if (w->unsure)
		w->places = hard_limit();
	if (w->last >= w->places) {
		w->last = w->places - 1;
		return;
	}
	w->unsure = false; /* nothing was asked of what lies above */
}

/* The entries from w->at on. */
static void ask(struct walk *w)
{
	long n;

	if (w->dir == UNASKED)
		w->dir = fdf_each_open_proc();
	n = w->dir;
	/* else it stands where it stopped: what lies between was found empty then */
	if (n >= 0 && w->behind)
		n = SYS3(__NR_lseek, w->dir, w->at + 2 /* . and .. */, SEEK_SET);
	w->behind = false;
	if (n >= 0)
		n = SYS3(__NR_getdents64, w->dir, w->buf, w->ask);
	if (n < 0) {
		end_at_places(w);
		return;
	}
	if (n == 0)
		w->last = w->at - 1;
	w->p = w->buf;
	w->end = w->buf + n;
	if (w->ask < sizeof w->buf)
		w->ask *= 2;
}

/* Moves w->at to the next entry that is not before it; false if the entries are used up. */
static bool take_entry(struct walk *w)
{
	struct {
		uint64_t ino, off;
		uint16_t len;
		uint8_t type;
		char name[];
	} * e;

	for (; w->p < w->end; w->p += e->len) {
		const char *s;
		int fd;

		e = (void *)w->p;
		s = e->name;
		if (*s < '0' || *s > '9')
			continue;
		fd = (int)fdf_take_number(&s);
		if (fd >= w->at) {
			w->at = fd;
			return true;
		}
	}
	return false;
}

bool fdf_each(int first, int last, unsigned left, fdf_visit *visit, void *arg)
{
	struct walk w;
	int misses = 0;
	bool denied = false;

	w.at = first;
	w.last = last < FDF_FD_LAST ? last : FDF_FD_LAST;
	w.dir = UNASKED;
	w.places = 0;
	w.unsure = false;
	w.behind = true;
	w.ask = 8 * ENTRY;
	w.p = w.end = w.buf;
	for (; w.at <= w.last; w.at++) {
		enum fdf_visited r = FDF_WAS_CLOSED;

		if (w.p == w.end && misses >= GAP && !w.places)
			ask(&w);
		/* the kernel may stop before the end, as for a signal that waits: it is asked again */
		if (w.p < w.end && !take_entry(&w))
			misses = GAP;
		if (w.at > w.last)
			break;
		if (w.at != w.dir) /* our own, and gone at the end */
			r = visit(arg, w.at);
		denied |= r == FDF_DENIED;
		misses = r == FDF_WAS_CLOSED || r == FDF_DENIED ? misses + 1 : 0;
		w.behind |= r == FDF_WAS_OPEN && w.p == w.end;
		if (r == FDF_ENOUGH || (r == FDF_WAS_OPEN && left && --left == 0)) {
			w.unsure = false;
			break;
		}
	}
	if (w.dir >= 0)
		sys_close(w.dir);
	return !w.unsure && !denied;
}

/* Is any number from n on open?  -errno: it cannot be said. */
static int any_from(int dir, int n)
{
	char entry[2 * ENTRY] __attribute__((aligned(8)));
	long r = SYS3(__NR_lseek, dir, n + 2 /* . and .. */, SEEK_SET);

	return (int)(r < 0 ? r : SYS3(__NR_getdents64, dir, entry, sizeof entry));
}

int fdf_each_end(int least)
{
	int places = fdf_tab_places(), end = least, above, dir;

	if (places && places <= least)
		return least;
	above = places ? places : FDF_FD_LAST;
	dir = fdf_each_open_proc();
	if (dir < 0)
		return above;
	/* something is open from end - 1 on, or end is least; nothing from above on */
	while (end < above) {
		int middle = end + (above - end) / 2, r = any_from(dir, middle);

		if (r < 0)
			end = above;
		else if (r > 0)
			end = middle + 1;
		else
			above = middle;
	}
	sys_close(dir);
	return end - 1 == dir && end > least ? dir
					     : end; /* it took the first number that was free */
}
