/*
 * syscall.c: syscall(), which may be asked for an exec.
 *
 * Everything but execve and execveat is libc's: this jumps there with registers
 * and stack as they came, since clone and vfork through syscall() must find no
 * frame of ours.
 */
#include "fence.h"

#ifdef __i386__
__asm__(".globl syscall\n.type syscall,@function\n"
	"syscall:\n\t"
	"mov 4(%esp), %eax\n\t"
	"cmp $11, %eax\n\tje fdf_syscall_execve\n\t"
	"cmp $358, %eax\n\tje fdf_syscall_execveat\n\t"
	"call 1f\n1:\tpop %ecx\n\t"
	"add $_GLOBAL_OFFSET_TABLE_+(.-1b), %ecx\n\t"
	"mov fdf_real@GOTOFF(%ecx), %ecx\n\t"
	"jmp *%ecx\n"
	".size syscall,.-syscall\n");
_Static_assert(__NR_execve == 11 && __NR_execveat == 358, "numbers above");
#else
__asm__(".globl syscall\n.type syscall,@function\n"
	"syscall:\n\t"
	"cmp $59, %rdi\n\tje fdf_syscall_execve\n\t"
	"cmp $322, %rdi\n\tje fdf_syscall_execveat\n\t"
	"jmp *fdf_real(%rip)\n"
	".size syscall,.-syscall\n");
_Static_assert(__NR_execve == 59 && __NR_execveat == 322, "numbers above");
#endif
_Static_assert(offsetof(struct fdf_real, syscall) == 0, "jumped through above");

/* Before the constructor has run: a hook that another preload's constructor reaches. */
static long early(long nr, long a, long b, long c, long d, long e)
{
	return fdf_ret((int)sys5(nr, a, b, c, d, e));
}

struct fdf_real fdf_real = { .syscall = (long (*)(long, ...))early };
