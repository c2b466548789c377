/*
 * host_secure: stands for an old set-user-ID wrapper.  Becomes root wholly, says what FDFENCE_*
 * variables it sees, and starts a shell with its environment as it is.
 *
 *	host_secure FDLIST    the shell prints those that it sees, and runs FDLIST
 */
#include <sys/auxv.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **args)
{
	char **e, *argv[] = { "sh", "-c",
			      "env | grep -v '^FDFENCE_STATE=' | sed -n 's/^FDFENCE_/hands on &/p' "
			      "| sort; exec \"$0\"",
			      args[1], NULL };

	if (argc != 2)
		return 125;
	printf("secure %lu\n", getauxval(AT_SECURE));
	fflush(stdout);
	if (setgid(0) || setuid(0))
		cannot("become root");
	for (e = environ; *e; e++)
		if (!strncmp(*e, "FDFENCE_", 8) && strncmp(*e, "FDFENCE_STATE=", 14))
			printf("sees %s\n", *e);
	fflush(stdout);
	leak_at(3);
	execve("/bin/sh", argv, environ);
	die("sh");
}
