/* facts: see walks.h: what each walker sees, and what it does to the program that it is in. */
#include <alloca.h>
#include <dirent.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/origins/walks.h"

#define DEPTH	 20
#define LOCKED_S 2 /* so long nobody waits for a lock that is given back */

static struct facts {
	int with, without, in_handler, with_alloca, in_vfork_child;
	int descriptors, kilobytes, looks_up, waits;
} * facts; /* by walker; children write them */

static walk_fn *walk;
static int lookups;

static int seen(void)
{
	void *pc[FRAMES];

	return of_them(pc, walk(pc, FRAMES));
}

static void count(void *to)
{
	*(int *)to = seen();
}

static int *in_handler;
static void handler(int sig)
{
	(void)sig;
	*in_handler = seen();
}

static void interrupted(void *to)
{
	in_handler = to;
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
}

static void below_alloca(void *to)
{
	volatile char *p = alloca((size_t)getpid() % 100 + 1);

	p[0] = 1;
	*(int *)to = seen();
	p[0] = 2;
}

static void in_vfork_child(void *to)
{
	pid_t child = vfork();

	if (!child) {
		*(int *)to = seen();
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static int descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d && readdir(d))
		n++;
	closedir(d);
	return n;
}

static int kilobytes(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	unsigned long from, to, sum = 0;
	char line[4096];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%lx", &from, &to) == 2)
			sum += to - from;
	fclose(f);
	return (int)(sum / 1024);
}

/* In front of glibc's: who looks for a module with it holds the loader's lock meanwhile. */
int dl_iterate_phdr(int (*each)(struct dl_phdr_info *, size_t, void *), void *arg)
{
	int (*next)(int (*)(struct dl_phdr_info *, size_t, void *), void *) =
		(int (*)(int (*)(struct dl_phdr_info *, size_t, void *), void *))dlsym(
			RTLD_NEXT, "dl_iterate_phdr");

	__atomic_add_fetch(&lookups, 1, __ATOMIC_RELAXED);
	return next(each, arg);
}

static sem_t walked;
static void *another(void *arg)
{
	(void)arg;
	seen();
	sem_post(&walked);
	return NULL;
}

static int locked(struct dl_phdr_info *info, size_t size, void *waits)
{
	struct timespec until;
	pthread_t t;

	(void)info;
	(void)size;
	if (pthread_create(&t, NULL, another, NULL))
		return 1;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LOCKED_S;
	*(int *)waits = sem_timedwait(&walked, &until) != 0;
	return 1;
}

static void learn(struct facts *f)
{
	int fds = descriptors(), kb = kilobytes(); /* which take what they take themselves */

	fds = descriptors();
	kb = kilobytes();
	deep_with(DEPTH, count, &f->with);
	f->descriptors = descriptors() - fds;
	f->kilobytes = kilobytes() - kb;
	f->looks_up = lookups;
	deep_without(DEPTH, count, &f->without);
	deep_without(DEPTH, interrupted, &f->in_handler);
	deep_without(DEPTH, below_alloca, &f->with_alloca);
	deep_without(DEPTH, in_vfork_child, &f->in_vfork_child);
}

static void learn_apart(enum walker w, void (*what)(struct facts *))
{
	pid_t child = fork();

	if (!child) {
		walk = walkers[w].walk;
		what(&facts[w]);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void learn_lock(struct facts *f)
{
	sem_init(&walked, 0, 0);
	dl_iterate_phdr(locked, &f->waits);
}

void learn_facts(void)
{
	facts = mmap(NULL, sizeof(*facts) * WALKERS, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (enum walker w = 0; w < WALKERS; w++)
		if (walkers[w].walk) {
			learn_apart(w, learn);
			learn_apart(w, learn_lock);
		}
}

static void line(const char *what, size_t fact)
{
	printf("| %s |", what);
	for (enum walker w = 0; w < WALKERS; w++)
		if (walkers[w].walk)
			printf(" %d |", *(const int *)((const char *)&facts[w] + fact));
	printf("\n");
}

void show_facts(void)
{
	printf("| |");
	for (enum walker w = 0; w < WALKERS; w++)
		if (walkers[w].walk)
			printf(" %s |", walkers[w].name);
	printf("\n|---|");
	for (enum walker w = 0; w < WALKERS; w++)
		if (walkers[w].walk)
			printf("---:|");
	printf("\n");
#define LINE(what, fact) line(what, offsetof(struct facts, fact))
	LINE("sees, of 20 functions with frame pointers", with);
	LINE("... without (-fomit-frame-pointer)", without);
	LINE("... in a signal handler", in_handler);
	LINE("... below alloca", with_alloca);
	LINE("... in a child of vfork", in_vfork_child);
	LINE("the first walk opens descriptors in the program", descriptors);
	LINE("... and maps memory, KiB", kilobytes);
	LINE("... and asks dl_iterate_phdr, times", looks_up);
	LINE("waits while another thread is in that (1: yes)", waits);
}
