/*
 * stacks: opens descriptors from stacks that are not easy to walk, below `fdfence run --origins`.
 *
 *	stacks WAY [LIBRARY]     prints what it sees, or leaks into /bin/true; WAY is one of the table at the end
 */
#include <alloca.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

/* Of libfdfence-origins.so, which stands in front. */
extern size_t fdfence_origin(int fd, char *to, size_t cap) __attribute__((weak));

static volatile sig_atomic_t came; /* handlers */
static int mode = O_RDONLY;	   /* read at run time: no call is folded into another */

static NOINLINE int open_here(void)
{
	int fd = open("/etc/passwd", mode);

	__asm__ volatile("" ::: "memory"); /* no tail call */
	return fd;
}

static int leak(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

/* The stack of fd as the library tells it, in text[]. */
static void stack_of(int fd, char *text, size_t cap)
{
	char origin[4096];
	size_t n = fdfence_origin ? fdfence_origin(fd, origin, sizeof(origin) - 1) : 0;
	char *at;

	origin[n] = '\0';
	at = strstr(origin, "\"stack\":");
	snprintf(text, cap, "%.*s", at ? (int)strcspn(at, "]") : 0, at ? at : "");
}

/* --- alloca: two callers at different depths, the opening call at the same place of the stack --- */

static NOINLINE int opens_below_alloca(unsigned n)
{
	volatile char *p = alloca(n);
	int fd;

	p[0] = 1;
	fd = open("/etc/passwd", mode);
	p[0] = 2;
	return fd;
}

static NOINLINE int first_caller(unsigned n)
{
	volatile char room[16];

	room[0] = 0;
	return opens_below_alloca(n) + room[0];
}

/* What the first one's frame was lies in its room, as it was left there. */
static NOINLINE int second_caller(unsigned n)
{
	volatile char room[16 + 256];

	room[0] = 0;
	return opens_below_alloca(n) + room[0];
}

static int below_alloca(void)
{
	int (*volatile callers[])(unsigned) = { first_caller, second_caller };

	mode = O_RDONLY | O_CLOEXEC;
	for (volatile unsigned i = 0; i < 2; i++) {
		callers[i](512 - i * 256);
		mode = O_RDONLY;
	}
	return leak();
}

/* --- deep --- */

static NOINLINE int deep(unsigned left)
{
	int r = left ? deep(left - 1) : open_here();

	__asm__ volatile("" ::: "memory");
	return r;
}

static int from_deep(void)
{
	mode = O_RDONLY | O_CLOEXEC;
	deep(60);
	mode = O_RDONLY;
	deep(50);
	return leak();
}

/* --- a handler on a stack of its own, where the program's has come to its end --- */

static void at_the_end(int sig)
{
	(void)sig;
	open_here();
	_exit(leak());
}

static NOINLINE int endless(volatile char *above)
{
	volatile char room[64];

	room[0] = above[0];
	return came < 0 ? 0 : endless(room) + room[0];
}

static int overflow(void)
{
	static char room[64 * 1024];
	stack_t other = { .ss_sp = room, .ss_size = sizeof(room) };
	struct sigaction a = { .sa_handler = at_the_end, .sa_flags = SA_ONSTACK };
	volatile char byte = 0;

	sigaltstack(&other, NULL);
	sigaction(SIGSEGV, &a, NULL);
	return endless(&byte);
}

/* --- while the loader is at work --- */

static void handler(int sig)
{
	(void)sig;
	open_here();
}

static void *thread(void *arg)
{
	(void)arg;
	opens_below_alloca(64);
	return NULL;
}

/* Nobody else can ask the loader where a function's module is, as long as this one has not returned. */
static int loader_is_locked(struct dl_phdr_info *info, size_t size, void *arg)
{
	pthread_t t;

	(void)info;
	(void)size;
	(void)arg;
	raise(SIGUSR1);
	if (!pthread_create(&t, NULL, thread, NULL))
		pthread_join(t, NULL);
	return 1;
}

/* Called by the constructor of raises.so. */
void stacks_at_load(void);
__attribute__((visibility("default"))) void stacks_at_load(void)
{
	loader_is_locked(NULL, 0, NULL);
}

static const char *library;
static int in_dlopen(void)
{
	signal(SIGUSR1, handler);
	if (!dlopen(library, RTLD_NOW)) {
		puts(dlerror());
		return 1;
	}
	return leak();
}

static int in_dl_iterate_phdr(void)
{
	signal(SIGUSR1, handler);
	dl_iterate_phdr(loader_is_locked, NULL);
	return leak();
}

/* --- handlers that open, between the steps of who opens --- */

static void opens_and_closes(int sig)
{
	(void)sig;
	close(deep((unsigned)came % 8));
	came++;
}

static int storm(void)
{
	struct itimerval often = { { 0, 100 }, { 0, 100 } }, never = { { 0, 0 }, { 0, 0 } };
	char want[8][1024], got[1024];
	unsigned wrong = 0, rounds = 0;

	for (unsigned d = 0; d < 8; d++) {
		int fd = deep(d);

		stack_of(fd, want[d], sizeof(want[d]));
		close(fd);
	}
	signal(SIGPROF, opens_and_closes);
	setitimer(ITIMER_PROF, &often, NULL);
	for (; came < 300; rounds++) {
		int fd = deep(rounds % 8);

		stack_of(fd, got, sizeof(got));
		wrong += strncmp(got, want[rounds % 8], strcspn(got, ",")) != 0 ||
			 strlen(got) != strlen(want[rounds % 8]);
		close(fd);
	}
	setitimer(ITIMER_PROF, &never, NULL);
	printf("%u wrong of %s\n", wrong, rounds > 300 ? "many" : "few");
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} ways[] = {
	{ "alloca", below_alloca },
	{ "deep", from_deep },
	{ "overflow", overflow },
	{ "dlopen", in_dlopen },
	{ "dl_iterate_phdr", in_dl_iterate_phdr },
	{ "storm", storm },
};

int main(int argc, char **argv)
{
	library = argc > 2 ? argv[2] : "";
	for (unsigned i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(argv[1], ways[i].name))
			return ways[i].run();
	return 2;
}
