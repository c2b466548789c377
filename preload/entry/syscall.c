/*
 * syscall.c: syscall(), which may be asked for an exec, and what makes a process
 * without libc's fork handlers: vfork(), _Fork(), clone().
 *
 * Everything but execve and execveat is libc's: this jumps there with registers
 * and stack as they came, since a vfork child must find no frame of ours on the
 * stack.  Two things are remembered: that this memory may have more than one
 * process from now on (sharing.h), and after a clone with CLONE_FILES, that another
 * process has the same table, so that an exec that fails must not leave it.
 */
#include "preload/fence/fence.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

#ifdef __i386__
/* ecx: the base of the data */
#define BASE "\tcall 1f\n1:\tpop %ecx\n\tadd $_GLOBAL_OFFSET_TABLE_+(.-1b), %ecx\n\t"
#define UNSURE(how)                                               \
	"\tcmpl $" #how ", fdf_memory@GOTOFF(%ecx)\n\tjge 9f\n\t" \
	"mov $20, %eax\n\tint $0x80\n\t"                          \
	"mov %eax, fdf_memory+4@GOTOFF(%ecx)\n\t"                 \
	"movl $" #how ", fdf_memory@GOTOFF(%ecx)\n9:\t"
/* clang-format off */
__asm__(".globl syscall\n.type syscall,@function\n"
	"syscall:\n\t"
	"mov 4(%esp), %eax\n\t"
	"cmp $11, %eax\n\tje fdf_syscall_execve\n\t"
	"cmp $358, %eax\n\tje fdf_syscall_execveat\n"
	BASE
	"cmp $435, %eax\n\tje 2f\n\t"
	"cmp $2, %eax\n\tje 3f\n\t"
	"cmp $190, %eax\n\tje 3f\n\t"
	"cmp $120, %eax\n\tjne 4f\n\t"
	"testl $0x400, 8(%esp)\n\tjz 3f\n"
	"2:\tmovl $1, fdf_memory+8@GOTOFF(%ecx)\n"
	"3:" UNSURE(2)
	"4:\tmov fdf_real@GOTOFF(%ecx), %ecx\n\t"
	"jmp *%ecx\n"
	".size syscall,.-syscall\n");
#define BEFORE(name, offset)                                           \
	__asm__(".globl " #name "\n.type " #name ",@function\n"        \
		#name ":\n" BASE UNSURE(1)                                \
		"mov fdf_real+" #offset "@GOTOFF(%ecx), %ecx\n\t"      \
		"jmp *%ecx\n.size " #name ",.-" #name "\n")
/* clang-format on */
BEFORE(vfork, 4);
BEFORE(_Fork, 8);
_Static_assert(__NR_execve == 11 && __NR_execveat == 358 && __NR_clone == 120 &&
		       __NR_clone3 == 435 && __NR_fork == 2 && __NR_vfork == 190 &&
		       __NR_getpid == 20,
	       "above");
#else
#define UNSURE(how)                                          \
	"\tcmpl $" #how ", fdf_memory(%rip)\n\tjge 9f\n\t"   \
	"mov $39, %eax\n\tmov %rcx, %r10\n\tsyscall\n\t"     \
	"mov %r10, %rcx\n\tmov %eax, fdf_memory+4(%rip)\n\t" \
	"movl $" #how ", fdf_memory(%rip)\n9:\t"
__asm__(".globl syscall\n.type syscall,@function\n"
	"syscall:\n\t"
	"cmp $59, %rdi\n\tje fdf_syscall_execve\n\t"
	"cmp $322, %rdi\n\tje fdf_syscall_execveat\n\t"
	"cmp $435, %rdi\n\tje 2f\n\t"
	"cmp $57, %rdi\n\tje 3f\n\t"
	"cmp $58, %rdi\n\tje 3f\n\t"
	"cmp $56, %rdi\n\tjne 4f\n\t"
	"test $0x400, %esi\n\tjz 3f\n" /* CLONE_FILES; what clone3 holds is not looked at */
	"2:\tmovl $1, fdf_memory+8(%rip)\n"
	"3:" UNSURE(2) "4:\tjmp *fdf_real(%rip)\n"
		       ".size syscall,.-syscall\n");
#define BEFORE(name, offset)                                          \
	__asm__(".globl " #name "\n.type " #name ",@function\n" #name \
		":\n" UNSURE(1) "jmp *fdf_real+" #offset "(%rip)\n.size " #name ",.-" #name "\n")
BEFORE(vfork, 8);
BEFORE(_Fork, 16);
_Static_assert(__NR_execve == 59 && __NR_execveat == 322 && __NR_clone == 56 &&
		       __NR_clone3 == 435 && __NR_fork == 57 && __NR_vfork == 58 &&
		       __NR_getpid == 39,
	       "above");
#endif
_Static_assert(offsetof(struct fdf_real, syscall) == 0 &&
		       offsetof(struct fdf_real, vfork) == sizeof(long) &&
		       offsetof(struct fdf_real, fork) == 2 * sizeof(long),
	       "jumped through above");
_Static_assert(FDF_STOPS == 1 && FDF_RUNS == 2 && offsetof(struct fdf_fence, sharing.unsure) == 0 &&
		       offsetof(struct fdf_fence, sharing.owner) == 4 &&
		       offsetof(struct fdf_fence, sharing.shares) == 8,
	       "written above");

/* libc's is variadic; the three behind arg are passed on whether they were given or not. */
FDF_EXPORT int clone(int (*fn)(void *), void *stack, int flags, void *arg, void *ptid, void *tls,
		     void *ctid)
{
	fdf_sharing_clone(&fdf_memory.sharing, flags);
	if (!fdf_real.clone) /* another constructor comes before ours */
		fdf_real.clone = fdf_libc_next("clone");
	return fdf_real.clone(fn, stack, flags, arg, ptid, tls, ctid);
}
