/*
 * riscv64.c: see arch.h.  By the stub alone: a tracer cannot change the first argument of a system
 * call there before Linux 6.16, since the kernel keeps it aside (orig_a0).
 */
#include <asm/unistd.h>
#include <elf.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "tools/supervise/arch/arch.h"

const struct arch_abi arch_abis[] = {
	{ .audit = AUDIT_ARCH_RISCV64,
	  .execve = { __NR_execve },
	  .execveat = { __NR_execveat },
	  .dup = __NR_dup,
	  .dup3 = __NR_dup3,
	  .fcntl = { __NR3264_fcntl },
	  .ioctl = __NR_ioctl,
	  .seccomp = __NR_seccomp,
	  .prctl = __NR_prctl,
	  .sixth = true },
	{ 0 },
};

int arch_get(pid_t tid, struct arch_regs *to)
{
	struct iovec v = { &to->r, sizeof(to->r) };

	return (int)ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &v);
}

int arch_set(pid_t tid, const struct arch_regs *regs)
{
	struct iovec v = { (void *)&regs->r, sizeof(regs->r) };

	return (int)ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &v);
}

uint64_t arch_stack(const struct arch_regs *regs)
{
	return regs->r.sp;
}

bool arch_is_native(const struct arch_regs *regs)
{
	(void)regs;
	return true;
}

size_t arch_stub(unsigned char *buf, size_t size, uint64_t at, struct arch_regs *regs,
		 const struct arch_seal *what)
{
	size_t len = arch_stub_fill(buf, size, regs->r.pc, what);

	if (len)
		regs->r.pc = at;
	return len;
}

int arch_replace(pid_t tid, const struct arch_regs *entry, uint32_t audit, enum arch_call call,
		 uint32_t first, uint32_t last)
{
	(void)tid;
	(void)entry;
	(void)audit;
	(void)call;
	(void)first;
	(void)last;
	return -1;
}

long arch_result(const struct arch_regs *exit)
{
	return (long)exit->r.a0;
}

int arch_again(pid_t tid, const struct arch_regs *entry)
{
	(void)tid;
	(void)entry;
	return -1;
}

/* Where the kernel restarts it by itself that is done before the stop, and is not seen. */
int arch_repeat(pid_t tid, uint64_t first)
{
	struct arch_regs regs;

	if (arch_get(tid, &regs) || arch_result(&regs) != -EINTR)
		return -1;
	regs.r.a0 = first;
	regs.r.pc -= 4; /* the instruction that made it */
	return arch_set(tid, &regs);
}
