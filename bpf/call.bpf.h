/*
 * call.bpf.h: a system call's number and arguments, of 64-bit and of 32-bit programs.
 */
#ifndef FDT_CALL_H
#define FDT_CALL_H

#include "bpf/act.bpf.h"

#if defined(__TARGET_ARCH_x86)
enum {
	NR_close = 3,
	NR_ioctl = 16,
	NR_pipe = 22,
	NR_dup2 = 33,
	NR_socketpair = 53,
	NR_execve = 59,
	NR_fcntl = 72,
	NR_dup3 = 292,
	NR_pipe2 = 293,
	NR_execveat = 322
};
#else
enum {
	NR_close = 57,
	NR_ioctl = 29,
	NR_pipe = -1,
	NR_dup2 = -2,
	NR_socketpair = 199,
	NR_execve = 221,
	NR_fcntl = 25,
	NR_dup3 = 24,
	NR_pipe2 = 59,
	NR_execveat = 281
};
#endif
enum {
	NR_close_range = 436,
	NR32_close = 6,
	NR32_execve = 11,
	NR32_pipe = 42,
	NR32_ioctl = 54,
	NR32_fcntl = 55,
	NR32_dup2 = 63,
	NR32_socketcall = 102,
	NR32_fcntl64 = 221,
	NR32_dup3 = 330,
	NR32_pipe2 = 331,
	NR32_execveat = 358,
	NR32_socketpair = 360
};
enum {
	SOCKETCALL_SOCKETPAIR = 8, /* the call that socketcall(2) is asked for */
	UNSHARE = 2,
	CLOEXEC = 4,
	SETFD = 2,
	NONCLEX = 0x5450,
	CLEX = 0x5451,
	O_CLOEXEC_ = 02000000 /* SOCK_CLOEXEC, too */
};

struct call {
	u64 nr;
	u64 a, b, c;
};

/* The arguments of a call of its own. */
static __always_inline void socketcall(struct call *c)
{
	u32 args[2] = {};

	c->nr = c->a == SOCKETCALL_SOCKETPAIR ? NR_socketpair : 0;
	bpf_probe_read_user(args, sizeof(args), (void *)c->b);
	c->a = args[0];
	c->b = args[1];
}

/* Numbers of 32-bit programs are those of i386, their registers too. */
static __always_inline struct call call_of(struct pt_regs *r, u64 nr)
{
	struct call c = { nr };

#if defined(__TARGET_ARCH_x86)
	if (BPF_CORE_READ(r, cs) == USER32_CS) {
		c.a = (u32)BPF_CORE_READ(r, bx);
		c.b = (u32)BPF_CORE_READ(r, cx);
		c.c = (u32)BPF_CORE_READ(r, dx);
		if (nr == NR32_ioctl)
			c.nr = NR_ioctl;
		else if (nr == NR32_fcntl || nr == NR32_fcntl64)
			c.nr = NR_fcntl;
		else if (nr == NR32_dup2)
			c.nr = NR_dup2;
		else if (nr == NR32_dup3)
			c.nr = NR_dup3;
		else if (nr == NR32_execve || nr == NR32_execveat)
			c.nr = NR_execve;
		else if (nr == NR32_close)
			c.nr = NR_close;
		else if (nr == NR32_pipe)
			c.nr = NR_pipe;
		else if (nr == NR32_pipe2)
			c.nr = NR_pipe2;
		else if (nr == NR32_socketpair)
			c.nr = NR_socketpair;
		else if (nr == NR32_socketcall)
			socketcall(&c);
		else if (nr != NR_close_range)
			c.nr = 0;
		return c;
	}
	c.a = BPF_CORE_READ(r, di);
	c.b = BPF_CORE_READ(r, si);
	c.c = BPF_CORE_READ(r, dx);
#else
	struct user_pt_regs *u = (void *)r;

	c.a = BPF_CORE_READ(u, regs[0]);
	c.b = BPF_CORE_READ(u, regs[1]);
	c.c = BPF_CORE_READ(u, regs[2]);
#endif
	return c;
}

/*
 * Of a 64-bit or of a 32-bit program; a few others have the same numbers.  A function of its own:
 * else the verifier goes on with each number alone.
 */
__noinline int is_of_interest(u64 nr)
{
	switch (nr) {
	case NR_close_range:
	case NR_fcntl:
	case NR_ioctl:
#if defined(__TARGET_ARCH_x86)
	case NR32_ioctl:
	case NR32_fcntl:
	case NR32_fcntl64:
#endif
		return true;
	case NR_execve:
	case NR_execveat:
	case NR_pipe:
	case NR_pipe2:
	case NR_socketpair:
	case NR_dup2:
	case NR_dup3:
#if defined(__TARGET_ARCH_x86)
	case NR32_execve:
	case NR32_execveat:
	case NR32_pipe:
	case NR32_pipe2:
	case NR32_socketpair:
	case NR32_socketcall:
	case NR32_dup2:
	case NR32_dup3:
#endif
		return cfg.acts;
	/* The most frequent one, and of a process that has done nothing of which it undoes something. */
	case NR_close:
#if defined(__TARGET_ARCH_x86)
	case NR32_close:
#endif
		return cfg.acts && past_of(bpf_get_current_pid_tgid() >> 32);
	default:
		return false;
	}
}

#endif
