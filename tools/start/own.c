/*
 * own.c: what fdfence itself was given, judged before CMD gets it, and the record
 * of that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/proc/ownfds.h"
#include "tools/start/own.h"
#include "preload/core/record.h"

#define RECORD_CAP 65536
#define ARGV_MAX   4096 /* bytes of arguments in a record */

/* One write or one datagram, as the shim does it.  A log that is gone stops nothing. */
static void hand_on(struct fdf_str log, const char *buf, size_t len)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	char path[4096];
	int fd;

	if (log.len == 0 || log.len >= sizeof(path))
		return;
	memcpy(path, log.s, log.len);
	path[log.len] = '\0';
	if (path[0] != '@') {
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
		if (fd < 0 || write(fd, buf, len) != (ssize_t)len)
			say("%s: %s", path, strerror(errno));
	} else {
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		memcpy(to.sun_path + 1, log.s + 1, log.len - 1);
		if (fd < 0 ||
		    sendto(fd, buf, len, 0, (struct sockaddr *)&to,
			   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + log.len)) < 0)
			say("%s: %s", path, strerror(errno));
	}
	if (fd >= 0)
		close(fd);
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

/* First line of a file of /proc, or the like. */
static struct fdf_str slurp(const char *path, char *buf, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, buf, cap) : 0;

	if (fd >= 0)
		close(fd);
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	return (struct fdf_str){ buf, n > 0 ? (size_t)n : 0 };
}

void own_judge(const struct config *c, char **cmd)
{
	char *buf = must_alloc(RECORD_CAP);
	static struct judge j; /* large: the intent alone is 2 KiB */
	char host[65] = "", boot[40], comm[16] = "";
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	gethostname(host, sizeof(host) - 1);
	prctl(PR_GET_NAME, comm);
	j = (struct judge){ .policy = c->settings.policy, .kept_all = true };
	j.exec = (struct fdf_exec){ .event = "exec",
				    .source = "command",
				    .entry = "execvp",
				    .time_s = now.tv_sec,
				    .time_ns = (uint32_t)now.tv_nsec,
				    .host = fdf_str(host),
				    .boot_id = slurp("/proc/sys/kernel/random/boot_id", boot,
						     sizeof(boot)),
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
					.cap = RECORD_CAP,
					.argv_max = c->settings.log_argv ? ARGV_MAX : 0 };
	fdf_record_begin(&j.record, &j.exec);
	ownfds_each(judge_one, &j);
	if (c->settings.log_all || !j.kept_all)
		hand_on(c->settings.log, buf, fdf_record_end(&j.record, 0, NULL));
	free(buf);
}
