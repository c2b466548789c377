/*
 * front.c: see front.h.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/start/addressed.h"
#include "tools/start/front.h"

static pid_t front;
static int lives[2] = { -1, -1 }; /* pipe: only the front holds the end for writing */

static void end_by_itself(void)
{
	if (front_is_us() && lives[1] >= 0 && write(lives[1], "", 1) < 0)
		return; /* nobody is there who wants to know */
}

void front_note(void)
{
	if (front)
		return;
	front = getpid();
	addressed_note();
	if (pipe2(lives, O_CLOEXEC)) {
		lives[0] = lives[1] = -1;
		return;
	}
	fcntl(lives[1], F_SETFL, O_NONBLOCK);
	atexit(end_by_itself);
}

bool front_is_us(void)
{
	return front == getpid();
}

void front_forked(void)
{
	if (lives[1] >= 0)
		close(lives[1]);
	lives[1] = -1;
}

int front_end(void)
{
	return front_is_us() ? -1 : lives[0];
}

bool front_was_killed(void)
{
	struct pollfd p = { .fd = front_end(), .events = POLLIN };

	return poll(&p, 1, 0) > 0 && (p.revents & POLLHUP) && !(p.revents & POLLIN);
}

void front_continue(void)
{
	struct pollfd p = { .fd = front_end(), .events = POLLIN };

	if (p.fd >= 0 && poll(&p, 1, 0) == 0)
		kill(front, SIGCONT);
}
