/*
 * witness: print what a program can see of how it was started, a field a line.
 *
 * argv, environment (without FDFENCE_* and LD_PRELOAD, which only one of two
 * compared runs has), directory, process group and session by their relation
 * to this process and its parent, signal mask, pending and ignored signals,
 * scheduler, timers, name, descriptors.  Numbers that differ from run to run
 * (process ids, inodes) are left out, so that two runs can be compared as text.
 * argv[1] "exit=N" makes it exit with N, "kill=N" die of signal N.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

extern char **environ;

static void strings(char **argv)
{
	char cwd[4096];
	int i;

	for (i = 0; argv[i]; i++)
		if (strlen(argv[i]) > 200)
			printf("argv[%d] of %zu bytes\n", i, strlen(argv[i]));
		else
			printf("argv[%d]=%s\n", i, argv[i]);
	for (i = 0; environ && environ[i]; i++)
		if (strncmp(environ[i], "FDFENCE_", 8) && strncmp(environ[i], "LD_PRELOAD=", 11))
			printf("env %.200s\n", environ[i]);
	printf("cwd %s\n", getcwd(cwd, sizeof(cwd)) ? cwd : strerror(errno));
}

static const char *relation(pid_t id, pid_t parents)
{
	return id == getpid() ? "its own" : id == parents ? "its parent's" : "another";
}

static void signal_set(const char *what, const sigset_t *set)
{
	int sig;

	printf("%s", what);
	for (sig = 1; sig < 65; sig++)
		if (sigismember(set, sig) == 1)
			printf(" %d", sig);
	printf("\n");
}

static void signals(void)
{
	sigset_t set;
	struct sigaction act;
	int sig;

	sigprocmask(SIG_BLOCK, NULL, &set);
	signal_set("blocked", &set);
	sigpending(&set);
	signal_set("pending", &set);
	printf("ignored");
	for (sig = 1; sig < 65; sig++)
		if (!sigaction(sig, NULL, &act) && act.sa_handler == SIG_IGN)
			printf(" %d", sig);
	printf("\n");
}

static void process(void)
{
	struct sched_param p = { 0 };
	struct itimerval t = { 0 };
	char name[17] = "";
	mode_t mask = umask(0);
	int death = 0;

	printf("group %s, session %s\n", relation(getpgrp(), getpgid(getppid())),
	       relation(getsid(0), getsid(getppid())));
	printf("ids %d %d %d %d\n", (int)getuid(), (int)geteuid(), (int)getgid(), (int)getegid());
	syscall(SYS_sched_getparam, 0, &p);
	printf("scheduler %d, priority %d, nice %d\n", (int)syscall(SYS_sched_getscheduler, 0),
	       p.sched_priority, getpriority(PRIO_PROCESS, 0));
	prctl(PR_GET_PDEATHSIG, &death);
	prctl(PR_GET_NAME, name);
	getitimer(ITIMER_REAL, &t);
	printf("umask %03o, name %s, parent-death signal %d, timer %s, slack %d, no-new-privs %d\n",
	       mask, name, death, t.it_value.tv_sec ? "set" : "not set",
	       prctl(PR_GET_TIMERSLACK) != 50000, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("thread id %s, dumpable %d\n",
	       syscall(SYS_gettid) == getpid() ? "as process id" : "of its own",
	       prctl(PR_GET_DUMPABLE));
}

static void descriptors(void)
{
	int fd;

	for (fd = 0; fd < 4096; fd++) {
		char link[64], target[4096], *colon;
		int flags = fcntl(fd, F_GETFD), mode = fcntl(fd, F_GETFL);
		ssize_t n;

		if (flags < 0)
			continue;
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = 0;
		colon = strchr(target, '[');
		if (colon && target[0] != '/')
			*colon = 0;
		printf("descriptor %d %s %o %s\n", fd, flags ? "cloexec" : "open",
		       mode & (O_ACCMODE | O_APPEND | O_NONBLOCK), target);
	}
}

int main(int argc, char **argv)
{
	strings(argv);
	signals();
	process();
	descriptors();
	fflush(stdout);
	if (argc > 1 && !strncmp(argv[1], "exit=", 5))
		return atoi(argv[1] + 5);
	if (argc > 1 && !strncmp(argv[1], "kill=", 5))
		raise(atoi(argv[1] + 5));
	return 0;
}
