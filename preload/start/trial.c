/*
 * trial.c: see trial.h.  Runs in vfork children and signal handlers.
 *
 * An exec whose arguments fill all the room, to the byte, cannot succeed with a format that adds its
 * interpreter to them: E2BIG tells that there is one, ENOEXEC that there is none.  Nothing else
 * tells: binfmt_misc need not be mounted here, and each user namespace has its own.
 */
#include <errno.h>
#include <sys/resource.h>

#include "preload/raw/sys.h"
#include "preload/start/exec.h"
#include "preload/start/trial.h"

#define PAGE	    4096
#define WORD	    4096	/* bytes of an argument, NUL included */
#define STRING_MOST (32 * PAGE) /* MAX_ARG_STRLEN: bytes of one string, NUL included */
#define ROOM_LEAST  (128 << 10)
#define ROOM_MOST   (6 << 20)
#define WORDS	    (ROOM_MOST / WORD + 4)

struct page {
	char word[WORD];
	char *argv[WORDS];
};

/* A kernel of 64 bits counts its own pointers, for a program of 32 bits too. */
static size_t kernels_pointer(void)
{
	char name[6][65]; /* uname(2): system, node, release, version, machine, domain */

	if (sizeof(char *) == 4 && SYS1(__NR_uname, name) == 0 && name[4][0] == 'x') /* x86_64 */
		return 8;
	return sizeof(char *);
}

/* For the strings of an exec. */
struct room {
	size_t bytes;
	size_t pointer; /* bytes that the pointer to each string takes of it */
};

/*
 * fs/exec.c, bprm_stack_limits, since Linux 4.13.  A stack that is smaller than that grows by whole
 * pages, the first of which is there and ends with a pointer (mm/mmap.c, acct_stack_growth).
 * False where the limit is not told.
 */
static bool room_for_arguments(struct room *r)
{
	uint64_t stack[2] = { 0, 0 };

	if (SYS4(__NR_prlimit64, 0, RLIMIT_STACK, NULL, stack) < 0)
		return false;
	if (stack[0] < ROOM_LEAST) {
		*r = (struct room){ (size_t)stack[0] / PAGE * PAGE, 0 };
		r->bytes = (r->bytes ? r->bytes : PAGE) - sizeof(char *);
		return true;
	}
	stack[0] /= 4;
	*r = (struct room){ stack[0] > ROOM_MOST    ? ROOM_MOST
			    : stack[0] < ROOM_LEAST ? ROOM_LEAST
						    : (size_t)stack[0],
			    kernels_pointer() };
	return true;
}

/* The length of the name that the kernel gives the program, NUL included (alloc_bprm()). */
static size_t name_len(const struct fdf_call *c)
{
	size_t n = fdf_str(c->path).len + 1;

	if (c->dirfd == AT_FDCWD || c->path[0] == '/')
		return n;
	n += sizeof "/dev/fd/" + (c->path[0] != 0); /* a digit, and a slash if a path follows */
	for (int d = c->dirfd; d >= 10; d /= 10)
		n++;
	return n;
}

/* before 5.9, and so perhaps before 4.13, where pointers take no room */
static bool room_is_known(void)
{
	return sys_close_range(~0u, ~0u, 0) == 0;
}

bool fdf_fits(const struct fdf_call *c, char *const *envp)
{
	struct room room;
	bool is_known = room_is_known() && room_for_arguments(&room);
	size_t need = name_len(c);

	for (int i = 0; i < 2; i++)
		for (char *const *v = i ? envp : c->argv; v && *v; v++) {
			size_t len = fdf_str(*v).len + 1;

			if (len > STRING_MOST)
				return false;
			need += len + (is_known ? room.pointer : 0);
		}
	if (is_known && (!c->argv || !c->argv[0]))
		need += room.pointer;
	return !is_known || need <= room.bytes;
}

bool fdf_stack_is_small(void)
{
	struct room room;

	return room_for_arguments(&room) && room.bytes < ROOM_LEAST;
}

/* Arguments of `left` bytes together, of which each pointer takes some. */
static void fill(struct page *p, size_t left, size_t pointer)
{
	char *end = p->word + WORD;
	const size_t whole = WORD + pointer, least = 1 + pointer;
	size_t n = 0;

	for (int i = 0; i < WORD - 1; i++)
		p->word[i] = 'x';
	/* the shortest first: the kernel takes it away before it adds an interpreter */
	p->argv[n++] = end - 1;
	left -= least;
	for (; left >= whole + least; left -= whole)
		p->argv[n++] = p->word;
	if (left > whole) {
		p->argv[n++] = end - 1;
		left -= least;
	}
	p->argv[n] = end - (left - pointer);
}

int fdf_trial(const struct fdf_call *c)
{
	static char *const none[1];
	struct fdf_call full = *c;
	size_t name = name_len(c);
	struct room room;
	struct page *p;
	int r;

	if (!room_is_known() || !room_for_arguments(&room) || room.bytes < name + WORD / 4)
		return 0;
	p = sys_mmap_anon(sizeof *p); /* given back at once, by a vfork child too */
	if (!p)
		return 0;
	fill(p, room.bytes - name, room.pointer);
	full.argv = p->argv;
	r = fdf_raw_exec(&full, none, fdf_cookie());
	sys_munmap(p, sizeof *p);
	return r == -E2BIG ? 0 : r;
}
