/*
 * host_caught: a signal meets a child of posix_spawn() before its program does.
 *
 *	host_caught WORD...	the words are those of surround.h
 *
 * Two fifos as file actions hold the child up: when it has come to the first a second thread sends
 * SIGURG, which nobody notices by default, to the group of both, and lets it go on.  Prints whose
 * handler ran.
 */
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>

#include "tests/helpers/host/host.h"
#include "tests/helpers/surround.h"

static pid_t parent;
static volatile int *in_child, in_parent;
static const char first[] = "caught.1", second[] = "caught.2"; /* in a directory of its own */

static void on_signal(int sig)
{
	(void)sig;
	if (getpid() == parent)
		in_parent = 1;
	else
		*in_child = 1;
}

static void *sends(void *unused)
{
	int fd = open(first, O_WRONLY | O_CLOEXEC); /* waits for the child */

	kill(0, SIGURG);
	close(open(second, O_WRONLY | O_CLOEXEC));
	close(fd);
	return unused;
}

int main(int argc, char **argv)
{
	char *child[] = { "true", NULL };
	posix_spawn_file_actions_t actions;
	pthread_t t;
	pid_t pid;
	int r;

	(void)argc;
	parent = getpid();
	in_child = mmap(NULL, sizeof *in_child, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	setpgid(0, 0);
	if (in_child == MAP_FAILED || mkfifo(first, 0600) || mkfifo(second, 0600) ||
	    signal(SIGURG, on_signal) == SIG_ERR)
		die("preparation");
	surround(argv + 1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 8, first, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 9, second, O_RDONLY, 0);
	if (pthread_create(&t, NULL, sends, NULL))
		die("thread");
	r = posix_spawn(&pid, "/bin/true", &actions, NULL, child, environ);
	pthread_join(t, NULL);
	unlink(first);
	unlink(second);
	if (r || status_of(pid))
		die("spawn");
	printf("the parent's %d, the child's %d\n", in_parent, *in_child);
	return 0;
}
