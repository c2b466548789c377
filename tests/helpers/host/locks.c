/*
 * host_locks: a POSIX lock on a descriptor that is kept survives the exec of its owner.
 *
 *	host_locks plain|thread|many|twice|handle|stdio|high|behind|ofd|crowd|under|foreign FILE [PROGRAM]
 *
 * Locks FILE, clears close-on-exec and execs itself, or PROGRAM, a copy of it, with a leak to seal;
 * the new image forks a child that asks who holds the lock.  thread: a second thread runs.  many: a
 * descriptor at 600.  twice: the file is open a second time, which is a leak; handle: and for its
 * path alone, before that; stdio: and as 0 and 2, which carry the lock.  high: with a thread, 100
 * leaks, and the descriptor at 5000.  The others lock byte 0 of a file that is open twice, where an
 * earlier lock hides it.  behind: another process has one on byte 100.  ofd: this one has an OFD lock
 * there.  crowd: another has 40, on bytes apart.  under: another reads the whole, and this one byte
 * 0.  foreign: another reads, and this one holds
 * none.
 *
 *	host_locks program|sharer FILE
 *
 * FILE is a program.  Locks it and lets an exec of it fail, or one by a child that shares the
 * descriptor table: whose is the lock?
 *
 *	host_locks reader FILE
 *
 * FILE is a program on which another process holds a lock for reading.  Lets an exec of it fail: is it
 * left open?
 *
 *	host_locks spawn FILE
 *
 * FILE is a script.  Locks it and spawns it, by its name and by its number.
 */
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "tests/helpers/host/host.h"

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* Another process locks `count` bytes, every second one from `first` on; or, 0, all of them.  It ends
 * with this image. */
static void other_locks(const char *file, short type, off_t first, int count)
{
	struct flock lock = { .l_type = type, .l_start = first, .l_len = count ? 1 : 0 };
	int ready[2], ends[2], fd;
	char c = 0;

	if (pipe2(ready, O_CLOEXEC) || pipe2(ends, O_CLOEXEC))
		die("pipe2");
	if (!fork()) {
		close(ends[1]);
		fd = must_open(file, (type == F_RDLCK ? O_RDONLY : O_RDWR) | O_CREAT);
		do {
			if (fcntl(fd, F_SETLK, &lock))
				die("the other's lock");
			lock.l_start += 2;
		} while (--count > 0);
		if (write(ready[1], &c, 1) != 1)
			die("write");
		_exit(read(ends[0], &c, 1) != 0);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		die("the other process");
	close(ready[0]);
	close(ends[0]);
}

/* The second time that the file is open is a leak. */
static void lock_hidden(const char *how, const char *file, int fd)
{
	bool reads = *how == 'u' || *how == 'f';
	struct flock lock = { .l_type = F_WRLCK, .l_start = 100 };

	if (reads)
		other_locks(file, F_RDLCK, 0, 0);
	else if (*how == 'o' && fcntl(fd, F_OFD_SETLK, &lock))
		die("an OFD lock");
	else if (*how != 'o')
		other_locks(file, F_WRLCK, 100, *how == 'c' ? 40 : 1);
	lock = (struct flock){ .l_type = reads ? F_RDLCK : F_WRLCK, .l_len = 1 };
	if ((*how != 'f' && fcntl(fd, F_SETLK, &lock)) || fcntl(fd, F_SETFD, 0))
		die("lock");
	must_open(file, O_RDWR);
}

static int second_image(const char *file, int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	pid_t pid;

	while (wait(NULL) > 0)
		;
	pid = fork();
	if (pid)
		return status_of(pid) != 0;
	if (fcntl(must_open(file, O_RDWR), F_GETLK, &lock))
		die("F_GETLK");
	printf("%s, lock %s\n", fcntl(fd, F_GETFD) < 0 ? "closed" : "open",
	       lock.l_type != F_UNLCK && lock.l_pid == getppid() ? "held" : "lost");
	return 0;
}

static int fails(void *file)
{
	char *none[] = { "x", NULL };

	if (execve(file, none, environ) != -1 || errno != ENOEXEC)
		die(file);
	return 0;
}

/* Two programs with a lock on each, tried in turn: how many descriptors more are open than after the
 * first try? */
static int in_turn(char *a, char *b)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int i, before, after;

	if (fcntl(must_open(a, O_RDONLY | O_CLOEXEC), F_SETLK, &lock) ||
	    fcntl(must_open(b, O_RDONLY | O_CLOEXEC), F_SETLK, &lock))
		die("lock");
	before = dup(0); /* a leak, or nobody looks into the programs */
	fails(a);
	fails(b);
	before = dup(before);
	for (i = 0; i < 20; i++) {
		fails(a);
		fails(b);
	}
	after = dup(0);
	printf("%d more\n", after - before - 1);
	return 0;
}

static int program(bool by_sharer, char *file)
{
	static char stack[1 << 16] __attribute__((aligned(16)));
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int i;

	if (fcntl(must_open(file, O_RDONLY | O_CLOEXEC), F_SETLK, &lock))
		die("lock");
	for (i = 0; i < 10; i++) {
		if (!by_sharer)
			fails(file);
		else if (status_of(
				 clone(fails, stack + sizeof(stack), CLONE_FILES | SIGCHLD, file)))
			die("child");
	}
	return second_image(file, 0);
}

/* One that another process reads: how many descriptors more are open than before the first try? */
static int with_reader(char *file)
{
	int before, after;

	other_locks(file, F_RDLCK, 0, 0);
	before = dup(0);
	fails(file);
	after = dup(0);
	printf("%d more\n", after - before - 1);
	return 0;
}

static int spawned(char *file)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	char number[32], *none[] = { "x", NULL };
	int fd = must_open(file, O_RDONLY), i;
	pid_t pid;

	if (fcntl(fd, F_SETLK, &lock))
		die("lock");
	snprintf(number, sizeof(number), "/proc/self/fd/%d", fd);
	for (i = 0; i < 10; i++)
		if ((errno = posix_spawn(&pid, i % 2 ? number : file, NULL, NULL, none, environ)) ||
		    status_of(pid))
			die("posix_spawn");
	return second_image(file, fd);
}

static int move_high(int fd)
{
	struct rlimit r;
	int high;

	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	high = fcntl(fd, F_DUPFD_CLOEXEC, 5000);
	if (high < 0)
		cannot("open a descriptor above 5000");
	close(fd);
	for (int i = 0; i < 100; i++)
		leak_at(3);
	return high;
}

int main(int argc, char **argv)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char number[16], *again[] = { argv[0], "again", argv[2], number, NULL };
	pthread_t t;
	int fd;

	if (argc < 3)
		return 125;
	if (!strcmp(argv[1], "again"))
		return second_image(argv[2], atoi(argv[3]));
	if (!strcmp(argv[1], "turn") && argc == 4)
		return in_turn(argv[2], argv[3]);
	if (!strcmp(argv[1], "program") || !strcmp(argv[1], "sharer"))
		return program(argv[1][0] == 's', argv[2]);
	if (!strcmp(argv[1], "reader"))
		return with_reader(argv[2]);
	if (!strcmp(argv[1], "spawn"))
		return spawned(argv[2]);
	fd = must_open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC);
	if (!strcmp(argv[1], "stdio")) {
		if (dup2(fd, 0) || dup2(fd, 2) != 2)
			die("dup2");
		close(fd);
		fd = 0;
	}
	if (!strcmp(argv[1], "high"))
		fd = move_high(fd);
	if (strstr("behind ofd crowd under foreign", argv[1]))
		lock_hidden(argv[1], argv[2], fd);
	else if (fcntl(fd, F_SETLK, &lock) || fcntl(fd, F_SETFD, 0))
		die("lock");
	else
		leak_at(20);
	snprintf(number, sizeof(number), "%d", fd);
	if ((!strcmp(argv[1], "thread") || !strcmp(argv[1], "high")) &&
	    pthread_create(&t, NULL, idle, NULL))
		die("thread");
	if (!strcmp(argv[1], "handle"))
		must_open(argv[2], O_PATH);
	if (!strcmp(argv[1], "twice") || !strcmp(argv[1], "handle") || !strcmp(argv[1], "stdio"))
		must_open(argv[2], O_RDONLY);
	if (!strcmp(argv[1], "many"))
		leak_at(600);
	execv(argc > 3 ? argv[3] : "/proc/self/exe", again);
	die("exec");
}
