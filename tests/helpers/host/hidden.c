/*
 * host_hidden: a child of vfork() with a table of 64 places, and a process that shares it (CLONE_FILES)
 * and was made by no call of libc.  An exec of a file of no format fails; does the other one see what
 * is opened afterwards?
 *
 *	host_hidden FILE
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/helpers/hidden.h"
#include "tests/helpers/host/host.h"

struct told {
	volatile int ready, asked, fd, sees, error;
};

#ifdef __x86_64__
static void child_of_vfork(struct told *t, char *file)
{
	char *argv[] = { file, NULL };
	long pid = hidden_sharer();

	if (pid == 0) {
		t->ready = 1;
		while (!t->asked)
			sched_yield();
		t->sees = fcntl(t->fd, F_GETFD) >= 0;
		_exit(0);
	}
	while (pid > 0 && !t->ready)
		sched_yield();
	execve(file, argv, environ);
	t->error = errno;
	t->fd = open("/dev/null", O_RDONLY);
	t->asked = 1;
	waitpid((pid_t)pid, NULL, 0);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct told *t =
		mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (argc != 2 || t == MAP_FAILED)
		return 125;
	syscall(SYS_close_range, 3, ~0U, 0);
	must_open("/dev/null", O_RDONLY);
	pid = vfork();
	if (pid == 0)
		child_of_vfork(t, argv[1]);
	waitpid(pid, NULL, 0);
	printf("errno %d, %s\n", t->error, t->sees ? "shared" : "not shared");
	return 0;
}
#else
int main(void)
{
	errno = ENOSYS;
	cannot("make a process by inline assembler");
	return 77;
}
#endif
