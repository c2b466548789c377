/*
 * aarch64.c: see arch.h.  Runs images of arm64; those of 32-bit arm are not sealed, and so are ended.
 */
#include <asm/unistd.h>
#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "tools/supervise/arch/arch.h"

/* The numbers of arm: arch/arm/tools/syscall.tbl. */
enum {
	ARM_EXECVE = 11,
	ARM_DUP = 41,
	ARM_IOCTL = 54,
	ARM_FCNTL = 55,
	ARM_DUP2 = 63,
	ARM_PRCTL = 172,
	ARM_FCNTL64 = 221,
	ARM_DUP3 = 358,
	ARM_SECCOMP = 383,
	ARM_EXECVEAT = 387,
};

const struct arch_abi arch_abis[] = {
	{ .audit = AUDIT_ARCH_AARCH64,
	  .execve = { __NR_execve },
	  .execveat = { __NR_execveat },
	  .dup = __NR_dup,
	  .dup3 = __NR_dup3,
	  .fcntl = { __NR3264_fcntl },
	  .ioctl = __NR_ioctl,
	  .seccomp = __NR_seccomp,
	  .prctl = __NR_prctl,
	  .sixth = true },
	{ .audit = AUDIT_ARCH_ARM,
	  .execve = { ARM_EXECVE },
	  .execveat = { ARM_EXECVEAT },
	  .dup = ARM_DUP,
	  .dup2 = ARM_DUP2,
	  .dup3 = ARM_DUP3,
	  .fcntl = { ARM_FCNTL, ARM_FCNTL64 },
	  .ioctl = ARM_IOCTL,
	  .seccomp = ARM_SECCOMP,
	  .prctl = ARM_PRCTL },
	{ 0 },
};

int arch_get(pid_t tid, struct arch_regs *to)
{
	struct iovec v = { &to->r, sizeof(to->r) };

	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &v))
		return -1;
	if (v.iov_len == sizeof(to->r))
		return 0;
	errno = ENOEXEC; /* the registers of arm are fewer */
	return -1;
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
	return true; /* arch_get() fails for others */
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
	int nr = call == ARCH_CLOSE ? __NR_close : __NR_close_range;
	struct iovec v = { &nr, sizeof(nr) };
	struct arch_regs regs = *entry;

	if (audit != AUDIT_ARCH_AARCH64)
		return -1;
	regs.r.regs[0] = first;
	regs.r.regs[1] = last;
	regs.r.regs[2] = 0;
	/* The number was read from x8 already: it has a place of its own. */
	return arch_set(tid, &regs) ? -1
				    : (int)ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &v);
}

long arch_result(const struct arch_regs *exit)
{
	return (long)exit->r.regs[0];
}

int arch_again(pid_t tid, const struct arch_regs *entry)
{
	struct arch_regs regs = *entry;

	regs.r.pc -= 4; /* svc */
	return arch_set(tid, &regs);
}

/* Where the kernel restarts it by itself that is done before the stop, and is not seen. */
int arch_repeat(pid_t tid, uint64_t first)
{
	struct arch_regs regs;

	if (arch_get(tid, &regs) || arch_result(&regs) != -EINTR)
		return -1;
	regs.r.regs[0] = first;
	regs.r.pc -= 4; /* the instruction that made it */
	return arch_set(tid, &regs);
}
