/*
 * guard.c: a tracer that somebody asked to end does end.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/thread.h"
#include "tools/trace/guard.h"

static atomic_bool ending;
static atomic_uint steps;
static struct process cmd = { .fd = -1 }; /* our own hold: the main thread may reap it meanwhile */

/* A signal to end that nobody has taken, 0: none. */
static int waiting(void)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, SIGTERM) == 1	? SIGTERM
	       : sigismember(&set, SIGINT) == 1 ? SIGINT
						: 0;
}

/* No say(): the main thread may hold stdio's lock. */
static void give_up(void)
{
	static const char text[] = "fdfence: trace: asked to end, and nothing moves on: given up; "
				   "what was still to be told is lost\n";
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
	int sig = waiting();

	if (sig)
		process_signal(&cmd, sig);
	if (poll(&p, 1, 0) == 1 && write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_OWN);
	_exit(EXIT_OWN);
}

static void *look(void *unused)
{
	unsigned seen = 0, idle = 0, now;

	for (;; sleep(1)) {
		now = atomic_load(&steps);
		idle = now == seen && (atomic_load(&ending) || waiting()) ? idle + 1 : 0;
		seen = now;
		if (idle > GUARD_SECONDS)
			give_up();
	}
	return unused;
}

void guard_start(const struct process *of)
{
	pthread_t thread;
	int err;

	if (of)
		cmd = process_share(of);
	err = pthread_create(&thread, NULL, look, NULL);
	if (err)
		say("trace: cannot start a thread: %s", thread_why(err));
	else
		pthread_detach(thread);
}

void guard_step(void)
{
	atomic_fetch_add(&steps, 1);
}

void guard_ending(void)
{
	atomic_store(&ending, true);
}
