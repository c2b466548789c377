/*
 * chain: programs that exec each other over and over, as fast as there is: no
 * fork, no libc, one page of code, so that a machine can show the rate of execs
 * that the tracer has to keep up with.
 *
 *	chain DIGITS FDS OTHER    DIGITS: how often, counted down in place
 *
 * The next image is OTHER, a copy of this one, and then this one again: an image
 * that execs itself means what it hands on.
 *
 * Each image closes what it was given and opens FDS files of its own for the next
 * one: leaks, every one.  Which file changes from image to image, so that none of
 * them looks like the one before.
 */
#include <asm/fcntl.h>
#include <asm/unistd.h>

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall go\n");
static long call(long nr, long a, long b, long c)
{
	register long d __asm__("r10") = 0;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(d)
			 : "rcx", "r11", "memory");
	return r;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl go\n");
static long call(long nr, long a, long b, long c)
{
	register long n __asm__("x8") = nr, r __asm__("x0") = a, x1 __asm__("x1") = b,
			x2 __asm__("x2") = c, x3 __asm__("x3") = 0;

	__asm__ volatile("svc 0" : "+r"(r) : "r"(n), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return r;
}
#else
#error "chain: the system calls of this architecture are not written down"
#endif

enum { HERE = -100 };
void go(long *stack);

/* One less in place; false when it was zero. */
static int less(char *digits)
{
	char *p = digits;

	while (*p)
		p++;
	while (p-- > digits) {
		if ((*p)-- != '0')
			return 1;
		*p = '9';
	}
	return 0;
}

/* Called by _start with the stack as the kernel left it: argc, argv, NULL, environment. */
void go(long *stack)
{
	char **argv = (char **)(stack + 1), *p = argv[0];
	const char *path = "/etc/passwd";
	long n = 0;

	if (stack[0] != 4 || !less(argv[1]))
		call(__NR_exit, stack[0] != 4, 0, 0);
	argv[0] = argv[3];
	argv[3] = p;
	for (p = argv[1]; p[1]; p++)
		;
	if (*p & 1)
		path = "/etc/group";
	for (p = argv[2]; *p; p++)
		n = n * 10 + *p - '0';
	call(__NR_close_range, 3, -1, 0);
	while (n-- > 0)
		call(__NR_openat, HERE, (long)path, O_RDONLY);
	call(__NR_execve, (long)argv[0], (long)argv, 0);
	call(__NR_exit, 1, 0, 0);
	__builtin_unreachable();
}
