/* text.c: what stands around the table of docs/exec-cost.md. */
#include <sys/utsname.h>

#include "tests/bench/exec/text.h"

void exec_cost_head(FILE *f, const char *command, double load)
{
	struct utsname u;

	uname(&u);
	fprintf(f,
		"# What an exec costs, call by call\n\n"
		"What each system call adds to a vfork, exec and exit of a static program, made as "
		"often as\n"
		"the fence makes it where ten descriptors are open, seven of them leaks; and what "
		"it buys.\n"
		"Medians in µs of execs that take turns.\n\n"
		"Machine: %s %s, %s; load %.1f.\n\n"
		"Command: `%s`\n\n"
		"| calls | µs | what for |\n"
		"|---|---:|---|\n",
		u.sysname, u.release, u.machine, load, command);
}

/* clang-format off */
static const char tail[] =
	"\n"
	"A row of [performance.md](performance.md) that is worse than before is worse by these parts. The\n"
	"shim of b61a61d made a stat of /proc/self/fd, F_GETFD on each number and close_range; it had no\n"
	"look at the program, so that an exec that fails changed flags for a while, and put them back by\n"
	"number alone.\n"
	"\n"
	"## What was tried\n"
	"\n"
	"**Many leaks.** What is marked is closed one by one at the exec, under a lock, and at an exit\n"
	"without: the rows of the seal are a program's own close_range(), and no fence at all. To close at\n"
	"once takes the same lock. A copy of the table that ends below the leaks has nothing to close, but\n"
	"somebody has to hold the other copy: the rows with a thread. That is refused. In the microsecond\n"
	"before an exec that succeeds handlers run in the short table; after one that fails the long one is\n"
	"the thread's, no call gives it back, and POSIX locks, which belong to it, end with it, in a program\n"
	"that had only asked for an exec. A filter may end a process that makes a thread. b61a61d had such a\n"
	"thread, and executed from it: handlers ran there.\n"
	"\n"
	"**Few leaks.** No call tells which of 64 numbers are open: select() and poll() ask the file behind\n"
	"each open one, and that is seen (/proc/mounts forgets that it has changed, FUSE sends a request);\n"
	"kcmp() and SCM_RIGHTS tell no more than that all are open; /proc makes a new process' directories.\n"
	"No call tells that a handler has run, so that what each leak is has to be remembered; that no signal\n"
	"is caught takes 64 calls to tell, as the row above. What the flags were before vfork() lies in the\n"
	"parent's table, and not what the child has done since. A lease for reading tells that a file is open\n"
	"for writing, but only its owner may ask, and others feel it.\n"
	"\n"
	"**posix_spawn.** The child's table ends below the leaks, and the exec tells whether something above\n"
	"was needed. Before it that is asked only where a search would go on to another directory, with a log\n"
	"or rules, where file actions open a file or change the directory, and of a path that names a number.\n";
/* clang-format on */

void exec_cost_tail(FILE *f)
{
	fputs(tail, f);
}
