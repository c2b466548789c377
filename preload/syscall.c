/*
 * syscall.c: syscall(), which may be asked for an exec, and clone().
 *
 * Everything but execve and execveat is libc's: this jumps there with registers
 * and stack as they came, since clone and vfork through syscall() must find no
 * frame of ours.  A clone with CLONE_FILES is remembered: from then on another
 * process has the same table, and an exec that fails must not leave it.
 */
#include <linux/sched.h>

#include "fence.h"

#ifdef __i386__
__asm__(".globl syscall\n.type syscall,@function\n"
	"syscall:\n\t"
	"mov 4(%esp), %eax\n\t"
	"cmp $11, %eax\n\tje fdf_syscall_execve\n\t"
	"cmp $358, %eax\n\tje fdf_syscall_execveat\n\t"
	"call 1f\n1:\tpop %ecx\n\t"
	"add $_GLOBAL_OFFSET_TABLE_+(.-1b), %ecx\n\t"
	"cmp $435, %eax\n\tje 2f\n\t"
	"cmp $120, %eax\n\tjne 3f\n\t"
	"testl $0x400, 8(%esp)\n\tjz 3f\n"
	"2:\tmovl $1, fdf_shares@GOTOFF(%ecx)\n3:\t"
	"mov fdf_real@GOTOFF(%ecx), %ecx\n\t"
	"jmp *%ecx\n"
	".size syscall,.-syscall\n");
_Static_assert(__NR_execve == 11 && __NR_execveat == 358 && __NR_clone == 120 && __NR_clone3 == 435,
	       "above");
#else
__asm__(".globl syscall\n.type syscall,@function\n"
	"syscall:\n\t"
	"cmp $59, %rdi\n\tje fdf_syscall_execve\n\t"
	"cmp $322, %rdi\n\tje fdf_syscall_execveat\n\t"
	"cmp $435, %rdi\n\tje 2f\n\t"
	"cmp $56, %rdi\n\tjne 3f\n\t"
	"test $0x400, %esi\n\tjz 3f\n" /* CLONE_FILES; what clone3 holds is not looked at */
	"2:\tmovl $1, fdf_shares(%rip)\n3:\t"
	"jmp *fdf_real(%rip)\n"
	".size syscall,.-syscall\n");
_Static_assert(__NR_execve == 59 && __NR_execveat == 322 && __NR_clone == 56 && __NR_clone3 == 435,
	       "above");
#endif
_Static_assert(offsetof(struct fdf_real, syscall) == 0, "jumped through above");

/* Before the constructor has run: a hook that another preload's constructor reaches. */
static long early(long nr, long a, long b, long c, long d, long e)
{
	return fdf_ret((int)sys5(nr, a, b, c, d, e));
}

int fdf_shares;

/* libc's is variadic; the three behind arg are passed on whether they were given or not. */
FDF_EXPORT int clone(int (*fn)(void *), void *stack, int flags, void *arg, void *ptid, void *tls,
		     void *ctid)
{
	if ((flags & CLONE_FILES) && !(flags & CLONE_THREAD))
		fdf_shares = 1;
	if (!fdf_real.clone) /* another constructor comes before ours */
		fdf_real.clone = fdf_next("clone");
	return fdf_real.clone(fn, stack, flags, arg, ptid, tls, ctid);
}

struct fdf_real fdf_real = { .syscall = (long (*)(long, ...))early };
