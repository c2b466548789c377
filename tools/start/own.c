/*
 * own.c: what fdfence itself was given, judged before CMD gets it, and the record
 * of that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/proc/machine.h"
#include "tools/proc/ownfds.h"
#include "tools/records/send.h"
#include "tools/start/own.h"
#include "preload/core/record.h"

#define ARGV_MAX 4096 /* bytes of arguments in a record */

/* As the shim does it.  A log that is gone stops nothing. */
static void hand_on(const struct fdf_settings *set, const char *record, size_t len)
{
	char *log = must_printf("%.*s", (int)set->log.len, set->log.s ? set->log.s : "");
	char *key =
		must_printf("%.*s", (int)set->log_key.len, set->log_key.s ? set->log_key.s : "");
	int error = *log ? record_send(log, key, "", record, len) : 0;

	if (error)
		say("%s: %s", log, strerror(error));
	free(log);
	free(key);
}

struct judge {
	struct fdf_policy policy;
	struct fdf_intent intent;
	struct fdf_exec exec;
	struct fdf_record record;
	bool kept_all;
};

static void judge_one(void *ctx, const struct own_fd *f)
{
	struct judge *j = ctx;
	struct fdf_decision v = fdf_decide(&j->policy, &j->exec, &j->intent, &f->d);

	fdf_record_fd(&j->record, &f->d, &v);
	if (v.verdict == FDF_KEEP)
		return;
	j->kept_all = false;
	if (v.verdict != FDF_REPORT)
		fcntl(f->d.fd, F_SETFD, FD_CLOEXEC);
}

void own_judge(const struct config *c, char **cmd)
{
	char *buf = must_alloc(FDF_RECORD_MAX);
	static struct judge j; /* large: the intent alone is 2 KiB */
	char comm[16] = "";
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	prctl(PR_GET_NAME, comm);
	j = (struct judge){ .policy = c->settings.policy, .kept_all = true };
	j.exec = (struct fdf_exec){ .event = "exec",
				    .source = "command",
				    .entry = "execvp",
				    .time_s = now.tv_sec,
				    .time_ns = (uint32_t)now.tv_nsec,
				    .host = machine_host(),
				    .boot_id = machine_boot_id(),
				    .comm = fdf_str(comm),
				    .pid = getpid(),
				    .tid = getpid(),
				    .ppid = getppid(),
				    .uid = geteuid(),
				    .gid = getegid(),
				    .exe = fdf_str(paths_self()),
				    .into = fdf_str(c->cmd_path),
				    .argv = cmd,
				    .envp = environ };
	/* Whoever calls fdfence means what a precise convention names, whatever holds below. */
	if (j.policy.intent)
		j.policy.intent |= FDF_PRECISE;
	fdf_intent_read(&j.intent, &j.exec, j.policy.intent);
	j.record = (struct fdf_record){ .buf = buf,
					.cap = FDF_RECORD_MAX,
					.argv_max = c->settings.log_argv ? ARGV_MAX : 0 };
	fdf_record_begin(&j.record, &j.exec);
	ownfds_each(judge_one, &j);
	if (c->settings.log_all || !j.kept_all)
		hand_on(&c->settings, buf, fdf_record_end(&j.record, 0, NULL));
	free(buf);
}
