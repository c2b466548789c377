/*
 * predict.c: see predict.h.  Runs in vfork children and signal handlers.
 *
 * The kernel looks at the file first, then at the arguments, then into the file (fs/exec.c).  So the
 * caller's own call with arguments that are nowhere can only fail, with EFAULT where the file may be
 * run; where the kernel looks at the arguments first, it is asked otherwise (allowed.h).  What comes then is read here as the kernel will: ELF with its interpreter (fs/binfmt_elf.c),
 * or "#!" (fs/binfmt_script.c).  What neither of them takes is tried (trial.c).
 */
#include <errno.h>
#include <link.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "preload/core/facts.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/readable.h"
#include "preload/raw/sys.h"
#include "preload/raw/task.h"
#include "preload/start/allowed.h"
#include "preload/start/exec.h"
#include "preload/start/image.h"
#include "preload/start/predict.h"
#include "preload/start/trial.h"

#define ROOM_SURE   100000 /* bytes of arguments that every kernel takes: it has room for 128 KiB */
#define STACK_SURE  12288  /* ... with any stack that a program can run on */
#define FEW_WORDS   256
#define ANY_MAY_RUN 0111 /* S_IXUSR, S_IXGRP, S_IXOTH */
#define NOT_OURS    1	 /* neither ELF nor "#!", as the kernel sees it */
#define NO_NUMBER   2	 /* is left in the table to look with */

/* Bytes for the strings and their pointers, up to the most that is sure to fit. */
static size_t room_for(char *const *argv, char *const *envp)
{
	size_t room = 0;

	for (int i = 0; i < 2; i++)
		for (char *const *v = i ? envp : argv; v && *v; v++) {
			room += fdf_text_len(*v) + 1 + sizeof *v;
			if (room >= ROOM_SURE)
				return ROOM_SURE;
		}
	return room;
}

static bool is_long(char *const *argv, char *const *envp)
{
	size_t room = room_for(argv, envp);

	return room == ROOM_SURE || (room > STACK_SURE && fdf_stack_is_small());
}

/* The arguments are copied from the last one to the first: all fit if only that is missed. */
static int ask_with(const struct fdf_call *c, char *const *envp, char **argv, size_t argc)
{
	struct fdf_call asked = *c;

	argv[0] = (char *)FDF_NO_ADDRESS;
	for (size_t i = 1; i < argc; i++)
		argv[i] = c->argv[i];
	argv[argc ? argc : 1] = NULL;
	asked.argv = argv;
	return fdf_raw_exec(&asked, envp, fdf_cookie());
}

static int __attribute__((noinline)) ask_long(const struct fdf_call *c, char *const *envp)
{
	size_t argc = fdf_argc(c->argv), len = (argc + 2) * sizeof *c->argv;
	char *few[FEW_WORDS + 2], **argv = few;
	int r;

	if (argc > FEW_WORDS) {
		argv = sys_mmap_anon(len); /* given back at once, by a vfork child too */
		if (!argv)
			return -EFAULT;
	}
	r = ask_with(c, envp, argv, argc);
	if (argv != few)
		sys_munmap(argv, len);
	return r == -EFAULT && !fdf_fits(c, envp) ? -E2BIG : r; /* the first is copied last */
}

static int ask_short(const struct fdf_call *c, char *const *envp)
{
	struct fdf_call asked = *c;

	asked.argv = FDF_NO_ADDRESS;
	return fdf_raw_exec(&asked, envp, fdf_cookie());
}

/* -EFAULT: nothing stands against the exec up to what is in the file.  Valgrind reports an address
 * that is none. */
static int ask(struct fdf_fence *f, const struct fdf_call *c, char *const *envp)
{
	int r = fdf_on_valgrind()	 ? -EFAULT
		: is_long(c->argv, envp) ? ask_long(c, envp)
					 : ask_short(c, envp);

	return r == -EFAULT && fdf_arguments_first(f) ? fdf_way_refused(c->dirfd, c->path, c->flags)
						      : r;
}

static int ask_path(struct fdf_fence *f, const char *path)
{
	static char *const none[1];
	const struct fdf_call c = { .dirfd = AT_FDCWD, .path = path };

	return ask(f, &c, none);
}

/* ... of the file that is open: that nobody writes to it, which ask() has told on other kernels. */
static int ask_open(const struct fdf_image *p)
{
	return fdf_arguments_first(p->f) ? fdf_written_to(p->file.fd) : -EFAULT;
}

/* Does the kernel run programs of this machine as it runs this one?  Others may run all the same. */
static bool is_native(const ElfW(Ehdr) * h)
{
	return h->e_ident[EI_CLASS] == FDF_ELF_CLASS && h->e_machine == FDF_ELF_MACHINE;
}

/* What is looked at, how, and what is seen. */
struct look {
	struct fdf_fence *f;
	const struct fdf_call *c;
	char *const *envp;
	bool alone;  /* see fdf_predict() */
	bool copied; /* see struct fdf_image */
	struct fdf_predicted *seen;
};

/* What is known of a file that cannot be opened. */
static int closed(const struct fdf_image *p)
{
	if (p->file.fd == -EFAULT)
		return -EFAULT;
	return p->copied || p->file.fd == -EMFILE ? NO_NUMBER : 0;
}

/* The file that is open: 0, or what the kernel says when it is to be a program's loader. */
static int as_loader(const struct fdf_image *p, uint64_t size)
{
	const ElfW(Ehdr) *h = (const void *)p->head;

	if (size < sizeof *h)
		return -EIO;
	return fdf_image_is_elf(p) && is_native(h) && fdf_image_has_headers(p) ? 0 : -ELIBBAD;
}

/*
 * 0, the error that an ELF program meets with this loader, or NO_NUMBER.  path may lie in p->head.
 * The kernel has run the loader of this process.  Its mode tells one that is alone, and can undo all,
 * whether it still may.
 */
static int ask_loader(struct fdf_image *p, const char *path, bool alone)
{
	const char *own = alone && fdf_image_is_own_loader(path) ? fdf_own_loader() : NULL;
	struct fdf_stat st;
	int r = own ? -EFAULT : ask_path(p->f, path);
	bool told;

	if (r != -EFAULT)
		return r;
	if (!fdf_image_open(p, AT_FDCWD, path))
		return closed(p);
	told = sys_fstat(p->file.fd, &st) == 0;
	if (own && (st.mode & ANY_MAY_RUN) != ANY_MAY_RUN)
		r = ask_path(p->f, own);
	if (r == -EFAULT && !own)
		r = ask_open(p);
	if (r == -EFAULT)
		r = as_loader(p, told ? st.size : UINT64_MAX);
	fdf_image_close(p);
	return r;
}

/* 0, -errno, NOT_OURS or NO_NUMBER.  The program that is open in *p ends there. */
static int ask_elf(struct fdf_image *p, bool alone)
{
	const ElfW(Ehdr) *h = (const void *)p->head;
	const char *loader = NULL;
	int r = NOT_OURS;

	if (!is_native(h))
		r = FDF_ELF_MAY_RUN(h->e_machine) ? 0 : NOT_OURS;
	else if ((h->e_type == ET_EXEC || h->e_type == ET_DYN) && fdf_image_has_headers(p))
		r = fdf_image_loader(p, &loader) ? 0 : NOT_OURS;
	fdf_image_close(p);
	return r == 0 && loader ? ask_loader(p, loader, alone) : r;
}

/* A format of its own, which Linux has had up to 5.17: such a file would run. */
static bool may_be_aout(const char *head)
{
	static const char magic[][2] = { { 7, 1 }, { 8, 1 }, { 11, 1 }, { '\xcc', 0 } };
	struct {
		char system[65], node[65], release[65], rest[195];
	} name;
	const char *release = name.release;
	bool has_magic = false;
	unsigned long major;

	for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
		has_magic |= head[0] == magic[i][0] && head[1] == magic[i][1];
	if (!has_magic || SYS1(__NR_uname, &name) < 0)
		return has_magic;
	major = fdf_take_number(&release);
	release += *release == '.';
	return major < 5 || (major == 5 && fdf_take_number(&release) < 18);
}

/* "/dev/fd/N", by which a script would be opened, is closed by the exec. */
static bool goes_away(const struct fdf_call *c)
{
	int flags = c->dirfd == AT_FDCWD || c->path[0] == '/' ? 0 : sys_fcntl(c->dirfd, F_GETFD, 0);

	return flags > 0 && (flags & FD_CLOEXEC);
}

/* The file that the kernel has come to, and whose turn it is. */
static int ask_at(const struct look *l, const struct fdf_call *at, int depth)
{
	return depth ? ask_path(l->f, at->path) : ask(l->f, l->c, l->envp);
}

/*
 * A child of vfork() with the smallest table can put all back (FDF_UNDO_MAX), and so the kernel's
 * own answer is the cheapest one.  Mode and kind tell what it finds most often: no such program.
 */
static bool may_try(const struct fdf_call *c, char *const *envp, struct fdf_predicted *seen)
{
	struct fdf_stat st;

	if (!seen->smallest || c->at || fdf_on_valgrind() || is_long(c->argv, envp) ||
	    sys_stat(c->dirfd, c->path, 0, &st) < 0 || (st.mode & S_IFMT) != S_IFREG ||
	    (st.mode & ANY_MAY_RUN) != ANY_MAY_RUN)
		return false;
	seen->script = true; /* for all that is known */
	seen->file = fdf_file_id(&st);
	return true;
}

/* 0, -errno or NO_NUMBER. */
static int look(const struct look *l)
{
	struct fdf_call at = *l->c; /* the file that the kernel has come to */
	struct fdf_image p;
	char name[FDF_SCRIPT_LINE];

	p.f = l->f;
	p.copied = l->copied;
	l->seen->script = true; /* what cannot be read may be one */
	for (int depth = 0;; depth++) {
		bool asked = l->copied && !depth;
		int r = asked ? -EFAULT : ask_at(l, &at, depth);
		const char *next;

		if (r != -EFAULT)
			return r;
		if (depth > FDF_SCRIPT_DEPTH)
			return -ELOOP;
		if (!fdf_image_open(&p, at.dirfd, at.path))
			return closed(&p);
		/* the kernel gives the lowest number that is free */
		if (!depth && !l->copied && !p.file.lent)
			l->seen->open_below = p.file.fd;
		l->seen->script = depth;
		r = asked ? -EFAULT : ask_open(&p);
		if (r != -EFAULT) {
			fdf_image_close(&p);
			return r;
		}
		if (fdf_image_is_elf(&p)) {
			r = ask_elf(&p, l->alone);
			return r == NOT_OURS ? fdf_trial(&at) : r;
		}
		fdf_image_close(&p);
		next = fdf_image_interpreter(&p);
		if (!next)
			return may_be_aout(p.head) ? 0 : fdf_trial(&at);
		l->seen->script = true;
		if (!depth && goes_away(l->c))
			return -ENOENT;
		for (size_t i = 0; i < sizeof name && (!i || name[i - 1]); i++)
			name[i] = next[i];
		at = (struct fdf_call){ .dirfd = AT_FDCWD, .path = name };
	}
}

struct cramped {
	struct look *look;
	int spare; /* a number that the child closes in its own table */
	int r;
};

static int look_without(void *arg)
{
	struct cramped *l = arg;

	sys_close(l->spare);
	l->r = look(l->look);
	return 0;
}

static int look_in_child(struct cramped *l, int spare)
{
	struct fdf_clone a = { .flags = CLONE_VM | CLONE_VFORK }; /* which tells by no signal */
	fdf_sigset mask;
	long pid;

	l->spare = spare;
	l->r = NO_NUMBER;
	sys_sigmask(SIG_BLOCK, &FDF_ALL_SIGNALS, &mask);
	pid = sys_clone_call(&a, 0, look_without, l);
	if (pid > 0)
		SYS4(__NR_wait4, pid, NULL, __WCLONE, NULL);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
	return l->r;
}

/*
 * The table is full: a child looks, with a copy of it that has a number less.  A way that leads
 * through that number is not there for it: so an error counts that is met without another, too.
 */
static int look_cramped(struct look *look)
{
	struct cramped l = { .look = look };
	uint64_t soft, hard;
	int spare, errors = 0;

	sys_limit(RLIMIT_NOFILE, &soft, &hard);
	spare = soft > FDF_FD_LAST ? FDF_FD_LAST
				   : (int)soft - 1; /* all below the limit are taken */
	for (int tries = 0; tries < 3; tries++, spare--) {
		int r;

		spare -= spare == look->c->dirfd;
		r = look_in_child(&l, spare);
		errors += r < 0;
		if (r == 0 || errors == 2)
			return r;
	}
	return 0;
}

int fdf_predict(struct fdf_fence *f, const struct fdf_call *c, char *const *envp,
		enum fdf_table table, struct fdf_predicted *seen)
{
	struct look l = { f, c, envp, table != FDF_SHARED, false, seen };
	fdf_sigset mask;
	int r;

	seen->smallest = table == FDF_FRESH && fdf_tab_smallest();
	seen->open_below = 0;
	seen->file = 0;
	if (may_try(c, envp, seen))
		return 0;
	/* The number that a look takes is no handler's to replace, and none jumps away from it. */
	sys_sigmask(SIG_BLOCK, &FDF_ALL_SIGNALS, &mask);
	r = look(&l);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
	if (r != NO_NUMBER)
		return r;
	l.copied = true;
	return look_cramped(&l);
}
