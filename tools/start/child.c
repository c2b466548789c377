/*
 * child.c: CMD as a child.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/start/child.h"
#include "tools/base/base.h"

static const int forwarded[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
				 SIGUSR2, SIGALRM, SIGPIPE, SIGCONT };

/*
 * The signals that wait for child_wait().  A blocked signal is queued even if it
 * is ignored (signal(7)), so that nohup changes nothing here; SIGCONT continues
 * us all the same.
 */
static void waited_for(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(set, forwarded[i]);
}

static void in_child(const struct child *c, int report, int (*become)(void *), void *ctx)
{
	int err;

	sigaction(SIGCHLD, &c->chld, NULL);
	sigprocmask(SIG_SETMASK, &c->mask, NULL);
	err = become(ctx);
	if (write(report, &err, sizeof(err)) < 0)
		_exit(EXIT_OWN);
	_exit(EXIT_NOTFOUND);
}

int child_start(struct child *c, int (*become)(void *ctx), void *ctx)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	int p[2], err = 0;
	sigset_t set;
	ssize_t n;

	waited_for(&set);
	sigprocmask(SIG_BLOCK, &set, &c->mask);
	sigaction(SIGCHLD, &dfl, &c->chld); /* if it was ignored there would be no status */
	if (pipe2(p, O_CLOEXEC)) {
		say("cannot make a pipe: %s", strerror(errno));
		return -1;
	}
	c->pid = fork();
	if (c->pid == 0)
		in_child(c, p[1], become, ctx);
	if (c->pid < 0)
		say("cannot fork: %s", strerror(errno));
	close(p[1]);
	do
		n = c->pid < 0 ? 0 : read(p[0], &err, sizeof(err));
	while (n < 0 && errno == EINTR);
	close(p[0]);
	if (n == sizeof(err))
		waitpid(c->pid, NULL, 0);
	return c->pid < 0 ? -1 : err;
}

static void hand_on(const struct child *c, int sig, const siginfo_t *info)
{
	if (sig == SIGCONT || info->si_code == SI_KERNEL)
		return; /* the whole process group got it */
	kill(c->pid, sig);
}

int child_wait(struct child *c, void (*tick)(void *ctx), void *ctx)
{
	const struct timespec quarter = { 0, 250000000 };
	siginfo_t info;
	sigset_t set;
	int sig, status;

	waited_for(&set);
	for (;;) {
		sig = sigtimedwait(&set, &info, &quarter);
		if (sig > 0 && sig != SIGCHLD)
			hand_on(c, sig, &info);
		if (waitpid(c->pid, &status, WNOHANG) == c->pid)
			break;
		tick(ctx);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void child_kill(struct child *c)
{
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
}
