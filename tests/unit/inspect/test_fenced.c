/* Who will seal what a process leaks: tools/inspect/fenced.c. */
#include <criterion/criterion.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/inspect/fenced.h"

/* A filter that lets everything through, then a word, and the end when hold has been closed. */
static void __attribute__((noreturn)) be_filtered(int ready, int hold)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog filter = { 1, &allow };
	char c = !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
		 !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);

	if (write(ready, &c, 1) != 1)
		_exit(1);
	_exit(read(hold, &c, 1) != 0);
}

Test(fenced, who_has_ended_meanwhile_is_looked_for_no_more, .timeout = 20)
{
	int ready[2], hold[2];
	struct pinned p;
	siginfo_t info;
	char filtered;
	pid_t pid;

	cr_assert(!pipe(ready) && !pipe(hold));
	pid = fork();
	if (!pid) {
		close(hold[1]);
		be_filtered(ready[1], hold[0]);
	}
	cr_assert(read(ready[0], &filtered, 1) == 1 && filtered);
	cr_assert_eq(pinned_open(&p, pid), FATE_HERE);
	close(hold[1]);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	cr_assert_eq(fenced_by(&p, NULL), FENCED_BY_NOBODY);
	pinned_close(&p);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
}
