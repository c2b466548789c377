/*
 * host_words: wordexp() with a command, and what the kernel ties to the thread that calls it.
 *
 *	host_words CASE HOW     one: thread; thread: a second one runs; other: that one calls, and
 *	                        the first one takes no signals
 *	jump       a handler leaves by siglongjmp() while the command runs, which ends later
 *	handlers   a timer goes off, again and again, while the command runs
 *	command    what the command sees: its parent, its signal mask, descriptors of its own
 *	nothread   where no thread can be had: children are in another pid namespace
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <wordexp.h>

#include "tests/helpers/host/host.h"

#define SOME 11 /* handlers */

static sigjmp_buf out;
static volatile long ran, elsewhere, opened;
static volatile int fds[1000];
static int told = -1; /* written to by each handler */
static pid_t caller;

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void leave(int sig)
{
	(void)sig;
	siglongjmp(out, 1);
}

/* The next one comes when this one is over: docs/limits.md, wordexp. */
static void note(int sig)
{
	struct itimerval once = { { 0, 0 }, { 0, 5000 } };
	int error = errno;

	(void)sig;
	ran++;
	elsewhere += syscall(SYS_gettid) != caller;
	if (opened < 1000)
		fds[opened++] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (write(told, "x", 1) != 1)
		_exit(1);
	setitimer(ITIMER_REAL, &once, NULL);
	errno = error;
}

static int threads(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) ? -1 : (int)st.st_nlink - 2;
}

static void use_memory(void)
{
	void *some[500];
	int i;

	for (i = 0; i < 500; i++)
		some[i] = malloc((size_t)i * 7 + 1);
	for (i = 0; i < 500; i++)
		free(some[i]);
}

/* The command sends the signal, and ends when it is written to. */
static void jump(void)
{
	int old = must_open("/etc/passwd", O_RDONLY), before, to[2], again;
	char text[100], path[32];
	wordexp_t w = { 0 };

	if (pipe2(to, O_CLOEXEC))
		die("pipe");
	fcntl(to[0], F_SETFD, 0); /* meant */
	snprintf(text, sizeof(text), "$(sleep 0.2; kill -ALRM %d; head -c 1 <&%d) word", getpid(),
		 to[0]);
	signal(SIGALRM, leave);
	before = threads();
	if (!sigsetjmp(out, 1)) {
		wordexp(text, &w, 0);
		printf("not interrupted\n");
		return;
	}
	use_memory();
	if (write(to[1], "x", 1) != 1)
		die("write");
	while (threads() > before)
		use_memory();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", must_open("/dev/null", O_RDONLY));
	again = wordexp("$(echo two words)", &w, 0);
	printf("%s, flag %d, %s, %d: %zu\n", syscall(SYS_gettid) == caller ? "here" : "elsewhere",
	       fcntl(old, F_GETFD), access(path, F_OK) ? "split" : "shared", again, w.we_wordc);
}

/*
 * The command ends when some have run, or after 20 s; then what was held back runs.  One may run
 * elsewhere, while libc starts the child: docs/limits.md, wordexp.
 */
static void handlers(void)
{
	struct sigaction act = { .sa_handler = note, .sa_flags = SA_RESTART };
	struct itimerval once = { { 0, 0 }, { 0, 5000 } }, never = { { 0, 0 }, { 0, 0 } };
	wordexp_t w = { 0 };
	long lost = 0, i;
	char text[100];
	int r, to[2];

	if (pipe2(to, O_CLOEXEC))
		die("pipe");
	fcntl(to[0], F_SETFD, 0); /* meant */
	told = to[1];
	snprintf(text, sizeof(text), "$(timeout 20 head -c %d <&%d >/dev/null; echo word)", SOME,
		 to[0]);
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &once, NULL);
	r = wordexp(text, &w, 0);
	setitimer(ITIMER_REAL, &never, NULL);
	for (i = 0; i < opened; i++)
		lost += fcntl(fds[i], F_GETFD) < 0;
	printf("%d: %s, handlers %s, %ld elsewhere, %ld lost\n", r, r ? "" : w.we_wordv[0],
	       ran >= SOME ? "ran" : "were held back", elsewhere > 1 ? elsewhere : 0, lost);
}

static void command(void)
{
	char words[300];
	wordexp_t w = { 0 };
	sigset_t some;
	size_t i;

	sigemptyset(&some);
	sigaddset(&some, SIGUSR1);
	sigprocmask(SIG_SETMASK, &some, NULL);
	must_open("/etc/passwd", O_RDONLY);
	snprintf(words, sizeof(words),
		 "first ${made:=here} $([ $PPID = %d ] && echo child; readlink /proc/self/fd/3; "
		 "exec grep SigBlk /proc/self/status)",
		 getpid());
	if (wordexp("zeroth", &w, 0) || wordexp(words, &w, WRDE_APPEND))
		die("wordexp");
	for (i = 0; i < w.we_wordc; i++)
		printf("%s ", w.we_wordv[i]);
	printf("%s\n", getenv("made") ? getenv("made") : "not made");
	wordfree(&w);
}

static void without_thread(void)
{
	int fd = leak_at(3), r;
	wordexp_t w = { 0 };

	if (unshare(CLONE_NEWPID))
		cannot("have a pid namespace");
	r = wordexp("word $(readlink /proc/self/fd/3; true)", &w, 0);
	printf("%d: %zu, flag %d\n", r, r ? 0 : w.we_wordc, fcntl(fd, F_GETFD));
}

static sigset_t mask;

static void *call(void *what)
{
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	caller = (pid_t)syscall(SYS_gettid);
	if (!strcmp(what, "jump"))
		jump();
	else if (!strcmp(what, "handlers"))
		handlers();
	else if (!strcmp(what, "command"))
		command();
	else
		without_thread();
	return what;
}

int main(int argc, char **argv)
{
	sigset_t all;
	pthread_t t;

	if (argc != 3)
		return 125;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &mask); /* one thread alone handles signals */
	if (strcmp(argv[2], "one") &&
	    pthread_create(&t, NULL, strcmp(argv[2], "other") ? idle : call, argv[1]))
		die("thread");
	if (strcmp(argv[2], "other"))
		call(argv[1]);
	else
		pthread_join(t, NULL);
	fflush(stdout);
	_exit(0); /* musl waits for the stream that was left */
}
