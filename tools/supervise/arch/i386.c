/*
 * i386.c: see arch.h.  Runs images of i386, by the step alone: its vdso has no room for certain.
 */
#include <asm/unistd.h>
#include <linux/audit.h>
#include <sys/ptrace.h>

#include "tools/supervise/arch/arch.h"

const struct arch_abi arch_abis[] = {
	{ .audit = AUDIT_ARCH_I386,
	  .execve = { __NR_execve },
	  .execveat = { __NR_execveat },
	  .dup = __NR_dup,
	  .dup2 = __NR_dup2,
	  .dup3 = __NR_dup3,
	  .fcntl = { __NR_fcntl, __NR_fcntl64 },
	  .ioctl = __NR_ioctl,
	  .seccomp = __NR_seccomp,
	  .prctl = __NR_prctl },
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
	return (uint32_t)regs->r.esp;
}

/* Under a 64-bit kernel an image may be of x86-64, whose segment tells. */
bool arch_is_native(const struct arch_regs *regs)
{
	return regs->r.xcs != 0x33;
}

size_t arch_stub(unsigned char *buf, size_t size, uint64_t at, struct arch_regs *regs,
		 const struct arch_seal *what)
{
	(void)buf;
	(void)size;
	(void)at;
	(void)regs;
	(void)what;
	return 0;
}

int arch_replace(pid_t tid, const struct arch_regs *entry, uint32_t audit, enum arch_call call,
		 uint32_t first, uint32_t last)
{
	struct arch_regs regs = *entry;

	if (audit != AUDIT_ARCH_I386 || !arch_is_native(entry))
		return -1;
	regs.r.orig_eax = call == ARCH_CLOSE ? __NR_close : __NR_close_range;
	regs.r.ebx = (long)first;
	regs.r.ecx = (long)last;
	regs.r.edx = 0;
	return arch_set(tid, &regs);
}

long arch_result(const struct arch_regs *exit)
{
	return exit->r.eax;
}

/* int $0x80, and sysenter's way back, are two bytes each. */
int arch_again(pid_t tid, const struct arch_regs *entry)
{
	struct arch_regs regs = *entry;

	regs.r.eip -= 2;
	regs.r.eax = regs.r.orig_eax;
	regs.r.orig_eax = -1; /* in no system call: nothing is restarted */
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
