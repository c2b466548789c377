/*
 * x86_64.c: see arch.h.  Runs images of x86-64, x32 and i386.
 */
#include <asm/unistd.h>
#include <linux/audit.h>
#include <sys/ptrace.h>

#include "tools/supervise/arch/arch.h"

#define X32	 0x40000000 /* __X32_SYSCALL_BIT: its numbers from 512 on are other calls */
#define CS_64BIT 0x33	    /* __USER_CS: the segment of 64-bit code */

/* The numbers of i386: arch/x86/entry/syscalls/syscall_32.tbl. */
enum {
	I386_CLOSE = 6,
	I386_EXECVE = 11,
	I386_DUP = 41,
	I386_IOCTL = 54,
	I386_FCNTL = 55,
	I386_DUP2 = 63,
	I386_PRCTL = 172,
	I386_FCNTL64 = 221,
	I386_DUP3 = 330,
	I386_SECCOMP = 354,
	I386_EXECVEAT = 358,
	I386_CLOSE_RANGE = 436,
};

const struct arch_abi arch_abis[] = {
	{ .audit = AUDIT_ARCH_X86_64,
	  .execve = { __NR_execve },
	  .execveat = { __NR_execveat },
	  .dup = __NR_dup,
	  .dup2 = __NR_dup2,
	  .dup3 = __NR_dup3,
	  .fcntl = { __NR_fcntl },
	  .ioctl = __NR_ioctl,
	  .seccomp = __NR_seccomp,
	  .prctl = __NR_prctl,
	  .sixth = true },
	{ .audit = AUDIT_ARCH_X86_64, /* x32, which a filter sees as the same architecture */
	  .execve = { X32 | 520 },
	  .execveat = { X32 | 545 },
	  .dup = X32 | __NR_dup,
	  .dup2 = X32 | __NR_dup2,
	  .dup3 = X32 | __NR_dup3,
	  .fcntl = { X32 | __NR_fcntl },
	  .ioctl = X32 | 514,
	  .seccomp = X32 | __NR_seccomp,
	  .prctl = X32 | __NR_prctl },
	{ .audit = AUDIT_ARCH_I386,
	  .execve = { I386_EXECVE },
	  .execveat = { I386_EXECVEAT },
	  .dup = I386_DUP,
	  .dup2 = I386_DUP2,
	  .dup3 = I386_DUP3,
	  .fcntl = { I386_FCNTL, I386_FCNTL64 },
	  .ioctl = I386_IOCTL,
	  .seccomp = I386_SECCOMP,
	  .prctl = I386_PRCTL },
	{ 0 },
};

int arch_get(pid_t tid, struct arch_regs *to)
{
	return (int)ptrace(PTRACE_GETREGS, tid, NULL, &to->r);
}

int arch_set(pid_t tid, const struct arch_regs *regs)
{
	return (int)ptrace(PTRACE_SETREGS, tid, NULL, &regs->r);
}

uint64_t arch_stack(const struct arch_regs *regs)
{
	return regs->r.rsp;
}

bool arch_is_native(const struct arch_regs *regs)
{
	return regs->r.cs == CS_64BIT;
}

size_t arch_stub(unsigned char *buf, size_t size, uint64_t at, struct arch_regs *regs,
		 const struct arch_seal *what)
{
	size_t len = arch_stub_fill(buf, size, regs->r.rip, what);

	if (len)
		regs->r.rip = at;
	return len;
}

/* 64-bit code may make a call of i386 (int $0x80): what it is in does not tell. */
int arch_replace(pid_t tid, const struct arch_regs *entry, uint32_t audit, enum arch_call call,
		 uint32_t first, uint32_t last)
{
	bool native = audit == AUDIT_ARCH_X86_64;
	struct arch_regs regs = *entry;

	if (!native && audit != AUDIT_ARCH_I386)
		return -1;
	if (call == ARCH_CLOSE)
		regs.r.orig_rax = native ? __NR_close : I386_CLOSE;
	else
		regs.r.orig_rax = native ? __NR_close_range : I386_CLOSE_RANGE;
	if (native) {
		regs.r.rdi = first;
		regs.r.rsi = last;
		regs.r.rdx = 0;
	} else {
		regs.r.rbx = first;
		regs.r.rcx = last;
		regs.r.rdx = 0;
	}
	return arch_set(tid, &regs);
}

long arch_result(const struct arch_regs *exit)
{
	return arch_is_native(exit) ? (long)exit->r.rax : (long)(int)exit->r.rax;
}

/* syscall, sysenter's way back and int $0x80 are two bytes each. */
int arch_again(pid_t tid, const struct arch_regs *entry)
{
	struct arch_regs regs = *entry;

	regs.r.rip -= 2;
	regs.r.rax = regs.r.orig_rax;
	regs.r.orig_rax = (unsigned long long)-1; /* in no system call: nothing is restarted */
	return arch_set(tid, &regs);
}

int arch_repeat(pid_t tid, uint64_t first)
{
	struct arch_regs regs;

	(void)first; /* it stays where it was */
	return arch_get(tid, &regs) || !arch_is_interrupted(arch_result(&regs))
		       ? -1
		       : arch_again(tid, &regs);
}
