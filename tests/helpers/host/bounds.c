/*
 * host_bounds: what the shim remembers in a fixed room, at the bound and beyond it, a case a word:
 *
 *	children N FDLIST   N vfork children at once mean a descriptor each; the last one's FDLIST
 *	cleared N FDLIST    a vfork child clears close-on-exec on number N
 *	clones HOW FDLIST   a vfork child makes a process by clone() or (HOW syscall) a system call,
 *	                    and means number 50; its parent leaks that number
 *	placed N FDLIST     a forked child puts a descriptor onto number N
 *	closed N FDLIST     number N is meant; a vfork child closes it, and opens another file there
 *	pair N FDLIST       a pipe that ends at number N, of which a forked child closes the other end
 *	variables N FDLIST  the environment has N more variables
 *	way KIND FDLIST     posix_spawn in such a table, where a path leads through it, in a directory
 *	                    of one's own; KIND: open, chdir, script, below
 *	table PATH FDLIST   posix_spawn and posix_spawnp of PATH, with FDLIST at 900 and 1000 more
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tests/helpers/host/host.h"

enum { CHILDREN_MAX = 100, FIRST = 200 };

static char *fdlist;
static int number;
static volatile int waiting;

/* Child K clears the flag on its number, and waits until all have. */
static void *child_of_many(void *k)
{
	int fd = FIRST + (int)(long)k;
	char *argv[] = { fdlist, NULL };
	pid_t pid = vfork();

	if (!pid) {
		/* one after the other, so that the last is beyond the bound */
		while (waiting != (int)(long)k)
			sched_yield();
		fcntl(fd, F_SETFD, 0);
		waiting++;
		while (waiting != number)
			sched_yield();
		execv((int)(long)k == number - 1 ? fdlist : "/bin/true", argv);
		_exit(1);
	}
	status_of(pid);
	return NULL;
}

static void children(void)
{
	pthread_t t[CHILDREN_MAX];
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	for (int i = 0; i < number; i++)
		dup3(fd, FIRST + i, O_CLOEXEC);
	for (long i = 0; i < number; i++)
		if (pthread_create(&t[i], NULL, child_of_many, (void *)i))
			die("thread");
	for (int i = 0; i < number; i++)
		pthread_join(t[i], NULL);
	run("/bin/true"); /* its record says what could not be recorded */
}

static void cleared(void)
{
	char *argv[] = { fdlist, NULL };
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	pid_t pid;

	fcntl(fd, F_DUPFD_CLOEXEC, number);
	pid = vfork();
	if (!pid) {
		fcntl(number, F_SETFD, 0);
		execv(fdlist, argv);
		_exit(1);
	}
	status_of(pid);
}

static int ends(void *unused)
{
	(void)unused;
	_exit(0);
}

static void clones(const char *how)
{
	static char stack[65536] __attribute__((aligned(16)));
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	pid_t pid = vfork();

	if (!pid) {
		if (strcmp(how, "syscall"))
			clone(ends, stack + sizeof(stack), SIGCHLD, NULL);
		else if (!syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL))
			_exit(0);
		fcntl(fcntl(fd, F_DUPFD_CLOEXEC, 50), F_SETFD, 0);
		_exit(0);
	}
	status_of(pid);
	syscall(SYS_dup3, fd, 60, 0); /* no act: a leak that is placed where no hook sees it */
	fcntl(60, F_DUPFD, 50);
	syscall(SYS_fcntl, 60, F_SETFD, FD_CLOEXEC);
	run(fdlist);
}

static void placed(void)
{
	char *argv[] = { fdlist, NULL };
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	pid_t pid = fork();

	if (!pid) {
		dup2(fd, number);
		execv(fdlist, argv);
		_exit(1);
	}
	status_of(pid);
}

static void closed(void)
{
	char *argv[] = { fdlist, NULL };
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	pid_t pid;

	fcntl(fcntl(fd, F_DUPFD_CLOEXEC, number), F_SETFD, 0);
	pid = vfork();
	if (!pid) {
		close(number);
		fd = open("/etc/group", O_RDONLY | O_CLOEXEC);
		fcntl(fd, F_DUPFD, number);
		execv(fdlist, argv);
		_exit(1);
	}
	status_of(pid);
	run(fdlist); /* the parent's is still meant */
}

static void pair(void)
{
	char name[16], *argv[] = { fdlist, name, NULL };
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC), to[2];
	pid_t pid;

	while (fcntl(fd, F_DUPFD_CLOEXEC, 3) < number - 2)
		;
	if (pipe(to) || to[1] != number)
		die("pipe");
	snprintf(name, sizeof(name), "%d", number);
	pid = fork();
	if (!pid) {
		close(to[0]);
		execv(fdlist, argv);
		_exit(1);
	}
	status_of(pid);
}

static void variables(void)
{
	for (int i = 0; i < number; i++) {
		char name[16];

		snprintf(name, sizeof(name), "V%d", i);
		setenv(name, "1", 1);
	}
	leak_at(3);
	run(fdlist);
}

static void fill_table(void)
{
	int fd = must_open(fdlist, O_RDONLY | O_CLOEXEC);

	fcntl(fd, F_DUPFD_CLOEXEC, 900);
	for (int i = 0; i < 1000; i++)
		fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/* Its absolute name, which does not tell where it leads. */
static const char *link_to(const char *target)
{
	static char name[4096];

	if (!getcwd(name, sizeof(name) - 8) || symlink(target, strcat(name, "/link")))
		die("link");
	return name;
}

static void script(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(path);
	close(fd);
}

static void way(const char *kind)
{
	char *argv[] = { "x", NULL };
	const char *path = "./script";
	posix_spawn_file_actions_t fa;
	pid_t pid;

	fill_table();
	posix_spawn_file_actions_init(&fa);
	if (!strcmp(kind, "open")) {
		posix_spawn_file_actions_addopen(&fa, 0, link_to("/proc/self/fd/900"), O_RDONLY, 0);
		path = "/bin/true";
	} else if (!strcmp(kind, "chdir")) {
		posix_spawn_file_actions_addchdir_np(&fa, link_to("/proc/self/fd"));
		path = "./900";
	} else if (!strcmp(kind, "below")) { /* a number that a file action uses */
		script(path, "#!/usr/bin/test -r\n");
		close(3);
		close(7);
		if (open(path, O_RDONLY) != 3 || dup(2) != 7)
			die("open");
		posix_spawn_file_actions_adddup2(&fa, 7, 2);
		path = link_to("/proc/self/fd/3");
	} else {
		script(path, "#!/proc/self/fd/900\n");
	}
	if ((errno = posix_spawn(&pid, path, &fa, NULL, argv, environ)) || status_of(pid))
		die("posix_spawn");
	printf("ran\n");
}

static void table(char *path)
{
	char *argv[] = { path, NULL };
	pid_t pid;

	fill_table();
	if (posix_spawn(&pid, path, NULL, NULL, argv, environ) || status_of(pid))
		die("posix_spawn");
	if (posix_spawnp(&pid, path, NULL, NULL, argv, environ) || status_of(pid))
		die("posix_spawnp");
	printf("ran\n");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*run)(void);
	} cases[] = {
		{ "children", children }, { "cleared", cleared }, { "placed", placed },
		{ "closed", closed },	  { "pair", pair },	  { "variables", variables }
	};
	struct rlimit r;

	if (argc != 4)
		return 125;
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	number = atoi(argv[2]);
	fdlist = argv[3];
	if (!strcmp(argv[1], "table"))
		table(argv[2]);
	if (!strcmp(argv[1], "clones"))
		clones(argv[2]);
	if (!strcmp(argv[1], "way"))
		way(argv[2]);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (!strcmp(argv[1], cases[i].word))
			cases[i].run();
	return 0;
}
