/* opens: opens and closes a file N times; or, with a second argument, computes as often. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 0;
	volatile double x = 1;

	for (long i = 0; i < n; i++)
		if (argc > 2)
			x = x * 1.0000001 + 1;
		else
			close(open("/etc/passwd", O_RDONLY));
	return 0;
}
