/*
 * task.c: a task on the caller's own stack, the one place with a stack switch.
 *
 * Runs in any context.  The child half never returns through the caller's
 * frames: it calls fn and ends.
 */
#include "sys.h"

long sys_clone_call(struct fdf_clone *a, int with3, int (*fn)(void *), void *arg)
{
	long ret;
#ifdef __i386__
	unsigned long sp;

	__asm__ volatile("mov %%esp, %0" : "=r"(sp));
	sp = (sp - 256) & ~15UL;
	((void **)sp)[-1] = (void *)fn;
	((void **)sp)[-2] = arg;
	sp -= 2 * sizeof(void *);
	a->stack = sp - 64;
	a->stack_size = 64;
	/* in the task: pop arg, pop fn, call fn(arg), exit with its value */
#define FDF_CHILD                                                                                \
	"test %%eax, %%eax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tpop %%eax\n\tpop %%edx\n\tsub $12, " \
	"%%esp\n\tpush "                                                                         \
	"%%eax\n\t"                                                                              \
	"call *%%edx\n\tmov %%eax, %%ebx\n\tmov $1, %%eax\n\tint $0x80\n\thlt\n1:"
	if (with3)
		__asm__ volatile("int $0x80\n\t" FDF_CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone3), "b"(a), "c"(sizeof *a)
				 : "edx", "memory");
	else
		__asm__ volatile("int $0x80\n\t" FDF_CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone), "b"((long)(a->flags | a->exit_signal)), "c"(sp),
				   "d"((long)a->pidfd), "S"(0), "D"(0)
				 : "memory");
#else
	register int (*f)(void *) __asm__("r12") = fn;
	register void *x __asm__("r13") = arg;
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	unsigned long sp;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	sp = (sp - 256) & ~15UL;
	a->stack = sp - 64;
	a->stack_size = 64;
#define FDF_CHILD                                                                                \
	"syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tmov %[x], %%rdi\n\tcall " \
	"*%[f]\n\t"                                                                              \
	"mov %%eax, %%edi\n\tmov $60, %%eax\n\tsyscall\n\thlt\n1:"
	if (with3)
		__asm__ volatile(FDF_CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone3), "D"(a), "S"(sizeof *a), [f] "r"(f), [x] "r"(x)
				 : "rcx", "r11", "memory");
	else
		__asm__ volatile(FDF_CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone), "D"(a->flags | a->exit_signal), "S"(sp),
				   "d"(a->pidfd), "r"(r10), "r"(r8), [f] "r"(f), [x] "r"(x)
				 : "rcx", "r11", "memory");
#endif
#undef FDF_CHILD
	return ret;
}
