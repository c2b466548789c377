/*
 * parity_shell: popen and pclose, system, wordexp: what they return, what they
 * leave behind, and what they do to signals and cancellation (see parity.h).
 */
#include "tests/helpers/parity/parity.h"

#include <pthread.h>
#include <time.h>
#include <wordexp.h>

static void pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void copy_out(FILE *f)
{
	char line[4096];

	while (fgets(line, sizeof(line), f))
		say("  %s", line);
}

static void popen_mode(const char *mode)
{
	FILE *f;
	int flags;

	errno = 0;
	say("-- mode \"%s\"\n", mode);
	f = popen(strchr(mode, 'w') ? "cat" : "echo out; echo more; exit 3", mode);
	if (!f) {
		say("NULL: %s\n", strerror(errno));
		return;
	}
	flags = fcntl(fileno(f), F_GETFD);
	say("close-on-exec %d, access %o\n", flags, fcntl(fileno(f), F_GETFL) & O_ACCMODE);
	if (strchr(mode, 'w'))
		fputs("to the child\n", f);
	else
		copy_out(f);
	say_status(pclose(f));
}

static void popen_modes(void)
{
	static const char *const modes[] = { "r", "w", "re", "we", "rw", "wr", "rr",  "ee", "",
					     "x", "e", "rb", "r+", "er", "ew", "ree", "rx" };
	unsigned i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		popen_mode(modes[i]);
}

static void popen_child(void)
{
	char command[4200];
	FILE *f;

	snprintf(command, sizeof(command), "exec %s one 'two words'", witness);
	f = popen(command, "r");
	copy_out(f);
	say_status(pclose(f));
	f = popen(command, "w");
	say_status(pclose(f));
}

static void popen_ends(void)
{
	static const char *const commands[] = { "exit 0",	   "exit 255", "kill -9 $$",
						"missing_command", "",	       "-x",
						"exec sleep 0" };
	unsigned i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		FILE *f = popen(commands[i], "r");

		copy_out(f);
		say_status(pclose(f));
	}
}

static void popen_fclose(void)
{
	FILE *f = popen("exit 5", "r");
	int (*volatile closes)(FILE *) = fclose;

	copy_out(f);
	say("fclose %d\n", closes(f));
	reap_all();
	f = fopen("plain", "r");
	say("fclose of a file %d\n", fclose(f));
}

static void pclose_orders(void)
{
	FILE *a = popen("cat >/dev/null; exit 1", "w"), *b = popen("cat >/dev/null; exit 2", "w");
	FILE *c = popen("cat >/dev/null; exit 3", "w");

	/* Would hang if a later child held the write end of an earlier stream. */
	say_status(pclose(a));
	say_status(pclose(c));
	say_status(pclose(b));
	a = popen("exit 1", "r");
	b = popen("exit 2", "r");
	say_status(pclose(b));
	say_status(pclose(a));
}

/* A stream with a pending child that somebody else has reaped. */
static void pclose_reaped(void)
{
	FILE *f = popen("exit 4", "r");
	int status;

	copy_out(f);
	wait(&status);
	say_status(status);
	errno = 0;
	say("pclose %d: %s\n", pclose(f), strerror(errno));
}

/* The child's end is its 0 or 1 even if the caller has none. */
static void popen_without_stdio(void)
{
	int in = fcntl(0, F_DUPFD_CLOEXEC, 50), out = fcntl(1, F_DUPFD_CLOEXEC, 60);
	FILE *f;
	char line[100] = "nothing";

	close(0);
	f = popen("echo first", "r");
	fgets(line, sizeof(line), f);
	pclose(f);
	say("%s", line);
	close(1);
	f = popen("read x; echo $x >&2", "w");
	fputs("second\n", f);
	pclose(f);
	dup2(in, 0);
	dup2(out, 1);
	close(in);
	close(out);
}

static void popen_no_descriptors(void)
{
	int fds[4096], n = 0, i;
	FILE *f;

	while (n < 4096 && (fds[n] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		n++;
	errno = 0;
	f = popen("echo never", "r");
	i = errno;
	while (n > 0)
		close(fds[--n]);
	say("%s: %s\n", f ? "a stream" : "NULL", strerror(i));
}

static void system_results(void)
{
	static const char *const commands[] = {
		"exit 0", "exit 77", "kill -9 $$",     "missing_command",
		"",	  "-x",	     "echo to stdout", "kill -INT $$"
	};
	char command[4200];
	unsigned i;

	say("NULL: %d\n", system(NULL) != 0);
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		say_status(system(commands[i]));
	snprintf(command, sizeof(command), "exec %s one 'two words'", witness);
	say_status(system(command));
	setenv("PATH", "/nowhere", 1);
	say_status(system("echo a builtin"));
	unsetenv("PATH");
	say_status(system("exit 6"));
	setenv("PATH", "/usr/bin:/bin", 1);
}

static volatile sig_atomic_t got[65];

static void count(int sig)
{
	got[sig]++;
}

/* SIGINT and SIGQUIT are ignored meanwhile, SIGCHLD is blocked, all is put back. */
static void system_signals(void)
{
	char command[200], witnessed[4200];

	signal(SIGINT, count);
	signal(SIGQUIT, count);
	signal(SIGCHLD, count);
	snprintf(command, sizeof(command), "kill -INT %d; kill -QUIT %d; exit 3", getpid(),
		 getpid());
	say_status(system(command));
	say("INT %d, QUIT %d, CHLD %d\n", got[SIGINT], got[SIGQUIT], got[SIGCHLD]);
	snprintf(witnessed, sizeof(witnessed), "exec %s", witness);
	say_status(system(witnessed));
	say_mask("caller");
	raise(SIGINT);
	say("handler is back: %d\n", got[SIGINT]);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	say_status(system(witnessed));
	say("INT still ignored: %d\n", signal(SIGINT, SIG_DFL) == SIG_IGN);
	say("QUIT still default: %d\n", signal(SIGQUIT, SIG_DFL) == SIG_DFL);
	signal(SIGCHLD, SIG_IGN);
	errno = 0;
	say("with children ignored: %d %s\n", system("exit 3"), strerror(errno));
	signal(SIGCHLD, SIG_DFL);
}

static void system_mask(void)
{
	char command[4200];
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGCHLD);
	sigprocmask(SIG_BLOCK, &s, NULL);
	snprintf(command, sizeof(command), "exec %s", witness);
	say_status(system(command));
	say_mask("caller");
	sigprocmask(SIG_UNBLOCK, &s, NULL);
}

/* Another child that ends meanwhile is not reaped by system(). */
static void system_other_child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(9);
	say_status(system("exit 1"));
}

static void *run_system(void *unused)
{
	system("echo $$ >pid; exec sleep 300");
	return unused;
}

#ifdef __GLIBC__ /* musl's system() does not count its callers */
static void *two_systems(void *command)
{
	return (void *)(long)system(command);
}

/* Threads in system() at once: the dispositions are restored when the last one ends. */
static void system_threads(void)
{
	pthread_t a, b;
	void *first, *second;

	signal(SIGINT, count);
	pthread_create(&a, NULL, two_systems, "sleep 0.05; exit 1");
	pthread_create(&b, NULL, two_systems, "sleep 0.1; exit 2");
	pthread_join(a, &first);
	pthread_join(b, &second);
	say_status((int)(long)first);
	say_status((int)(long)second);
	say("INT handled: %d\n", signal(SIGINT, SIG_DFL) == count);
}

#endif

/* Cancelled in system(): is the child gone and reaped, are the dispositions back? */
static void system_cancel(void)
{
	pthread_t t;
	void *result;
	int i, pid = 0;
	FILE *f;

	signal(SIGINT, count);
	pthread_create(&t, NULL, run_system, NULL);
	for (i = 0; i < 500 && pid <= 0; i++) {
		pause_ms(10);
		f = fopen("pid", "re");
		if (f) {
			if (fscanf(f, "%d", &pid) != 1)
				pid = 0;
			fclose(f);
		}
	}
	pthread_cancel(t);
	/* A libc in which system() is no cancellation point goes on until its child ends. */
	pause_ms(300);
	say("child is %s\n", kill(pid, 0) ? "gone" : "there");
	kill(pid, SIGKILL);
	pthread_join(t, &result);
	say("%s\n", result == PTHREAD_CANCELED ? "cancelled" : "returned");
	say("INT handled: %d\n", signal(SIGINT, SIG_DFL) == count);
	say_mask("caller");
	unlink("pid");
}

static void expand(const char *text, int flags)
{
	wordexp_t w = { 0 };
	int e;
	size_t i;

	say("-- %s, flags %x\n", text, flags);
	w.we_offs = flags & WRDE_DOOFFS ? 2 : 0;
	e = wordexp(text, &w, flags);
	say("returned %d\n", e);
	for (i = 0; !e && i < w.we_wordc; i++)
		say("  %s\n", w.we_wordv[w.we_offs + i]);
	if (!e)
		wordfree(&w);
}

static void words(void)
{
	char text[4200];

	expand("plain $HOME 'two words'", 0);
	expand("$(echo one two)", 0);
	expand("\"$(echo one two)\"", 0);
	expand("x$(printf 'a\\nb\\n\\n')y", 0);
	expand("`echo back quotes`", 0);
	expand("$(echo $(echo nested))", WRDE_DOOFFS);
	expand("$(echo never)", WRDE_NOCMD);
	expand("$(exit 3)", 0);
	expand("$(missing_command)", 0);
	expand("$(echo to stderr >&2)", 0);
	expand("$(missing_command)", WRDE_SHOWERR);
	expand("$(echo unbalanced", 0);
	expand("$undefined", WRDE_UNDEF);
	expand("a | b", 0);
	snprintf(text, sizeof(text), "\"$(%s one)\"", witness);
	expand(text, 0);
}

static const struct parity_case table[] = {
	CASE(popen_modes),	   CASE(popen_child),
	CASE(popen_ends),	   CASE(popen_fclose),
	CASE(pclose_orders),	   CASE(pclose_reaped),
	CASE(popen_without_stdio), CASE(popen_no_descriptors),
	CASE(system_results),	   CASE(system_signals),
	CASE(system_mask),	   CASE(system_other_child),
	CASE(system_cancel),	   CASE(words),
#ifdef __GLIBC__
	CASE(system_threads),
#endif
};

int main(int argc, char **argv)
{
	return run_cases(argc, argv, table, sizeof(table) / sizeof(*table));
}
