/* As a program for AIX or NetBSD closes: prints which of 3 to 20 are left, and that fcntl works. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd, fresh;

	for (fd = 3; fd <= 20; fd++)
		dup2(0, fd);
#ifdef F_CLOSEM
	if (fcntl(-1, F_CLOSEM, 0) != -1 || errno != EBADF)
		printf("not EBADF: ");
	if (fcntl(7, F_CLOSEM, 0) < 0)
		perror("F_CLOSEM");
#else
#error "no F_CLOSEM"
#endif
	for (fd = 3; fd <= 20; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d ", fd);
	fresh = fcntl(0, F_DUPFD, 15);
	fcntl(fresh, F_SETFD, FD_CLOEXEC);
	printf("dup %d cloexec %d lock %d\n", fresh, fcntl(fresh, F_GETFD),
	       fcntl(0, F_GETLK, &lock));
	return 0;
}
