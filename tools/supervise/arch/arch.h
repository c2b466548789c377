/*
 * arch.h: what the supervisor needs of a processor: numbers of system calls for its filter, and
 * how a new image, stopped before its first instruction, is made to close descriptors.
 *
 * One file a processor, NAME.c (and NAME.S), of which the build takes the one that it builds for.
 */
#ifndef FDF_SUPERVISE_ARCH_H
#define FDF_SUPERVISE_ARCH_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <sys/user.h>
#ifdef __riscv
#include <asm/ptrace.h> /* struct user_regs_struct, which <sys/user.h> has elsewhere */
#endif

#define ARCH_ALIASES 2 /* one call under so many numbers (x32, fcntl64); 0: none */

/* The system calls of one ABI that the kernel runs programs of. */
struct arch_abi {
	uint32_t audit; /* AUDIT_ARCH_* */
	int execve[ARCH_ALIASES], execveat[ARCH_ALIASES];
	int dup, dup2, dup3, fcntl[ARCH_ALIASES], ioctl;
	int seccomp, prctl;
	bool sixth; /* execve has a sixth argument register, for a cookie */
};

/* Ends with one whose audit is 0. */
extern const struct arch_abi arch_abis[];

/* First and last number to close, both included. */
struct arch_range {
	uint32_t first, last;
};

/* What a new image is made to close. */
struct arch_seal {
	struct arch_range *ranges; /* ascending; none begins with 0 */
	size_t n;
	bool each; /* number by number, since close_range may be denied */
};

struct arch_regs {
	struct user_regs_struct r;
};

/* Of a task that this thread traces and that is stopped.  0, or -1 with errno. */
int arch_get(pid_t tid, struct arch_regs *to);
int arch_set(pid_t tid, const struct arch_regs *regs);

/* The stack pointer. */
uint64_t arch_stack(const struct arch_regs *regs);

/* Does the new image run the ABI of this program, so that the stub is for it? */
bool arch_is_native(const struct arch_regs *regs);

/*
 * Code that closes what `what` says, and then starts the image as if nothing had been there; what
 * cannot be closed ends it.  Number by number: it ends in a trap (SIGTRAP) whatever was closed, and who
 * traces it looks, and sets the registers that the image was to start with.  It will lie at address `at`
 * and begin there.  Returns its bytes in buf, 0 if they are more than size or there is none for this
 * processor; sets regs.
 */
size_t arch_stub(unsigned char *buf, size_t size, uint64_t at, struct arch_regs *regs,
		 const struct arch_seal *what);

/*
 * The stubs as they are copied: arch/NAME.S.  Behind each come the image's own entry, and the ranges;
 * behind the last of them a first number of 0.
 */
extern const unsigned char arch_stub_ranges[], arch_stub_ranges_end[];
extern const unsigned char arch_stub_each[], arch_stub_each_end[];

static inline size_t arch_stub_fill(unsigned char *buf, size_t size, uint64_t entry,
				    const struct arch_seal *what)
{
	const unsigned char *begin = what->each ? arch_stub_each : arch_stub_ranges;
	const unsigned char *end = what->each ? arch_stub_each_end : arch_stub_ranges_end;
	const struct arch_range last = { 0, 0 };
	size_t code = (size_t)(end - begin), ranges = what->n * sizeof(last);
	size_t len = code + sizeof(entry) + ranges + sizeof(last);

	if (len > size)
		return 0;
	memcpy(buf, begin, code);
	memcpy(buf + code, &entry, sizeof(entry));
	memcpy(buf + code + sizeof(entry), what->ranges, ranges);
	memcpy(buf + code + sizeof(entry) + ranges, &last, sizeof(last));
	return len;
}

enum arch_call { ARCH_CLOSE, ARCH_CLOSE_RANGE };

/*
 * Of a task that stands at the entry of a system call, with *entry: make another call of it.
 * audit: AUDIT_ARCH_* of that call, by which it has its number and its arguments.  0, or -1 where that
 * cannot be done.
 */
int arch_replace(pid_t tid, const struct arch_regs *entry, uint32_t audit, enum arch_call call,
		 uint32_t first, uint32_t last);
/* What that call returned, at its exit. */
long arch_result(const struct arch_regs *exit);
/* Have the program's own call made, for the first time as it sees it. */
int arch_again(pid_t tid, const struct arch_regs *entry);
/*
 * Of a task that is stopped behind a system call, which a signal that it will not see has ended: have it
 * made again.  first: its first argument.  -1: it ended by itself, or that cannot be done.
 */
int arch_repeat(pid_t tid, uint64_t first);

/* Did a signal end it?  The others are of the kernel: include/linux/errno.h, ERESTARTSYS and its kin. */
static inline bool arch_is_interrupted(long result)
{
	return result == -EINTR || (result <= -512 && result >= -514);
}

#endif
