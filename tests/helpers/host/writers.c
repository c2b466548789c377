/*
 * host_writers: many processes write records at once.
 *
 *	host_writers WRITERS EXECS [ROOT]
 *
 * Each writer is an unprivileged process, in a root directory of its own (ROOT, with a program
 * /true) if one is given.  Its execs fail against all signs: each makes a record "exec" and a record "failed", with argv "w", WRITER, NUMBER.
 */
#include <grp.h>

#include "tests/helpers/host/refuse.h"

static void write_records(int writer, int execs, const char *program)
{
	char name[16], number[16], *argv[] = { "w", name, number, NULL };
	int i;

	snprintf(name, sizeof(name), "%d", writer);
	for (i = 0; i < execs; i++) {
		snprintf(number, sizeof(number), "%d", i);
		if (execve(program, argv, environ) != -1 || errno != EIO)
			_exit(1);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int writers, bad = 0, i, status;

	if (argc < 3)
		return 125;
	writers = atoi(argv[1]);
	leak_at(3);
	for (i = 0; i < writers; i++) {
		if (fork())
			continue;
		if (argc > 3 && (chroot(argv[3]) || chdir("/")))
			cannot("chroot");
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			cannot("become another user");
		refuse_execs(EIO);
		write_records(i, atoi(argv[2]), argc > 3 ? "/true" : "/bin/true");
	}
	for (i = 0; i < writers; i++) {
		if (wait(&status) < 0)
			die("wait");
		if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
			return 77;
		bad += status != 0;
	}
	return bad != 0;
}
