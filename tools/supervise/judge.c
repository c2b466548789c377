/*
 * judge.c: what crossed an exec to facts, and facts to verdicts, by the policy that the library
 * uses; and the record.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/machine.h"
#include "tools/records/send.h"
#include "tools/supervise/engine.h"

#define ARGV_MAX 4096 /* bytes of arguments in a record */

static const struct fdf_settings *settings(const struct exec *e)
{
	return e->sup->s.settings;
}

static bool is_logged(const struct exec *e)
{
	return e->sup->log[0] != '\0';
}

static const char *value_of(char *const *envp, const char *name)
{
	size_t len = strlen(name);

	for (; *envp; envp++)
		if (!strncmp(*envp, name, len) && (*envp)[len] == '=')
			return *envp + len + 1;
	return "";
}

static const struct line *line(struct exec *e)
{
	if (!e->line.asked)
		line_ask(&e->line, e->pid, &e->before.key);
	return &e->line;
}

/*
 * The process that the image was started in runs it again, or what lies now where it was stored: an
 * upgrade has replaced that.  Or the one that is left of the image does.
 */
static bool is_same_image(struct exec *e)
{
	const struct before *b = &e->before;
	struct fdf_str was = fdf_str(b->exe), stored = fdf_stored(was);
	struct stat exe;

	if (b->stat.forked) /* its file is not asked for at each exec: the path tells as much */
		return b->known && stored.len && fdf_str_eq(stored, fdf_str(e->into)) &&
		       line_is_left(line(e), &b->key);
	if (!b->image.st_ino)
		return false;
	if (stored.len != was.len && fdf_str_eq(stored, fdf_str(e->into)))
		return true;
	return !task_image(e->pid, &exe) && exe.st_ino == b->image.st_ino &&
	       exe.st_dev == b->image.st_dev;
}

static void facts(struct exec *e)
{
	const struct before *b = &e->before;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	task_link(e->pid, "exe", e->into, sizeof(e->into));
	if (is_logged(e) || *value_of(e->envp, "LISTEN_PID"))
		exec_read_status(e);
	e->facts = (struct fdf_exec){
		.event = "exec",
		.source = "supervisor",
		.entry = b->entry,
		.time_s = now.tv_sec,
		.time_ns = (uint32_t)now.tv_nsec,
		.host = machine_host(),
		.boot_id = machine_boot_id(),
		.comm = fdf_str(b->stat.comm),
		.pid = exec_own_pid(e),
		.tid = e->pid,
		.ppid = b->stat.ppid,
		.uid = (uint32_t)exec_status(e, "Uid", 1),
		.gid = (uint32_t)exec_status(e, "Gid", 1),
		.exe = fdf_str(b->exe),
		.applet = fdf_str(b->applet),
		.into = fdf_str(e->into),
		.argv = e->argv,
		.envp = e->envp,
		.same_image = is_same_image(e),
	};
	fdf_intent_read(&e->intent, &e->facts, settings(e)->policy.intent);
	if (e->intent.overflow)
		e->inexact = FDF_MEANT_MORE;
	e->facts.pid = e->pid;
}

static void look(struct exec *e, int fd)
{
	int copy = exec_look_fd(e, &e->look, fd);

	if (copy < 0) {
		if (errno != EBADF)
			e->inexact =
				"a descriptor could not be looked at, and was judged by its number";
		return;
	}
	if (is_logged(e))
		exec_reach(e, copy);
	close(copy);
}

static void keep(struct exec *e, const struct fdf_fd *d)
{
	e->kept[e->nkept++] = (struct born_fd){ .fd = d->fd,
						.dev = makedev(d->dev_major, d->dev_minor),
						.ino = d->ino };
}

static void judge_one(struct exec *e, const struct fdf_fd *d)
{
	const struct fdf_settings *set = settings(e);
	struct fdf_decision v = fdf_decide(&set->policy, &e->facts, &e->intent, d);

	if (v.verdict == FDF_SEAL && exec_is_locked(e, d)) {
		v.verdict = FDF_REPORT;
		e->inexact = "a leak stays open: closing it would drop a POSIX lock that is kept";
	}
	if (v.verdict == FDF_SEAL)
		e->seal[e->nseal++] = d->fd;
	else
		keep(e, d);
	e->stop |= v.verdict == FDF_DENY || v.verdict == FDF_ABORT;
	if (is_logged(e) && (v.verdict != FDF_KEEP || set->log_all)) {
		e->shown |= v.verdict != FDF_KEEP;
		fdf_record_fd(&e->record, d, &v);
	}
}

/* The largest number that anything speaks for; the others are sealed whatever they are. */
static int last_meant(const struct exec *e)
{
	const struct fdf_policy *p = &settings(e)->policy;
	int last = fdf_policy_last(p, &e->intent), more;

	if (is_logged(e) || e->judged || e->nlocks || !fdf_policy_seals_unseen(p, &e->intent))
		return INT_MAX;
	if (e->before.known && (more = born_last(e->sup->born, &e->before.key)) > last)
		last = more;
	last = e->script > last ? e->script : last;
	return e->execfd > last ? e->execfd : last;
}

/* What the caller's image means by it. */
static unsigned signs_of(struct exec *e, struct born_fd f)
{
	struct born *born = e->sup->born;
	const struct before *b = &e->before;
	unsigned signs = born_signs(born, &b->key, b->pid, b->stat.forked, f);

	if (signs || !b->stat.forked || !born_places(born, &b->key))
		return signs;
	return line_signs(line(e), born, &b->key, f);
}

/* Facts and signs of fd, in e->look. */
static void see(struct exec *e, int fd)
{
	struct fdf_fd *d = &e->look.d;

	look(e, fd);
	if (e->before.known && d->have & FDF_HAVE_TYPE && born_any(e->sup->born))
		d->sign = (uint8_t)signs_of(
			e, (struct born_fd){ .fd = fd,
					     .dev = makedev(d->dev_major, d->dev_minor),
					     .ino = d->ino });
	if (fd == e->script)
		d->sign |= FDF_SIGN_SCRIPT;
}

/* What of the locked files is kept, which may stand behind a leak of the same file? */
static void rehearse(struct exec *e)
{
	const struct fdf_policy *p = &settings(e)->policy;

	for (size_t i = 0; e->nlocks && i < e->nfds; i++) {
		see(e, e->fds[i]);
		if (e->fds[i] == e->execfd ||
		    fdf_decide(p, &e->facts, &e->intent, &e->look.d).verdict != FDF_SEAL)
			exec_keep_lock(e, &e->look.d);
	}
}

static void tell_given(struct exec *e, struct fdf_fd *d)
{
	struct fdf_decision v = { .verdict = FDF_KEEP, .reason = FDF_BY_GIVEN };

	d->sign |= FDF_SIGN_GIVEN;
	if (is_logged(e))
		fdf_record_fd(&e->record, d, &v);
}

static void judge_all(struct exec *e)
{
	int last = last_meant(e);

	rehearse(e);
	for (size_t i = 0; i < e->nfds; i++) {
		int fd = e->fds[i];

		if (fd <= STDERR_FILENO)
			continue;
		if (fd > last) {
			e->seal[e->nseal++] = fd;
			continue;
		}
		see(e, fd);
		if (e->judged || fd == e->execfd)
			keep(e, &e->look.d);
		if (e->judged)
			tell_given(e, &e->look.d);
		else if (fd != e->execfd)
			judge_one(e, &e->look.d);
	}
}

static void hand_on(struct exec *e)
{
	char head[16];
	size_t len = fdf_record_end(&e->record, 0, e->inexact);

	snprintf(head, sizeof(head), "%d", (int)e->pid);
	record_send(e->sup->log, e->sup->log_key, head, e->buf, len);
}

/* Of what somebody else has judged there is a record; that the new image is covered is news. */
static void be_a_start(struct fdf_exec *x)
{
	x->event = "start";
	x->entry = NULL;
	x->exe = x->into;
	x->into = (struct fdf_str){ 0 };
	x->argv = NULL;
}

static void begin_record(struct exec *e)
{
	if (e->judged)
		be_a_start(&e->facts);
	e->record = (struct fdf_record){ .buf = e->buf,
					 .cap = sizeof(e->buf),
					 .argv_max = settings(e)->log_argv ? ARGV_MAX : 0 };
	fdf_record_begin(&e->record, &e->facts);
}

/* How many descriptors LISTEN_FDS gives to this very process. */
static int addressed(const struct exec *e)
{
	return fdf_addressed(value_of(e->envp, "LISTEN_FDS"), value_of(e->envp, "LISTEN_PID"),
			     exec_own_pid(e));
}

/* What the new image was given, for its own execs. */
static void remember(struct exec *e)
{
	struct task_stat stat_now;
	struct born_key key;

	if (!e->nkept && !born_any(e->sup->born))
		return;
	if (task_stat(e->pid, &stat_now) || !born_key(&key, e->pid, &stat_now)) {
		if (e->nkept)
			e->inexact = "what it was given could not be remembered";
		return;
	}
	born_start(e->sup->born, &key, e->kept, e->nkept, e->nkept ? addressed(e) : 0);
}

static const char not_listed[] =
	"the new image may not be looked into: all above 2 was closed, meant or not";

static void judge(struct exec *e)
{
	bool readable = !exec_read_words(e);

	facts(e);
	if (e->apart)
		e->inexact =
			"a library that does not have these settings may have sealed, and does "
			"not tell what";
	if (!e->before.known)
		e->inexact = "what its caller was given could not be asked for";
	e->script = exec_script(e);
	e->execfd = exec_execfd(e);
	if (!e->fds && exec_list(e, readable ? last_meant(e) : INT_MAX))
		e->inexact = not_listed;
	if (!e->judged && e->fds && exec_read_locks(e, last_meant(e)) && exec_list_all(e))
		e->inexact = not_listed;
	e->seal = must_alloc((e->nfds + 1) * sizeof(*e->seal));
	e->kept = must_alloc((e->nfds + 1) * sizeof(*e->kept));
	if (is_logged(e))
		begin_record(e);
	judge_all(e);
}

static void tell(struct exec *e)
{
	/* What was killed meanwhile has run nothing, and not all of it was seen. */
	if (is_logged(e) && (settings(e)->log_all || (!e->judged && (e->shown || e->inexact))) &&
	    !arch_get(e->pid, &e->regs))
		hand_on(e);
}

int exec_judge(struct exec *e)
{
	const struct before *b = &e->before;
	bool looks;

	e->judged = e->told ||
		    (b->pid == e->sup->s.first && b->known && born_is(&b->key, &e->sup->self));
	looks = exec_has_more(e) || settings(e)->log_all;
	if (looks && arch_get(e->pid, &e->regs))
		return -1;
	if (looks)
		judge(e);
	remember(e);
	if (looks)
		tell(e);
	if (e->held)
		born_let_go(e->sup->born, &b->key, b->pid, true);
	e->held = false;
	return 0;
}

void exec_tell_unseen(struct exec *e, enum unseen why)
{
	if (!is_logged(e))
		return;
	e->inexact = unseen_text(why);
	e->pid = e->before.tid;
	e->argv = must_alloc(sizeof(*e->argv)); /* they are the caller's */
	e->envp = must_alloc(sizeof(*e->envp));
	facts(e);
	/* What /proc says is still the caller's; and what it asks for may be unreadable, as it is. */
	exec_text_at(e, e->path, e->into, sizeof(e->into));
	e->facts.into = fdf_str(e->into);
	e->facts.argv = NULL;
	begin_record(e);
	hand_on(e);
}
