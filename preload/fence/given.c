/* given.c: see given.h. */
#include <errno.h>
#include <linux/kcmp.h>
#include <sys/stat.h>

#include "preload/fence/given.h"
#include "preload/raw/fdtab.h"

static void raise_last(struct fdf_fence *f, int fd)
{
	int last = fdf_given_last(f);

	while (fd > last && !__atomic_compare_exchange_n(&f->given_last, &last, fd, true,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static void find_last(void *last, int fd)
{
	*(int *)last = fd;
}

static uint32_t kind_of(int fd, const struct fdf_stat *st)
{
	return st->mode & S_IFMT ? 0 : fdf_tab_kind(fd);
}

static void give(void *arg, int fd)
{
	struct fdf_fence *f = arg;
	struct fdf_stat st = { 0 };

	if (fd >= f->given_room || sys_fstat(fd, &st) == -EBADF)
		return;
	f->given[fd] = (struct fdf_given){ st.ino,   st.dev_major, st.dev_minor,
					   FDF_GIFT, fd,	   kind_of(fd, &st) };
	raise_last(f, fd);
}

void fdf_given_read(struct fdf_fence *f)
{
	int last = 0;

	fdf_tab_walk(true, find_last, &last);
	if (!last)
		return;
	f->given_room = last < FDF_GIVEN_FDS ? FDF_GIVEN_FDS : last + 1;
	f->given = sys_mmap_anon((size_t)f->given_room * sizeof *f->given);
	if (f->given)
		fdf_tab_walk(true, give, f);
	else /* losing what was given would be worse than keeping more */
		f->all_given = true;
}

void fdf_given_address(struct fdf_fence *f, unsigned n)
{
	for (unsigned fd = 3; fd < 3 + n; fd++)
		if (fdf_given_at(f, fd))
			f->given[fd].gift = FDF_ADDRESSED_GIFT;
}

static struct fdf_given *moved_in(struct fdf_slot *s, int fd)
{
	for (int i = 0; i < FDF_SLOT_MOVES; i++)
		if (s->moved[i].gift && s->moved[i].fd == fd)
			return &s->moved[i];
	return NULL;
}

/* ... and what the vfork child `child` does, if there is one. */
static const struct fdf_given *seen_at(struct fdf_fence *f, int child, int fd)
{
	struct fdf_slot *s = child && f->slots_used ? fdf_slot_of(f, child) : NULL;
	const struct fdf_given *moved = s ? moved_in(s, fd) : NULL;

	if (moved)
		return moved;
	if (s && fd < FDF_SLOT_FDS && fdf_bit_get(s->dropped, fd))
		return NULL;
	return fdf_given_at(f, (unsigned)fd);
}

enum fdf_gift fdf_gift_at(struct fdf_fence *f, int child, int fd)
{
	const struct fdf_given *g = seen_at(f, child, fd);
	struct fdf_stat st;
	uint32_t kind;
	int r;

	if (!g)
		return f->all_given ? FDF_GIFT : FDF_NO_GIFT;
	r = sys_fstat(fd, &st);
	if (r == -EBADF ||
	    (r == 0 && g->ino &&
	     (st.ino != g->ino || st.dev_major != g->dev_major || st.dev_minor != g->dev_minor)))
		return FDF_NO_GIFT;
	kind = r == 0 && g->kind ? kind_of(fd, &st) : 0;
	if (kind && kind != g->kind)
		return FDF_NO_GIFT;
	/* fstat may be denied, or was: then what hooks have seen has to do */
	return (enum fdf_gift)g->gift;
}

/* Asked only where something given is closed or moved. */
static bool has_own_table(void)
{
	int pid = sys_getpid(), tid = sys_gettid();

	return tid != pid && SYS5(__NR_kcmp, pid, tid, KCMP_FILES, 0, 0) > 0;
}

static void child_closes(struct fdf_fence *f, int child, int fd)
{
	struct fdf_slot *s = fdf_slot_take(f, child);
	struct fdf_given *moved = s ? moved_in(s, fd) : NULL;

	if (moved)
		moved->gift = FDF_NO_GIFT;
	if (s && fd < FDF_SLOT_FDS)
		fdf_bit_set(s->dropped, fd);
}

/* What a vfork child closes is still its parent's, and what a thread does in a table of its own is
 * not the process's. */
void fdf_given_close(struct fdf_fence *f, unsigned first, unsigned last)
{
	enum { NOT_ASKED = -1 };
	int child = NOT_ASKED;
	bool apart = false;

	for (unsigned fd = first; f && fd <= last && fd <= (unsigned)fdf_given_last(f); fd++) {
		if (!fdf_given_at(f, fd) && !f->child_moved)
			continue;
		if (child == NOT_ASKED) {
			child = fdf_borrower(f);
			apart = !child && has_own_table();
		}
		if (child)
			child_closes(f, child, (int)fd);
		else if (!apart && fdf_given_at(f, fd))
			f->given[fd].gift = FDF_NO_GIFT;
	}
}

/* Where the vfork child can remember one more; NULL: nowhere. */
static struct fdf_given *room_in(struct fdf_slot *s)
{
	for (int i = 0; s && i < FDF_SLOT_MOVES; i++)
		if (!s->moved[i].gift)
			return &s->moved[i];
	return NULL;
}

bool fdf_given_move(struct fdf_fence *f, int from, int to)
{
	struct fdf_given was, *place;
	enum fdf_gift gift;
	int child;

	if (!f || to < 3 || (!fdf_given_at(f, (unsigned)from) && !f->child_moved))
		return true;
	child = fdf_borrower(f);
	gift = fdf_gift_at(f, child, from);
	if (!gift)
		return true;
	was = *seen_at(f, child, from);
	was.fd = to;
	if (child)
		place = room_in(fdf_slot_take(f, child));
	else
		place = to < f->given_room ? &f->given[to] : NULL;
	if (!place)
		return false;
	if (!child && place->gift && has_own_table())
		return true; /* the process's own stays, and an act would outlive the file */
	if (child)
		f->child_moved = true;
	*place = was;
	raise_last(f, to);
	return true;
}
