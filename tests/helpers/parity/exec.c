/*
 * parity_exec: the exec family, its errors, the search of PATH, and what a
 * process keeps through exec (see parity.h).
 */
#include "tests/helpers/parity/parity.h"
#include "tests/helpers/ways.h"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>

static char *arguments[] = { "the name", "one", "", "three", NULL };
static char *small_environ[] = { "e=1", "PATH=/nowhere", NULL };

static void attempt(enum way way, const char *path, char **argv, char **envp)
{
	pid_t pid;

	say("-- %s %.60s\n", way_name[way], path);
	pid = fork();
	if (!pid) {
		int r = exec_by(way, path, argv, envp);

		say("returned %d: %s\n", r, strerror(errno));
		say_mask("caller");
		_exit(99);
	}
	reap_all();
}

static void plain(void)
{
	int way;

	for (way = 0; way < WAYS; way++)
		attempt(way, witness, arguments, way == EXECVPE ? environ : small_environ);
}

static void errors(void)
{
	static const char *const paths[] = { "missing", "not_executable", "dir",   "plain/x",
					     "loop",	"./plain",	  "empty", "no_interpreter",
					     "",	"./hashbang" };
	char name[300], path[5000];
	unsigned i;
	int way;

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = 0;
	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = 0;
	for (way = 0; way < WAYS; way++) {
		for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
			attempt(way, paths[i], arguments, environ);
		attempt(way, name, arguments, environ);
		attempt(way, path, arguments, environ);
	}
}

static void searching(const char *path_variable, const char *name)
{
	static const enum way ways[] = { EXECVP, EXECVPE, EXECLP };
	unsigned i;

	say("-- PATH=%.60s\n", path_variable ? path_variable : "(unset)");
	if (path_variable)
		setenv("PATH", path_variable, 1);
	else
		unsetenv("PATH");
	for (i = 0; i < 3; i++)
		attempt(ways[i], name, arguments, small_environ);
	setenv("PATH", "/usr/bin:/bin", 1);
}

static void search(void)
{
	char longer[5000];

	searching("bin:bin2", "denied");
	searching("bin", "denied");
	searching("bin:missing", "denied");
	searching("bin:bin2", "both");
	searching("bin:bin2", "isdir");
	searching("bin:bin2", "bad_interpreter");
	searching("bin:bin2", "text");
	searching("missing:plain:bin2", "both");
	searching("plain", "both");
	searching("", "here");
	searching(":bin", "here");
	searching("bin:", "here");
	searching("bin::bin2", "here");
	searching("bin", "here");
	searching("bin", "./here");
	searching("bin", "dir/../here");
	searching("bin", "");
	searching("", "");
	searching(NULL, "true");
	searching(NULL, "here");
	searching("loop:bin2", "both");
	searching("denied_dir:bin2", "both");
	memset(longer, 'n', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	searching("bin", longer);
	memcpy(longer + 4500, ":bin2", 6);
	searching(longer, "both");
}

static void vectors(void)
{
	char *none[] = { NULL }, *big = malloc(3 << 20), *argv[] = { "x", big, NULL };
	char *many[301];
	int way, i;

	memset(big, 'b', 3 << 20);
	big[(3 << 20) - 1] = 0;
	for (i = 0; i < 300; i++)
		many[i] = "many";
	many[i] = NULL;
	for (way = 0; way < WAYS; way++) {
		if (way == EXECL || way == EXECLP || way == EXECLE)
			continue;
		attempt(way, witness, none, environ);
		attempt(way, witness, arguments, none);
		attempt(way, witness, argv, environ);
		attempt(way, witness, many, environ);
		attempt(way, "./plain", none, environ);
	}
	for (way = 0; way < WAYS; way++) {
		if (way != EXECVE && way != SYSCALL && way != EXECVEAT && way != FEXECVE)
			continue;
		attempt(way, witness, NULL, environ);
		attempt(way, witness, arguments, NULL);
		attempt(way, witness, NULL, NULL);
		attempt(way, "missing", NULL, NULL);
	}
	free(big);
}

/* More arguments than registers and than any small buffer holds. */
#define TEN   "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"
#define FIFTY TEN, TEN, TEN, TEN, TEN

static void variadic(void)
{
	if (!fork()) {
		execl(witness, FIFTY, FIFTY, FIFTY, (char *)NULL);
		_exit(99);
	}
	reap_all();
	if (!fork()) {
		execle(witness, FIFTY, FIFTY, "last", (char *)NULL, small_environ);
		_exit(99);
	}
	reap_all();
	if (!fork()) {
		execlp("env", "env", (char *)NULL);
		_exit(99);
	}
	reap_all();
	if (!fork()) {
		execl("missing", FIFTY, FIFTY, (char *)NULL);
		say("%s\n", strerror(errno));
		_exit(99);
	}
}

static void set_attributes(void)
{
	struct itimerval t = { { 0, 0 }, { 1000, 0 } };
	struct sched_param p = { 0 };
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGTERM);
	sigaddset(&s, 40);
	sigprocmask(SIG_BLOCK, &s, NULL);
	kill(getpid(), SIGTERM);
	kill(getpid(), 40);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	setitimer(ITIMER_REAL, &t, NULL);
	setpriority(PRIO_PROCESS, 0, 5);
	syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &p);
	umask(077);
	prctl(PR_SET_NAME, "a name");
	prctl(PR_SET_PDEATHSIG, SIGWINCH);
	prctl(PR_SET_TIMERSLACK, 1000);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void kept(void)
{
	if (!fork()) {
		set_attributes();
		execv(witness, arguments);
		_exit(99);
	}
}

/* A signal sent to the thread, not to the process, is still pending behind exec. */
static void thread_signal(void)
{
	if (!fork()) {
		set_attributes();
		raise(SIGUSR1);
		execv(witness, arguments);
		_exit(99);
	}
}

static void *wait_forever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void threads(void)
{
	pthread_t t;

	if (!fork()) {
		set_attributes();
		pthread_create(&t, NULL, wait_forever, NULL);
		pthread_create(&t, NULL, wait_forever, NULL);
		execv("missing", arguments);
		say("%s\n", strerror(errno));
		execv(witness, arguments);
		_exit(99);
	}
}

static void *exec_in_thread(void *unused)
{
	execv("missing", arguments);
	say("%s\n", strerror(errno));
	execv(witness, arguments);
	_exit(99);
	return unused;
}

static void other_thread(void)
{
	pthread_t t;

	if (!fork()) {
		set_attributes();
		pthread_create(&t, NULL, exec_in_thread, NULL);
		wait_forever(NULL);
	}
}

/* The process id, the start of the process and its children stay what they were. */
static void identity(void)
{
	if (!fork()) {
		siginfo_t ended;

		if (!fork())
			_exit(7);
		/* a shell reaps what has ended, known to it or not: let there be one way only */
		waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT);
		execl("/bin/sh", "sh", "-c",
		      "wait; [ $$ = $(cut -d' ' -f4 /proc/self/stat) ] && echo parent of its "
		      "children; "
		      "ls /proc/$$/task | wc -l; read c </proc/$$/task/$$/children; set -- $c; "
		      "echo $#; "
		      "cat /proc/$$/comm; ulimit -n",
		      (char *)NULL);
		_exit(99);
	}
}

static void in_vfork(void)
{
	static volatile int answer;
	pid_t pid = vfork();

	if (!pid) {
		execv("missing", arguments);
		answer = errno;
		execv(witness, arguments);
		_exit(99);
	}
	reap_all();
	say("in the child: %s\n", strerror(answer));
}

static const struct parity_case table[] = {
	CASE(plain),	    CASE(errors),   CASE(search),	 CASE(vectors),
	CASE(variadic),	    CASE(kept),	    CASE(thread_signal), CASE(threads),
	CASE(other_thread), CASE(identity), CASE(in_vfork),
};

int main(int argc, char **argv)
{
	/* A directory that may not be searched means nothing to root; it is here for the others. */
	mkdir("denied_dir", 0);
	return run_cases(argc, argv, table, sizeof(table) / sizeof(*table));
}
