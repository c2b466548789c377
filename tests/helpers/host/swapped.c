/*
 * host_swapped: how often does an exec fail against all signs where its program is swapped all the
 * while?
 *
 *	host_swapped ROUNDS PAUSE_US      in a directory of its own
 *
 * A process renames a good program and one that no kernel runs onto the same name, PAUSE_US apart.
 * Children with a second thread exec it, one after the other.  Prints how many ran, how many failed
 * with their table still shared, and how many with a table of their own.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>

#include "tests/helpers/host/host.h"

static int to[2], from[2];

enum { RAN, SHARED, SPLIT, KINDS };

static void *opener(void *unused)
{
	char c;
	int fd;

	if (read(to[0], &c, 1) != 1)
		return unused;
	fd = open("/", O_RDONLY | O_CLOEXEC);
	if (write(from[1], &fd, sizeof(fd)) != sizeof(fd))
		_exit(125);
	return unused;
}

static int attempt(void)
{
	char *argv[] = { "x", NULL };
	pthread_t t;
	int fd;

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC) ||
	    pthread_create(&t, NULL, opener, NULL))
		die("thread");
	execv("./program", argv); /* the good one ends with RAN */
	if (errno != ENOEXEC)
		die("exec");
	if (write(to[1], "", 1) != 1 || read(from[0], &fd, sizeof(fd)) != sizeof(fd))
		die("opener");
	return fcntl(fd, F_GETFD) >= 0 ? SHARED : SPLIT;
}

static void place(const char *from_file)
{
	unlink("next");
	if (link(from_file, "next") || rename("next", "program"))
		die(from_file);
}

static void swap(unsigned pause_us)
{
	for (;;) {
		place("bad");
		usleep(pause_us);
		place("good");
		usleep(pause_us);
	}
}

int main(int argc, char **argv)
{
	int n[KINDS] = { 0 }, i, rounds, bad;
	pid_t swapper, pid;

	if (argc != 3)
		return 125;
	rounds = atoi(argv[1]);
	bad = open("bad", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	if (bad < 0 || write(bad, "neither this nor that\n", 22) != 22 || close(bad))
		die("bad");
	if (symlink("/bin/true", "good"))
		die("good");
	place("good");
	swapper = fork();
	if (!swapper) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		swap((unsigned)atoi(argv[2]));
	}
	for (i = 0; i < rounds; i++) {
		int status;

		pid = fork();
		if (!pid)
			_exit(attempt());
		status = status_of(pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status) >= KINDS)
			die("child");
		n[WEXITSTATUS(status)]++;
	}
	kill(swapper, SIGKILL);
	printf("of %d: %d ran, %d failed, %d split\n", rounds, n[RAN], n[SHARED], n[SPLIT]);
	return 0;
}
