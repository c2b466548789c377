/*
 * logged.c: run CMD with a log file that all below it write to.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/inputs.h"
#include "tools/commands/logged.h"
#include "tools/commands/started.h"
#include "tools/records/collect.h"
#include "tools/records/record_json.h"
#include "tools/records/send.h"
#include "tools/start/behind.h"
#include "tools/start/launch.h"
#include "tools/start/tree.h"

struct writer {
	struct config *config;
	char **cmd;
	const char *path;
	int fd; /* what path means, open as long as we are: a descriptor of ours, or a named pipe, whose
		 * reader would see its end; -1: a file, which others may rename */
	struct collector *collector;
	struct started started;
	int done; /* pipe: CMD's status goes through it to the front */
	unsigned long lost, refused;
	int error; /* errno of the last one that could not be written */
};

/* From one thread at a time. */
static void append(void *ctx, pid_t pid, const char *line, size_t len)
{
	struct writer *w = ctx;
	const char *why;
	struct rec r;
	int error;

	(void)pid;
	if (rec_read(&r, line, len, &why) || !len || memchr(line, '\n', len) != line + len - 1) {
		w->refused++;
		return;
	}
	w->lost += r.dropped;
	rec_free(&r);
	error = w->fd < 0 ? record_send(w->path, NULL, "", line, len)
			  : record_write(w->fd, line, len);
	if (error) {
		w->lost++;
		w->error = error;
	}
}

static void tell_losses(const struct writer *w)
{
	unsigned long foreign = collect_foreign(w->collector);
	int error;
	char *exe;

	if (w->lost)
		say("%s: %lu record%s lost%s%s", w->path, w->lost, w->lost == 1 ? "" : "s",
		    w->error ? ": " : ", their senders say", w->error ? strerror(w->error) : "");
	if (!collect_lost(w->collector, &error, &exe)) {
		say("%s: records lost, the last one of %s: %s", w->path, exe, strerror(error));
		free(exe);
	}
	if (w->refused + collect_refused(w->collector))
		say("%s: %lu datagrams refused: they are no records", w->path,
		    w->refused + collect_refused(w->collector));
	if (foreign)
		say("%s: %lu foreign datagrams ignored: not from below the command", w->path,
		    foreign);
}

#define STOPPED 0x10000 /* CMD was stopped by a signal, which is added */

static void tell_stop(void *ctx, int sig)
{
	struct writer *w = ctx;
	int status = STOPPED + sig;

	if (write(w->done, &status, sizeof(status)) < 0)
		return; /* the front was killed */
}

static void reap(void *ctx)
{
	struct writer *w = ctx;

	tree_reap(started_child(&w->started));
}

/*
 * What goes to the front's process group is for CMD and the front, which hands on what is for it alone; and
 * what ends that group does not end us.  Messages get to the terminal all the same.
 */
static void leave_group(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, NULL);
	setpgid(0, 0);
}

static int write_log(struct writer *w)
{
	int r, status;

	tree_adopt();
	r = started_begin(&w->started, w->config, w->cmd);
	if (r)
		return r < 0 ? EXIT_OWN : launch_failed(w->cmd[0], r);
	behind_let_go();
	w->started.child.tell = tell_stop;
	w->started.child.ctx = w;
	leave_group();
	if (collect_start(w->collector)) {
		started_kill(&w->started);
		return EXIT_OWN;
	}
	status = started_wait(&w->started, reap, w);
	collect_stop(w->collector); /* all that came so far is written */
	tell_losses(w);
	started_tell_unsupervised(&w->started);
	if (!tree_reap(NULL) || collect_start(w->collector))
		return status;
	/* The front ends with CMD's status; we go on. */
	behind_silent();
	if (write(w->done, &status, sizeof(status)) != sizeof(status))
		return status;
	close(w->done);
	w->done = -1;
	while (!tree_wait(NULL, NULL))
		; /* whoever ends us ends them too, and they may have something to tell until then */
	collect_stop(w->collector);
	return status;
}

/* The writer ends, and if it has not told CMD's status yet, this is it. */
static int tell_end(const struct writer *w, int status)
{
	return write(w->done, &status, sizeof(status)) == sizeof(status) ? status & EXIT_SHOWN
									 : EXIT_OWN;
}

static bool is_told(int done, int *status)
{
	return read(done, status, sizeof(*status)) == sizeof(*status);
}

/* CMD's status, as the writer tells it. */
static int follow(const struct writer *w, struct child *writer, int done)
{
	int ended, status = 0;
	bool over = false;

	writer->also = done;
	for (;;) {
		if (is_told(done, &status)) {
			if (status < STOPPED)
				break;
			child_stopped(writer, status - STOPPED);
		} else if (over) {
			say("%s: who wrote it was killed: records from there on are lost, and the "
			    "status of the command is not known",
			    w->path);
			return EXIT_OWN;
		} else {
			over = child_ended(writer, 250,
					   &ended); /* it may have told between the two */
		}
	}
	witness_end(&writer->witness);
	return status;
}

static bool is_pipe(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static int prepare_file(struct writer *w, const char *group)
{
	struct group *g = group ? getgrnam(group) : NULL;
	const char *path = w->path, *wrong;
	int fd, r = 0;

	if (inputs_refuse("--log", path))
		return -1;
	if (group && !g) {
		say("--log-group '%s': no such group", group);
		return -1;
	}
	/* It holds arguments, and may be made by root in a folder of others. */
	fd = record_open(path, &wrong);
	if (fd < 0) {
		say("--log %s: %s", path, wrong);
		return -1;
	}
	if (g && (fchown(fd, (uid_t)-1, g->gr_gid) || fchmod(fd, 0640))) {
		say("--log-group: cannot change %s: %s", path, strerror(errno));
		r = -1;
	}
	if (!r && is_pipe(fd))
		w->fd = fd;
	else
		close(fd);
	return r;
}

static int prepare(struct writer *w)
{
	int named = descriptor_named(w->path);

	w->fd = named < 0 ? -1 : descriptor_copy(named, O_WRONLY);
	if (named < 0)
		return prepare_file(w, w->config->log_group);
	if (w->fd < 0)
		say("--log %s: %s", w->path, descriptor_why(w->path));
	else if (w->config->log_group)
		say("--log-group: expected a --log that is a file of its own, not what is open "
		    "already");
	return w->fd < 0 || w->config->log_group ? -1 : 0;
}

static int start(struct writer *w)
{
	struct config *c = w->config;
	struct child front;
	int p[2], r;

	if (config_set(c, "LOG", collect_log(w->collector), "LOG") ||
	    config_set(c, "LOG_KEY", collect_key(w->collector), "LOG_KEY") || config_finish(c))
		return EXIT_OWN;
	r = launch_prepare(c, w->cmd);
	if (r)
		return r;
	if (pipe2(p, O_CLOEXEC | O_NONBLOCK)) {
		say("cannot make a pipe: %s", strerror(errno));
		return EXIT_OWN;
	}
	w->done = p[1];
	r = child_fork(&front);
	if (r == 0)
		return tell_end(w, write_log(w));
	close(p[1]);
	r = r < 0 ? EXIT_OWN : follow(w, &front, p[0]);
	collect_leave(w->collector); /* it is the writer's */
	w->collector = NULL;
	return r;
}

int logged(struct config *c, char **cmd, const char *path)
{
	struct writer w = { .config = c, .cmd = cmd, .path = must_dup(path) };
	int r = EXIT_OWN;

	inputs_add_program(cmd[0]);
	if (!prepare(&w))
		w.collector = collect_open(append, &w);
	if (w.collector)
		r = start(&w);
	collect_close(w.collector);
	free((char *)w.path);
	return r;
}
