/*
 * opens: opens and closes a file N times: "here", from one place; "deep", 20 to 51 functions deep and from another
 * place of the stack each time; or computes as often ("nothing").
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static __attribute__((noinline)) long deep(unsigned left)
{
	long r = left ? deep(left - 1) : close(open("/etc/passwd", O_RDONLY));

	__asm__ volatile("" ::: "memory"); /* no tail call */
	return r;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "here";
	long n = argc > 1 ? atol(argv[1]) : 0;
	volatile double x = 1;

	for (long i = 0; i < n; i++)
		if (!strcmp(what, "nothing"))
			x = x * 1.0000001 + 1;
		else
			deep(*what == 'd' ? 20 + (unsigned)i * 7 % 32 : 0);
	return 0;
}
