/*
 * host_openmax: asks for and sets its limit of open files, a word each:
 *
 *	ask        what each function answers: soft and hard limits, then numbers
 *	real       the limit in truth, from the kernel
 *	open=N     something is open at N, whatever the limit says
 *	same       reads the limit and writes it back
 *	raise      sets the soft limit to the hard one
 *	lower      sets the hard limit to the soft one
 *	soft=N     sets the soft limit to N, and the hard one to what it was told
 *	save       keeps what it is told
 *	restore    sets what it has kept
 *	back=N     prlimit: soft limit N, and then the old ones that this told
 *	set=S:H    sets both, and says what that returned
 *	swap=S:H   the same with prlimit, which answers the old ones
 *	bad        passes pointers that lead nowhere
 *	other      asks about its parent
 *	hand       sets for a child, by its number, what it has kept
 *	thread     restores and asks in a thread, with prlimit by the thread's number
 *	handler    asks in a signal handler
 *	vfork      a vfork child asks
 *	vfork=N    a vfork child sets its soft limit to N, asks, and restores what its parent has kept
 *	fork=N     the same in a child of fork
 *	race=N     N threads save, lower and restore at once
 *	random=N   a sequence of such steps: what each returned, and the limits in truth behind it
 *	loop       closes all numbers from 3 up to the limit; says how many calls that took
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
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

static volatile long in_handler;

static void note_in_handler(int sig)
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

static struct rlimit saved;

static struct rlimit told(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		die("getrlimit");
	return r;
}

static void must_set(const struct rlimit *r)
{
	if (setrlimit(RLIMIT_NOFILE, r))
		die("setrlimit");
}

static void say_real(const char *name)
{
	unsigned long long wide[2];

	kernel(RLIMIT_NOFILE, NULL, wide);
	printf("%s %llu %llu\n", name, wide[0], wide[1]);
}

static void write_back(const char *word)
{
	struct rlimit r = told();

	if (*word == 'r' && word[1] == 'a')
		r.rlim_cur = r.rlim_max;
	if (*word == 'l')
		r.rlim_max = r.rlim_cur;
	if (!strncmp(word, "soft=", 5))
		r.rlim_cur = strtoul(word + 5, NULL, 10);
	must_set(!strcmp(word, "restore") ? &saved : &r);
}

static void back(const char *value)
{
	struct rlimit r = told(), old;

	r.rlim_cur = strtoul(value, NULL, 10);
	if (prlimit(0, RLIMIT_NOFILE, &r, &old) || prlimit(0, RLIMIT_NOFILE, &old, NULL))
		die("prlimit");
}

static void bad(void)
{
	struct rlimit *nowhere = (struct rlimit *)16;

	printf("bad %d", setrlimit(RLIMIT_NOFILE, nowhere));
	printf(" %s", strerror(errno));
	printf(" %d", getrlimit(RLIMIT_NOFILE, nowhere));
	printf(" %s\n", strerror(errno));
}

static void open_at(int fd)
{
	if (dup2(0, fd) != fd)
		die("dup2");
}

static void other(void)
{
	struct rlimit r;

	if (prlimit(getppid(), RLIMIT_NOFILE, NULL, &r))
		die("prlimit");
	say("other", &r);
}

static void hand(void)
{
	int go[2];
	pid_t pid;
	char c;

	if (pipe(go))
		die("pipe");
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &c, 1) < 0)
			die("read");
		say_real("child");
		exit(0);
	}
	if (prlimit(pid, RLIMIT_NOFILE, &saved, NULL))
		die("prlimit");
	close(go[0]);
	close(go[1]);
	waitpid(pid, NULL, 0);
}

static void *by_number(void *unused)
{
	pid_t tid = (pid_t)syscall(SYS_gettid);
	struct rlimit r;

	(void)unused;
	if (prlimit(tid, RLIMIT_NOFILE, &saved, NULL) || prlimit(tid, RLIMIT_NOFILE, NULL, &r))
		die("prlimit");
	say("thread", &r);
	return NULL;
}

static void in_thread(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, by_number, NULL))
		die("pthread_create");
	pthread_join(t, NULL);
}

static void in_child(const char *word)
{
	const char *value = strchr(word, '=');
	unsigned long n = value ? strtoul(value + 1, NULL, 10) : 0;
	struct rlimit own = { n, saved.rlim_max };
	int status;
	pid_t pid = *word == 'v' ? vfork() : fork();

	if (pid == 0) {
		if (!value)
			_exit(sysconf(_SC_OPEN_MAX) >= 1024 && sysconf(_SC_OPEN_MAX) < 1400 ? 0
											    : 1);
		if (setrlimit(RLIMIT_NOFILE, &own) || sysconf(_SC_OPEN_MAX) < 0 ||
		    setrlimit(RLIMIT_NOFILE, &saved))
			_exit(1);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("%s %d\n", *word == 'v' ? "vfork" : "fork", WEXITSTATUS(status));
}

static void *racer(void *unused)
{
	(void)unused;
	for (int i = 0; i < 500; i++) {
		struct rlimit low = saved, r = told();

		if (r.rlim_cur != saved.rlim_cur && r.rlim_cur != 256)
			return "told neither";
		low.rlim_cur = 256;
		must_set(&low);
		must_set(&saved);
	}
	return NULL;
}

static void race(const char *value)
{
	enum { MOST = 16 };
	pthread_t t[MOST];
	int n = atoi(value);
	void *bad;

	for (int i = 0; i < n && i < MOST; i++)
		if (pthread_create(&t[i], NULL, racer, NULL))
			die("pthread_create");
	for (int i = 0; i < n && i < MOST; i++)
		if (!pthread_join(t[i], &bad) && bad)
			printf("race: %s\n", (char *)bad);
	say_real("race");
}

static unsigned long long seed;

static unsigned below(unsigned n)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (unsigned)(seed >> 33) % n;
}

static int any_get(struct rlimit *r)
{
	return below(2) ? getrlimit(RLIMIT_NOFILE, r)
			: prlimit(below(2) ? getpid() : 0, RLIMIT_NOFILE, NULL, r);
}

static int any_set(struct rlimit *to, struct rlimit *old)
{
	pr_fn *pr64 = (pr_fn *)dlsym(RTLD_DEFAULT, "prlimit64");
	unsigned long long wide[2] = { to->rlim_cur, to->rlim_max }, was[2];
	int r;

	switch (below(3)) {
	case 0:
		return prlimit(0, RLIMIT_NOFILE, to, old);
	case 1:
		if (pr64) {
			r = pr64(0, RLIMIT_NOFILE, wide, was);
			old->rlim_cur = (unsigned long)was[0];
			old->rlim_max = (unsigned long)was[1];
			return r;
		}
		/* FALLTHROUGH */
	default:
		return any_get(old) ? -1 : setrlimit(RLIMIT_NOFILE, to);
	}
}

/* few: of those that it chooses itself, since what it has taken from its hard limit is gone */
static unsigned long any_number(const struct rlimit *held, unsigned n, bool few)
{
	static const unsigned long usual[] = { 0,    64,   256,	 1000, 1024, 1025,
					       2048, 3000, 4096, 5000, 65536 };
	const struct rlimit *r = &held[below(n)];

	if (below(few ? 100 : 3) == 0)
		return usual[below(sizeof usual / sizeof *usual)];
	return few || below(2) ? r->rlim_max : r->rlim_cur;
}

static void at_random(const char *value)
{
	enum { HELD = 6, STEPS = 200 };
	struct rlimit held[HELD];
	unsigned n = 1;

	seed = strtoull(value, NULL, 10);
	any_get(&held[0]);
	for (int i = 0; i < STEPS; i++) {
		struct rlimit to = { any_number(held, n, false), any_number(held, n, true) },
			      old = to;
		int r = any_set(&to, &old);

		printf("%s: ", r ? strerror(errno) : "done");
		say_real("real");
		if (r == 0)
			held[n < HELD ? n++ : below(HELD)] = old;
	}
}

static void one(const char *word)
{
	const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";

	if (!strcmp(word, "ask")) {
		ask();
	} else if (!strcmp(word, "real")) {
		say_real("real");
	} else if (!strncmp(word, "open=", 5)) {
		open_at(atoi(value));
	} else if (!strncmp(word, "set=", 4) || !strncmp(word, "swap=", 5)) {
		set(*value ? (word[1] == 'e' ? "set" : "swap") : "", value);
	} else if (!strcmp(word, "save")) {
		saved = told();
	} else if (!strncmp(word, "back=", 5)) {
		back(value);
	} else if (!strcmp(word, "bad")) {
		bad();
	} else if (!strcmp(word, "other")) {
		other();
	} else if (!strcmp(word, "hand")) {
		hand();
	} else if (!strcmp(word, "thread")) {
		in_thread();
	} else if (!strcmp(word, "handler")) {
		signal(SIGUSR1, note_in_handler);
		raise(SIGUSR1);
		printf("handler %ld\n", in_handler);
	} else if (!strncmp(word, "vfork", 5) || !strncmp(word, "fork", 4)) {
		in_child(word);
	} else if (!strncmp(word, "race=", 5)) {
		race(value);
	} else if (!strncmp(word, "random=", 7)) {
		at_random(value);
	} else if (!strcmp(word, "loop")) {
		loop();
	} else if (strchr("srl", *word)) {
		write_back(word);
	} else {
		exit(125);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		one(argv[i]);
		fflush(stdout);
	}
	return argc > 1 ? 0 : 125;
}
