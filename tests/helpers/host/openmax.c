/*
 * host_openmax: asks for and sets its limit of open files, a word each:
 *
 *	ask        what each function answers: soft and hard limits, then numbers
 *	real       the limit in truth, from the kernel
 *	open=N     something is open at N, whatever the limit says
 *	same       reads the limit and writes it back
 *	raise      sets the soft limit to the hard one
 *	lower      sets the hard limit to the soft one
 *	set=S:H    sets both, and says what that returned
 *	swap=S:H   the same with prlimit, which answers the old ones
 *	bad        passes pointers that lead nowhere
 *	other      asks about its parent
 *	handler    asks in a signal handler
 *	vfork      a vfork child asks
 *	loop       closes all numbers from 3 up to the limit; says how many calls that took
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ulimit.h>

#include "tests/helpers/host/host.h"

#define GETS_OPEN_MAX 4 /* of glibc's ulimit */

/* Where libc has them: with a structure of 64-bit numbers on every processor. */
typedef int get_fn(int, void *);
typedef int pr_fn(pid_t, int, const void *, void *);

static void say(const char *name, const struct rlimit *r)
{
	printf("%s %lu %lu\n", name, (unsigned long)r->rlim_cur, (unsigned long)r->rlim_max);
}

static void kernel(int resource, const unsigned long long *set, unsigned long long *old)
{
	if (syscall(SYS_prlimit64, 0, resource, set, old))
		die("prlimit64");
}

static void ask(void)
{
	get_fn *get64 = (get_fn *)dlsym(RTLD_DEFAULT, "getrlimit64");
	pr_fn *pr64 = (pr_fn *)dlsym(RTLD_DEFAULT, "prlimit64");
	unsigned long long wide[2];
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		die("getrlimit");
	say("getrlimit", &r);
	if (prlimit(0, RLIMIT_NOFILE, NULL, &r) || prlimit(getpid(), RLIMIT_NOFILE, NULL, &r))
		die("prlimit");
	say("prlimit", &r);
	if (get64 && !get64(RLIMIT_NOFILE, wide))
		printf("getrlimit64 %llu %llu\n", wide[0], wide[1]);
	if (pr64 && !pr64(0, RLIMIT_NOFILE, NULL, wide))
		printf("prlimit64 %llu %llu\n", wide[0], wide[1]);
	printf("sysconf %ld\n", sysconf(_SC_OPEN_MAX));
	printf("getdtablesize %d\n", getdtablesize());
#ifdef __GLIBC__
	printf("ulimit %ld\n", ulimit(GETS_OPEN_MAX));
#endif
}

static long in_handler;

static void handler(int sig)
{
	in_handler = sig ? sysconf(_SC_OPEN_MAX) : 0;
}

static void loop(void)
{
	struct rlimit r;
	unsigned long fd;

	getrlimit(RLIMIT_NOFILE, &r);
	for (fd = 3; fd < r.rlim_max; fd++)
		close((int)fd);
	printf("closed %lu\n", fd - 3);
}

static void set(const char *how, const char *value)
{
	struct rlimit r, old = { 0, 0 };
	char *end;
	int failed;

	r.rlim_cur = strtoul(value, &end, 10);
	r.rlim_max = strtoul(end + 1, NULL, 10);
	failed = *how == 's' && how[1] == 'e' ? setrlimit(RLIMIT_NOFILE, &r)
					      : prlimit(0, RLIMIT_NOFILE, &r, &old);
	printf("%s: %s\n", how, failed ? strerror(errno) : "done");
	if (how[1] == 'w')
		say("old", &old);
}

static void write_back(char what)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		die("getrlimit");
	if (what == 'r')
		r.rlim_cur = r.rlim_max;
	if (what == 'l')
		r.rlim_max = r.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &r))
		die("setrlimit");
}

static void bad(void)
{
	struct rlimit *nowhere = (struct rlimit *)16;

	printf("bad %d", setrlimit(RLIMIT_NOFILE, nowhere));
	printf(" %s", strerror(errno));
	printf(" %d", getrlimit(RLIMIT_NOFILE, nowhere));
	printf(" %s\n", strerror(errno));
}

/* Opened while the limit allows it. */
static void open_at(int fd)
{
	if (dup2(0, fd) != fd)
		die("dup2");
}

static void one(const char *word)
{
	const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";
	unsigned long long wide[2];
	struct rlimit r;
	int status;
	pid_t pid;

	if (!strcmp(word, "ask")) {
		ask();
	} else if (!strcmp(word, "real")) {
		kernel(RLIMIT_NOFILE, NULL, wide);
		printf("real %llu %llu\n", wide[0], wide[1]);
	} else if (!strncmp(word, "open=", 5)) {
		open_at(atoi(value));
	} else if (!strncmp(word, "set=", 4) || !strncmp(word, "swap=", 5)) {
		set(*value ? (word[1] == 'e' ? "set" : "swap") : "", value);
	} else if (!strcmp(word, "same") || !strcmp(word, "raise") || !strcmp(word, "lower")) {
		write_back(*word);
	} else if (!strcmp(word, "bad")) {
		bad();
	} else if (!strcmp(word, "other")) {
		if (prlimit(getppid(), RLIMIT_NOFILE, NULL, &r))
			die("prlimit");
		say("other", &r);
	} else if (!strcmp(word, "handler")) {
		signal(SIGUSR1, handler);
		raise(SIGUSR1);
		printf("handler %ld\n", in_handler);
	} else if (!strcmp(word, "vfork")) {
		pid = vfork();
		if (pid == 0)
			_exit(sysconf(_SC_OPEN_MAX) == 1024 ? 0 : 1);
		waitpid(pid, &status, 0);
		printf("vfork %d\n", WEXITSTATUS(status));
	} else if (!strcmp(word, "loop")) {
		loop();
	} else {
		exit(125);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		one(argv[i]);
	return argc > 1 ? 0 : 125;
}
