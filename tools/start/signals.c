/*
 * signals.c: see signals.h.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "tools/start/front.h"
#include "tools/start/signals.h"
#include "tools/start/witness.h"

/* Where nobody can be asked: what the terminal sends, it sends to its foreground process group. */
static bool is_of_terminal(const struct child *c, const struct signalfd_siginfo *info)
{
	switch (info->ssi_signo) {
	case SIGINT:
	case SIGQUIT:
	case SIGWINCH:
	case SIGTSTP:
		return info->ssi_code == SI_KERNEL;
	case SIGHUP: /* a terminal that is gone tells the leader of its session, and no other */
		return info->ssi_code == SI_KERNEL && getsid(0) != getpid();
	case SIGCONT: /* a shell continues all of our group */
		return !c->cmd.stopped && front_is_us();
	default:
		return false;
	}
}

/* One that came before the first was handed on is one with it, as it is where it waits for a process. */
static bool came_again(int sig)
{
	const struct timespec now = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sig < SIGRTMIN && sigtimedwait(&set, NULL, &now) == sig;
}

/* Has CMD got it by itself? */
static bool reached_cmd(struct child *c, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;
	bool saw = witness_saw(&c->witness, sig);

	while (came_again(sig))
		saw |= witness_saw(&c->witness, sig);
	return saw || (!witness_is_there(&c->witness) && is_of_terminal(c, info));
}

/* Of a timer that was set before we were started (alarm(2)) CMD hears; its processor time is its own. */
static bool is_ours(const struct child *c, const struct signalfd_siginfo *info)
{
	if (info->ssi_code == SI_KERNEL && info->ssi_signo == SIGXCPU)
		return true;
	if (info->ssi_code != SI_USER)
		return false;
	if (info->ssi_signo == SIGCONT && !c->is_cmd && info->ssi_pid == (uint32_t)c->cmd.pid)
		return true; /* front_continue() */
	if (info->ssi_signo == SIGCONT && info->ssi_pid == (uint32_t)c->witness.process.pid)
		return true;
	return info->ssi_pid == (uint32_t)getpid(); /* SIGPIPE or SIGXFSZ of a write of our own */
}

void child_hand_on(struct child *c, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	if (sig == SIGCHLD)
		return;
	if (sig == SIGCONT)
		c->followed = false;
	else if (sig != SIGTSTP)
		sigaddset(&c->seen, sig);
	if (!reached_cmd(c, info) && !is_ours(c, info))
		process_signal(&c->cmd, sig);
}

/* Here we stop, until somebody continues us; an orphaned process group is not stopped by a terminal's. */
static void stop(int sig)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, old;
	sigset_t set, mask;

	sigemptyset(&set);
	sigaddset(&set, sig);
	if (sig != SIGSTOP)
		sigaction(sig, &dfl, &old);
	kill(getpid(), sig);
	sigprocmask(SIG_UNBLOCK, &set, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (sig != SIGSTOP)
		sigaction(sig, &old, NULL);
}

void child_stopped(struct child *c, int sig)
{
	sigset_t waiting;

	if (!front_is_us()) {
		if (sig)
			c->tell(c->ctx, sig);
		else
			front_continue();
		return;
	}
	sigpending(&waiting);
	if (!sig || (!c->followed && sigismember(&waiting, SIGCONT)))
		return; /* it was stopped along with us, and is to go on with us */
	c->followed = true;
	/* one that we have not taken yet is dropped as we stop: there, too */
	witness_saw(&c->witness, SIGCONT);
	witness_watch(&c->witness, true); /* nobody else tells us that CMD alone was continued */
	stop(sig);
	witness_watch(&c->witness, false);
}

void child_follow(struct child *c, bool was_stopped)
{
	int sig = c->cmd.stop;

	c->cmd.stop = 0;
	if (c->is_cmd && (sig || (was_stopped && !c->cmd.stopped)))
		child_stopped(c, sig);
}
