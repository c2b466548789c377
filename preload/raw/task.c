/*
 * task.c: a task on the caller's own stack, the one place with a stack switch.
 *
 * Runs in any context.  The child half never returns through the caller's
 * frames: it calls fn and ends.  The caller's half touches nothing below its
 * stack pointer until the task has ended: it sleeps in vfork's wait, or in the
 * loop below, which is assembler so that no more than one word of the gap is used.
 */
#include "preload/raw/sys.h"
#include "preload/raw/task.h"

#define STACK_GAP 256 /* bytes between the caller's stack pointer and the task's stack */

#ifdef __i386__

/* In the task: take arg and fn off its stack, call fn(arg), exit with its value. */
#define CHILD                                                                                  \
	"test %%eax, %%eax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tpop %%eax\n\tpop %%edx\n\t"        \
	"sub $12, %%esp\n\tpush %%eax\n\tcall *%%edx\n\tmov %%eax, %%ebx\n\tmov $1, %%eax\n\t" \
	"int $0x80\n\thlt\n1:"

static inline __attribute__((always_inline)) unsigned long stack_for(int (*fn)(void *), void *arg)
{
	unsigned long sp;

	__asm__ volatile("mov %%esp, %0" : "=r"(sp));
	sp = (sp - STACK_GAP) & ~15UL;
	((void **)sp)[-1] = (void *)fn;
	((void **)sp)[-2] = arg;
	return sp - 2 * sizeof(void *);
}

long sys_clone_call(struct fdf_clone *a, int with3, int (*fn)(void *), void *arg)
{
	unsigned long sp = stack_for(fn, arg);
	long ret;

	a->stack = sp - 64;
	a->stack_size = 64;
	if (with3)
		__asm__ volatile("int $0x80\n\t" CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone3), "b"(a), "c"(sizeof *a)
				 : "edx", "memory");
	else
		__asm__ volatile("int $0x80\n\t" CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone), "b"((long)(a->flags | a->exit_signal)), "c"(sp),
				   "d"((long)a->pidfd), "S"(0), "D"(0)
				 : "memory");
	return ret;
}

long sys_thread_call(unsigned long flags, int (*fn)(void *), void *arg)
{
	unsigned long sp = stack_for(fn, arg);
	int alive = 1;
	long ret, flags_in = (long)(flags | 0x200000), sp_in = (long)sp, none = 0;

	__asm__ volatile("int $0x80\n\t" CHILD "test %%eax, %%eax\n\tjs 3f\n"
			 "2:\tmov (%%edi), %%edx\n\ttest %%edx, %%edx\n\tjz 3f\n\t"
			 "push %%eax\n\tmov $240, %%eax\n\tmov %%edi, %%ebx\n\txor %%ecx, %%ecx\n\t"
			 "int $0x80\n\tpop %%eax\n\tjmp 2b\n3:"
			 : "=a"(ret), "+b"(flags_in), "+c"(sp_in), "+d"(none)
			 : "a"(__NR_clone), "S"(0), "D"(&alive)
			 : "memory");
	return ret;
}

#else

#define CHILD                                                                               \
	"syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tmov %[x], %%rdi\n\t" \
	"call *%[f]\n\tmov %%eax, %%edi\n\tmov $60, %%eax\n\tsyscall\n\thlt\n1:"

static inline __attribute__((always_inline)) unsigned long stack_for(void)
{
	unsigned long sp;

	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	return (sp - STACK_GAP) & ~15UL;
}

long sys_clone_call(struct fdf_clone *a, int with3, int (*fn)(void *), void *arg)
{
	register int (*f)(void *) __asm__("r12") = fn;
	register void *x __asm__("r13") = arg;
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	unsigned long sp = stack_for();
	long ret;

	a->stack = sp - 64;
	a->stack_size = 64;
	if (with3)
		__asm__ volatile(CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone3), "D"(a), "S"(sizeof *a), [f] "r"(f), [x] "r"(x)
				 : "rcx", "r11", "memory");
	else
		__asm__ volatile(CHILD
				 : "=a"(ret)
				 : "a"(__NR_clone), "D"(a->flags | a->exit_signal), "S"(sp),
				   "d"(a->pidfd), "r"(r10), "r"(r8), [f] "r"(f), [x] "r"(x)
				 : "rcx", "r11", "memory");
	return ret;
}

long sys_thread_call(unsigned long flags, int (*fn)(void *), void *arg)
{
	int alive = 1;
	register int (*f)(void *) __asm__("r12") = fn;
	register void *x __asm__("r13") = arg;
	register int *word __asm__("r14") = &alive;
	register void *r10 __asm__("r10") = &alive;
	register long r8 __asm__("r8") = 0;
	long ret, flags_in = (long)(flags | 0x200000), sp = (long)stack_for(), none = 0;

	__asm__ volatile(
		CHILD
		"test %%rax, %%rax\n\tjs 3f\n\tmov %%rax, %%r8\n"
		"2:\tmov (%[w]), %%edx\n\ttest %%edx, %%edx\n\tjz 3f\n\t"
		"mov $202, %%eax\n\tmov %[w], %%rdi\n\txor %%esi, %%esi\n\txor %%r10d, %%r10d\n\t"
		"syscall\n\tmov %%r8, %%rax\n\tjmp 2b\n3:"
		: "=a"(ret), "+D"(flags_in), "+S"(sp), "+d"(none), "+r"(r10), "+r"(r8)
		: "a"(__NR_clone), [f] "r"(f), [x] "r"(x), [w] "r"(word)
		: "rcx", "r11", "memory");
	return ret;
}
#endif

/* CLONE_CHILD_CLEARTID, and futex(word, FUTEX_WAIT, value, NULL) by number above. */
#ifdef __i386__
_Static_assert(__NR_futex == 240 && __NR_exit == 1, "numbers above");
#else
_Static_assert(__NR_futex == 202 && __NR_exit == 60, "numbers above");
#endif
