/*
 * parity_actions: posix_spawn and every kind of file action (see parity.h).
 */
#include "tests/helpers/parity/spawn.h"

#include <sys/ioctl.h>

static void opens(void)
{
	umask(027);
	posix_spawn_file_actions_addopen(&fa, 5, "dir/made", O_WRONLY | O_CREAT | O_EXCL, 0666);
	posix_spawn_file_actions_addopen(&fa, 6, "/etc/passwd", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 7, "/dev/null", O_RDWR | O_APPEND, 0);
	posix_spawn_file_actions_addopen(&fa, 7, "/dev/zero", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 0, "plain", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 3, "plain", O_RDONLY | O_CLOEXEC, 0);
	spawn();
	posix_spawn_file_actions_addopen(&fa, 5, "dir/made", O_WRONLY | O_CREAT | O_EXCL, 0666);
	spawn();
	posix_spawn_file_actions_addopen(&fa, 5, "missing", O_RDONLY, 0);
	spawn();
	posix_spawn_file_actions_addopen(&fa, 5, "/proc/self/fd/0", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 6, "/dev/stdin", O_RDONLY, 0);
	spawn();
	umask(022);
}

static void dups(void)
{
	int kept = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	int other = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	posix_spawn_file_actions_adddup2(&fa, kept, kept);
	spawn();
	posix_spawn_file_actions_adddup2(&fa, kept, 1000);
	posix_spawn_file_actions_adddup2(&fa, 1000, 8);
	posix_spawn_file_actions_adddup2(&fa, 1, 2);
	spawn();
	/* An exchange of two through a third. */
	posix_spawn_file_actions_adddup2(&fa, kept, 20);
	posix_spawn_file_actions_adddup2(&fa, other, kept);
	posix_spawn_file_actions_adddup2(&fa, 20, other);
	posix_spawn_file_actions_addclose(&fa, 20);
	spawn();
	posix_spawn_file_actions_adddup2(&fa, 300, 4);
	spawn();
	posix_spawn_file_actions_adddup2(&fa, 300, 300);
	spawn();
	say("dup2 of -1: %s\n", error_name(posix_spawn_file_actions_adddup2(&fa, -1, 3)));
	say("dup2 to -1: %s\n", error_name(posix_spawn_file_actions_adddup2(&fa, 3, -1)));
	say("dup2 to 99999999: %s\n",
	    error_name(posix_spawn_file_actions_adddup2(&fa, 1, 99999999)));
	spawn();
	say("open to -1: %s\n",
	    error_name(posix_spawn_file_actions_addopen(&fa, -1, "plain", 0, 0)));
	say("caller's flags: %d %d\n", fcntl(kept, F_GETFD), fcntl(other, F_GETFD));
	close(kept);
	close(other);
}

static void closes(void)
{
	posix_spawn_file_actions_addclose(&fa, 0);
	posix_spawn_file_actions_addclose(&fa, 2);
	spawn();
	posix_spawn_file_actions_addclose(&fa, 333);
	spawn();
	say("close of -1: %s\n", error_name(posix_spawn_file_actions_addclose(&fa, -1)));
	say("close of 99999999: %s\n",
	    error_name(posix_spawn_file_actions_addclose(&fa, 99999999)));
	spawn();
	posix_spawn_file_actions_addclose(&fa, 0);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/zero", O_RDONLY, 0);
	spawn();
}

static void many_actions(void)
{
	int i;

	for (i = 0; i < 200; i++)
		posix_spawn_file_actions_addopen(&fa, 10 + i, "/dev/null", O_RDONLY, 0);
	for (i = 0; i < 198; i++)
		posix_spawn_file_actions_addclose(&fa, 10 + i);
	spawn();
}

static void directories(void)
{
	int fd = open("dir", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	script("dir/inside", "#!/bin/sh\npwd\n", 0755);
	posix_spawn_file_actions_addchdir_np(&fa, "dir");
	posix_spawn_file_actions_addopen(&fa, 5, "inside", O_RDONLY, 0);
	spawn();
	posix_spawn_file_actions_addchdir_np(&fa, "dir");
	spawn_path("./inside");
	posix_spawn_file_actions_addfchdir_np(&fa, fd);
	spawn();
	posix_spawn_file_actions_addchdir_np(&fa, "missing");
	spawn();
	posix_spawn_file_actions_addchdir_np(&fa, "plain");
	spawn();
	posix_spawn_file_actions_addfchdir_np(&fa, 77);
	spawn();
	say("fchdir of -1: %s\n", error_name(posix_spawn_file_actions_addfchdir_np(&fa, -1)));
	close(fd);
}

#ifdef __GLIBC__
static void close_from(void)
{
	int kept = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	posix_spawn_file_actions_adddup2(&fa, kept, 10);
	posix_spawn_file_actions_adddup2(&fa, kept, 20);
	posix_spawn_file_actions_addclosefrom_np(&fa, 15);
	spawn();
	posix_spawn_file_actions_adddup2(&fa, kept, 10);
	posix_spawn_file_actions_addclosefrom_np(&fa, 2);
	spawn();
	posix_spawn_file_actions_addclosefrom_np(&fa, 3);
	posix_spawn_file_actions_addopen(&fa, 9, "/dev/zero", O_RDONLY, 0);
	spawn();
	say("closefrom of -1: %s\n", error_name(posix_spawn_file_actions_addclosefrom_np(&fa, -1)));
	close(kept);
}

static void terminal(void)
{
	pid_t pid;
	int control, tty;

	posix_spawn_file_actions_addtcsetpgrp_np(&fa, 0);
	spawn();
	posix_spawn_file_actions_addtcsetpgrp_np(&fa, 77);
	spawn();
	say("tcsetpgrp on -1: %s\n", error_name(posix_spawn_file_actions_addtcsetpgrp_np(&fa, -1)));
	pid = fork();
	if (pid)
		return;
	setsid();
	control = posix_openpt(O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (control < 0 || grantpt(control) || unlockpt(control))
		_exit(120);
	tty = open(ptsname(control), O_RDWR | O_CLOEXEC);
	if (tty < 0 || ioctl(tty, TIOCSCTTY, 0) < 0)
		_exit(121);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawn_file_actions_addtcsetpgrp_np(&fa, tty);
	if (posix_spawn(&pid, witness, &fa, &attr, arguments, environ))
		_exit(122);
	reap_all();
	say("foreground group is %s\n", tcgetpgrp(tty) == pid ? "the child's" : "another");
	_exit(0);
}
#endif

static const struct parity_case table[] = {
	CASE(opens),	  CASE(dups),	  CASE(closes), CASE(many_actions), CASE(directories),
#ifdef __GLIBC__
	CASE(close_from), CASE(terminal),
#endif
};

int main(int argc, char **argv)
{
	return spawn_cases(argc, argv, table, sizeof(table) / sizeof(*table));
}
