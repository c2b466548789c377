/*
 * started.h: CMD as the subcommands start it: as a child, or below a supervisor.
 *
 * With a supervisor there are three processes of ours: the front, which whoever started fdfence
 * knows, and which ends with CMD; the supervisor, its child, in a process group of its own, which
 * lives until nobody below is left; and its child the reaper, CMD's parent, which adopts its
 * orphans.  Who traces may not be the parent, since a parent that waits takes the stops of its
 * children; and where only ancestors may trace (Yama), the supervisor is one.
 */
#ifndef FDF_STARTED_H
#define FDF_STARTED_H

#include "tools/options/config.h"
#include "tools/start/child.h"

struct started {
	struct child child; /* CMD; or the supervisor, and what is handed on goes to the reaper */
	int told;	    /* what the reaper says; -1: there is none */
	int lives;	    /* socket to the supervisor: each sees that the other has ended */
	pid_t supervisor, reaper;
	bool covers; /* the library does what it reaches (auto) */
	int status;  /* the caller's, for what started_wait() returns */
};

/*
 * Before config_finish(): where a supervisor is above already, c->joins, it does the work; else one of
 * our own gets what it needs.  Called with and without --supervise.  0, or -1 after a message.
 */
int started_prepare(struct config *c);

/*
 * Start CMD, after launch_prepare().  0 once its exec is done; an errno of that; -1 after a message.
 */
int started_begin(struct started *s, struct config *c, char **cmd);

/* child_wait(), child_kill() and the member seen of struct child; child_done() is for s->child. */
int started_wait(struct started *s, void (*tick)(void *ctx), void *ctx);
void started_kill(struct started *s);
const sigset_t *started_seen(const struct started *s);

/* Has the supervisor ended before its time?  NULL, or a line about it: static text. */
const char *started_unsupervised(const struct started *s);
void started_tell_unsupervised(const struct started *s);

/* CMD, if it is a child of ours, for tree_reap(); NULL: the reaper's. */
struct child *started_child(struct started *s);

/* Processes that run below, without those of ours (tree_running()). */
unsigned started_running(const struct started *s);

/* `fdfence run --supervise` without a log file: CMD's status, or one of our own after a message. */
int supervised_run(struct config *c, char **cmd);

#endif
