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

#define WORD	   4096 /* bytes of an argument, NUL included */
#define ROOM_LEAST (128 << 10)
#define ROOM_MOST  (6 << 20)
#define WORDS	   (ROOM_MOST / WORD + 4)

struct page {
	char word[WORD];
	char *argv[WORDS];
};

/* Bytes for strings and the pointers to them (fs/exec.c, bprm_stack_limits, since Linux 4.13). */
static size_t room_for_arguments(void)
{
	uint64_t stack[2] = { 0, 0 };

	SYS4(__NR_prlimit64, 0, RLIMIT_STACK, NULL, stack);
	stack[0] /= 4;
	if (stack[0] > ROOM_MOST)
		return ROOM_MOST;
	return stack[0] < ROOM_LEAST ? ROOM_LEAST : (size_t)stack[0];
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
	uint64_t limit[2];
	size_t need = name_len(c);

	if (!room_is_known() || SYS4(__NR_prlimit64, 0, RLIMIT_STACK, NULL, limit) < 0)
		return true;
	for (int i = 0; i < 2; i++)
		for (char *const *v = i ? envp : c->argv; v && *v; v++)
			need += fdf_str(*v).len + 1 + sizeof *v;
	if (!c->argv || !c->argv[0])
		need += sizeof(char *);
	return need <= room_for_arguments();
}

/* Arguments of `left` bytes together, each with its pointer. */
static void fill(struct page *p, size_t left)
{
	char *end = p->word + WORD;
	const size_t whole = WORD + sizeof(char *), least = 1 + sizeof(char *);
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
	p->argv[n] = end - (left - sizeof(char *));
}

int fdf_trial(const struct fdf_call *c)
{
	static char *const none[1];
	struct fdf_call full = *c;
	struct page *p;
	int r;

	if (!room_is_known())
		return 0;
	p = sys_mmap_anon(sizeof *p); /* given back at once, by a vfork child too */
	if (!p)
		return 0;
	fill(p, room_for_arguments() - name_len(c));
	full.argv = p->argv;
	r = fdf_raw_exec(&full, none, fdf_cookie());
	sys_munmap(p, sizeof *p);
	return r == -E2BIG ? 0 : r;
}
