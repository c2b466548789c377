/*
 * host.c: a program of the shape that the random tester asks for.
 *
 *	host LETTERS      in the tester's directory, given descriptors open from 3 on
 *
 * Becomes what the shape says, does its execs, and says to stdout what came back and everything
 * that is not as it was; what is started (target.c) says what it got.  Nothing in the output
 * depends on a number that the kernel draws, so two runs of a shape compare as texts.
 */
#include "tests/torture/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char alternate[256 << 10];
static pid_t executor, rain;
static struct {
	int sig, code, value;
} seen[64];
static volatile int nseen, runs, elsewhere, offstack, unwritten, nopened, opened[20];

void say(const char *format, ...)
{
	char line[400];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 1)
		n = (int)sizeof(line) - 1;
	if (write(1, line, (size_t)n) != n)
		_exit(121);
}

void broken(const char *what)
{
	say("broken: %s: %s\n", what, strerror(errno));
	_exit(120);
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (nseen < 64) {
		seen[nseen].sig = sig;
		seen[nseen].code = info->si_code;
		seen[nseen++].value = info->si_code < 0 ? info->si_value.sival_int : 0;
	}
}

/* Signals that come in the middle of an exec. */
static void on_rain(int sig)
{
	int error = errno;
	char here;

	(void)sig;
	runs++;
	if ((pid_t)syscall(SYS_gettid) != executor)
		elsewhere++;
	if (alternate[0] && (&here < alternate || &here >= alternate + sizeof(alternate)))
		offstack++;
	if (write(SINK, "x", 1) != 1)
		unwritten++;
	if (nopened < 20) {
		int fd = fcntl(SINK, F_DUPFD_CLOEXEC, 1400); /* not in the way of others */

		if (fd >= 0)
			opened[nopened++] = fd;
	}
	errno = error;
}

static void set_handlers(const union shape *s)
{
	int flags = SA_RESTART | (s->handlers == handlers_altstack ? SA_ONSTACK : 0);
	struct sigaction a = { .sa_sigaction = on_signal, .sa_flags = flags | SA_SIGINFO };
	struct sigaction r = { .sa_handler = on_rain, .sa_flags = flags };

	signal(SIGHUP, SIG_IGN);
	if (!s->handlers)
		return;
	sigaction(SIGUSR1, &a, NULL);
	sigaction(SIGUSR2, &a, NULL);
	sigaction(40, &a, NULL);
	sigaction(41, &a, NULL);
	sigaction(SIGURG, &r, NULL);
}

void shower_start(const union shape *s)
{
	pid_t pid = getpid();
	sigset_t set;

	if (!s->shower)
		return;
	rain = fork();
	if (rain < 0)
		broken("fork");
	if (!rain)
		for (;; usleep(20))
			syscall(SYS_tgkill, pid, executor, SIGURG);
	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	while (!runs)
		usleep(100);
}

void shower_stop(const union shape *s)
{
	int gone = 0;

	if (!s->shower)
		return;
	kill(rain, SIGKILL);
	waitpid(rain, NULL, 0);
	for (int i = 0; i < nopened; i++) {
		gone += fcntl(opened[i], F_GETFD) != FD_CLOEXEC; /* closed, or its flag changed */
		close(opened[i]);
	}
	nopened = runs = 0;
	say("handlers: %d in another thread, %d off their stack, %d writes failed, %d descriptors "
	    "lost\n",
	    elsewhere, offstack, unwritten, gone);
}

static void be_traced(const union shape *s)
{
	if (s->tracer && ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		broken("PTRACE_TRACEME");
}

/* What the calling task does, whoever it is. */
static void act(const union shape *s)
{
	static struct look before[2], after[2];
	int own = s->context >= context_fork; /* a vfork child's are not its parent's */
	stack_t st = { .ss_sp = alternate, .ss_size = sizeof(alternate) };

	executor = (pid_t)syscall(SYS_gettid);
	set_signals(s);
	if (s->handlers == handlers_altstack) {
		alternate[0] = 1;
		sigaltstack(&st, NULL);
	}
	make_children(s);
	set_attributes(s);
	send_pending(s);
	be_traced(s);
	confine_calls(s);
	shower_start(s);
	shower_stop(s);
	look(s, &before[own]);
	for (int i = 0; i < (s->times == times_3 ? 3 : 1); i++) {
		shower_start(s);
		attempt(s, false);
		shower_stop(s);
		look(s, &after[own]);
		look_compare("caller", &before[own], &after[own]);
		if (!own)
			ask_partner();
		if (s->ring)
			say("the ring reads %d\n", ring_read());
	}
	if (s->then == then_good)
		attempt(s, true);
}

/* After execs that failed: what waited is delivered as it was sent, the child lives. */
static void end(const union shape *s)
{
	static const struct timespec none;
	siginfo_t info;
	sigset_t all;

	sigfillset(&all);
	if (s->handlers) {
		sigprocmask(SIG_UNBLOCK, &all, NULL);
		for (int i = 0; i < nseen; i++)
			say("delivered %d code %d value %d\n", seen[i].sig, seen[i].code,
			    seen[i].value);
	}
	while (sigtimedwait(&all, &info, &none) > 0)
		if (info.si_signo != SIGCHLD)
			say("waiting %d code %d value %d\n", info.si_signo, info.si_code,
			    info.si_code < 0 ? info.si_value.sival_int : 0);
	memset(&info, 0, sizeof(info));
	if (child_made) {
		waitid(P_PID, (id_t)child_made, &info, WEXITED | WNOHANG | WNOWAIT);
		say("the child: code %d status %d\n", info.si_code, info.si_status);
	}
	say("ended\n");
}

/* The shape's tracer: the stops that it sees, until its child is gone. */
static int trace(pid_t first)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		int sig = WSTOPSIG(status);

		if (!WIFSTOPPED(status)) {
			say("%s ended: %x\n", pid == first ? "traced process" : "a thread",
			    (unsigned)status);
			continue;
		}
		say("stopped: %d\n", sig);
		ptrace(PTRACE_CONT, pid, NULL, (void *)(long)(sig == SIGTRAP ? 0 : sig));
	}
	return 0;
}

int main(int argc, char **argv)
{
	static union shape s;
	pid_t pid;

	if (argc != 2 || shape_read(&s, argv[1])) {
		fprintf(stderr, "host LETTERS: started by torture\n");
		return 125;
	}
	if (s.tracer) {
		pid = fork();
		if (pid)
			return trace(pid);
	}
	open_all(&s, "lock");
	ring_make(&s);
	set_handlers(&s);
	confine_process(&s);
	set_timers(&s);
	prepare_attempts(&s, "lock");
	run_in_context(&s, act);
	end(&s);
	return 9;
}
