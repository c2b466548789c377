/* judge.c: see judge.h. */
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "preload/raw/sys.h"
#include "preload/fence/given.h"
#include "preload/fence/line.h"
#include "preload/judge/emit.h"
#include "preload/judge/meant.h"
#include "preload/judge/pair.h"
#include "preload/core/fdpath.h"
#include "preload/core/names.h"
#include "preload/core/text.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/program.h"
#include "preload/judge/judge.h"

#define ALL_FACTS (FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_TARGET | FDF_HAVE_SOCK)

static int open_call(const struct fdf_call *c, int flags)
{
	/* AT_SYMLINK_NOFOLLOW is for exec to refuse; the look may follow */
	return (int)SYS4(__NR_openat, c->dirfd, c->path, flags | O_CLOEXEC, 0);
}

/* Where there is no descriptor left to look with, it may. */
static bool leads_through_table(const struct fdf_call *c)
{
	int r = fdf_plain_way(c->dirfd, c->path);

	return r == -ELOOP || r == -EMFILE || r == -ENFILE || r == -ENOMEM;
}

/*
 * The file that is asked for, as fdf_tab_file() tells it, if it is a script; else 0.  One that
 * cannot be read may be: an interpreter without its script is worse than a script that is kept.
 */
static uint64_t script_of(const struct fdf_call *c, struct fdf_spared *spared)
{
	struct fdf_program p = fdf_program_open(c->dirfd, c->path, spared);
	char head[2] = { 0 };
	struct fdf_stat st;
	bool is_script;

	if (p.fd >= 0) {
		is_script = sys_pread(p.fd, head, 2, 0) == 2 && head[0] == '#' && head[1] == '!';
		fdf_program_close(p, spared);
		if (!is_script)
			return 0;
	}
	return sys_stat(c->dirfd, c->path, c->path[0] ? 0 : AT_EMPTY_PATH, &st) == 0
		       ? fdf_file_id(&st)
		       : 0;
}

/*
 * What an interpreter will open to find its script: the kernel hands it the path that was asked for,
 * which may lead through a number, or /dev/fd/N[/PATH] (fs/exec.c, alloc_bprm()).  That number must
 * be open in the new image.
 */
static void find_script(struct fdf_judge *j, bool may_be_odd)
{
	const struct fdf_call *c = j->call;
	bool at = c->dirfd != AT_FDCWD && c->path[0] != '/', odd;
	int n = at ? c->dirfd : fdf_path_fd(c->path);
	uint64_t file;

	j->script = -1;
	j->script_file = 0;
	odd = !at && may_be_odd && leads_through_table(c);
	if ((n < 3 && !odd) || !(file = script_of(c, &j->f->spared)))
		return;
	j->script = odd ? fdf_path_within(c->path, j->pid) : -1;
	j->script_file = odd ? file : 0;
	/* else another process' descriptor, or a directory called fd */
	if (at || (n > 2 && file == fdf_tab_file(n)))
		j->script = n;
}

/* The file that is asked for, its links resolved; as it was written where /proc does not tell. */
static void resolve_into(struct fdf_judge *j)
{
	const struct fdf_call *c = j->call;
	struct fdf_fd d = { .fd = c->path[0] ? open_call(c, O_PATH) : c->dirfd };
	size_t n = 0;

	for (; n < sizeof j->scratch->into && c->path[n];
	     n++) /* the path may not outlive this call */
		j->scratch->into[n] = c->path[n];
	j->x.into = (struct fdf_str){ j->scratch->into, n };
	if (d.fd < 0)
		return;
	fdf_tab_look(&d, FDF_HAVE_TYPE | FDF_HAVE_TARGET, NULL, j->scratch->into,
		     sizeof j->scratch->into);
	j->creds.set_id = d.mode & (S_ISUID | S_ISGID);
	if (c->path[0])
		sys_close(d.fd);
	if (d.have & FDF_HAVE_TARGET)
		j->x.into = d.target;
}

static bool same_file(const struct fdf_stat *a, const struct fdf_stat *b)
{
	return a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

/* Is this what lies now where the running image was stored?  An upgrade has replaced that. */
static bool took_its_place(const struct fdf_judge *j, const struct fdf_stat *next)
{
	struct fdf_str path = fdf_stored(j->x.exe);
	struct fdf_stat there;
	char text[512];

	if (path.len == j->x.exe.len || path.len >= sizeof text)
		return false;
	for (size_t i = 0; i < path.len; i++)
		text[i] = path.s[i];
	text[path.len] = 0;
	return sys_stat(AT_FDCWD, text, 0, &there) == 0 && same_file(&there, next);
}

/*
 * Upgrade in place, by the image's own process (fence/line.h): it execs the same file again, or the
 * one that took its place, however its path is written.  A child that does is a new program of the
 * same kind (an interpreter, say), and gets nothing for free.  All that a loader is called with have
 * its file in common, which says nothing then.
 */
static bool same_image(const struct fdf_judge *j)
{
	const struct fdf_call *c = j->call;
	struct fdf_stat own, next;

	if (fdf_by_loader() ||
	    sys_stat(c->dirfd, c->path, c->path[0] ? 0 : AT_EMPTY_PATH, &next) < 0 ||
	    sys_stat(AT_FDCWD, "/proc/self/exe", 0, &own) < 0)
		return false;
	return same_file(&own, &next) || took_its_place(j, &next);
}

bool fdf_judge_wants_scratch(const struct fdf_fence *f)
{
	return f->set.log.len || f->set.policy.nrules;
}

void fdf_judge_begin(struct fdf_judge *j, struct fdf_fence *f, const struct fdf_call *c,
		     bool may_be_odd, struct fdf_scratch *scratch, int pid, enum fdf_who_execs who)
{
	const struct fdf_policy *p = &f->set.policy;

	j->f = f;
	j->call = c;
	j->scratch = scratch;
	j->pid = pid;
	j->own = who == FDF_CALLER && pid == f->pid && !(f->sharing.unsure && fdf_borrowed(f, pid));
	j->x = (struct fdf_exec){
		.event = "exec", .entry = c->entry, .pid = pid, .exe = fdf_exe(f)
	};
	j->x.in_child = who == FDF_LATER_CHILD;
	if (fdf_is_many(fdf_stored(j->x.exe)))
		j->x.applet = fdf_own_applet(f);
	j->x.into = fdf_str(c->path);
	j->x.argv = c->argv;
	j->x.envp = c->envp;
	j->x.before = &f->before;
	j->borrows = FDF_NOT_KNOWN;
	find_script(j, may_be_odd);
	j->rehearses = j->sealed_at_once = false;
	j->ends = NULL;
	j->nheld = 0;
	j->doubts_held = j->more_held = false;
	j->creds = (struct fdf_creds){ .stays = who == FDF_CALLER };
	if (scratch)
		resolve_into(j);
	j->x.same_image = (p->intent & FDF_IMAGE) && who == FDF_CALLER &&
			  (j->own || fdf_line_is_last(f, pid)) && same_image(j);
	/* To whom the environment addresses things: not to a child with the image's own number. */
	j->x.pid = who == FDF_LATER_CHILD || (!j->own && pid == f->line.pid[0]) ? 0 : pid;
	fdf_intent_read(&j->in, &j->x, p->intent);
	j->x.pid = pid;
	j->passes = j->in.image && (p->intent & FDF_IMAGE) && !p->nrules &&
		    !(f->set.log.len && scratch);
	if (f->set.log.len && scratch)
		fdf_emit_fill(f, &j->x, &scratch->who);
	fdf_judge_restart(j);
	if (!scratch && fdf_judge_wants_scratch(f))
		__atomic_fetch_add(&f->dropped, 1, __ATOMIC_RELAXED);
}

void fdf_judge_restart(struct fdf_judge *j)
{
	const struct fdf_fence *f = j->f;

	j->log = f->set.log.len && j->scratch;
	j->shown = f->set.log_all;
	j->gives = j->seals = false;
	j->kept_last = -1;
	j->sign = j->stop = 0;
	for (size_t i = 0; i < FDF_COUNT(j->seen); i++)
		j->seen[i] = 0;
	j->inexact = j->in.overflow ? FDF_MEANT_MORE : NULL;
	if (!j->log)
		return;
	j->rec = (struct fdf_record){ .buf = j->scratch->record,
				      .cap = sizeof j->scratch->record,
				      .argv_max = f->set.log_argv ? 4096 : 0 };
	fdf_record_begin(&j->rec, &j->x);
}

bool fdf_judge_may_refuse(const struct fdf_judge *j)
{
	const struct fdf_policy *p = &j->f->set.policy;
	bool stops = p->verdict == FDF_DENY || p->verdict == FDF_ABORT;

	for (int i = 0; i < p->nrules; i++)
		stops |= p->rules[i].verdict == FDF_DENY || p->rules[i].verdict == FDF_ABORT;
	return stops || j->f->set.on_error_deny;
}

static bool borrows(struct fdf_judge *j)
{
	if (j->borrows == FDF_NOT_KNOWN)
		j->borrows = fdf_borrowed(j->f, j->pid) ? FDF_YES : FDF_NO;
	return j->borrows == FDF_YES;
}

/* What was addressed to one process is not given to its children. */
static bool is_given(struct fdf_judge *j, int fd)
{
	int child = j->f->slots_used && borrows(j) ? j->pid : 0; /* has a view of its own */
	enum fdf_gift gift = fdf_gift_at(j->f, child, fd);

	return gift == FDF_GIFT || (gift == FDF_ADDRESSED_GIFT && j->own);
}

static uint8_t signs(struct fdf_judge *j, int fd)
{
	uint8_t s = j->sign;

	if (is_given(j, fd))
		s |= FDF_SIGN_GIVEN;
	s |= (uint8_t)fdf_act_signs(j->f, j->pid, fd);
	if (fd == j->script || (j->script_file && fdf_tab_file(fd) == j->script_file))
		s |= FDF_SIGN_SCRIPT;
	if ((j->f->set.policy.intent & FDF_PAIR) && fdf_pair_last(j->f) >= fd &&
	    fdf_pair_sign(j->f, j->pid, borrows(j), fd, j->seen))
		s |= FDF_SIGN_PAIR;
	if (fd < FDF_PAIR_FDS)
		fdf_bit_set(j->seen, fd);
	return s;
}

static void keep(struct fdf_judge *j, int fd)
{
	j->gives = true;
	j->kept_last = fd > j->kept_last ? fd : j->kept_last;
}

void fdf_judge_see(void *arg, int fd)
{
	struct fdf_judge *j = arg;
	const struct fdf_policy *p = &j->f->set.policy;
	struct fdf_sock sock, *s = j->scratch ? &j->scratch->sock : &sock;
	char *target = j->scratch ? j->scratch->target : NULL;
	struct fdf_fd d = { .fd = fd, .sign = signs(j, fd) };
	struct fdf_decision v;
	unsigned asks = fdf_policy_asks(p, &j->in, fd);

	if (j->ends && j->ends(j->ends_arg, fd))
		return;
	if (j->log)
		asks |= ALL_FACTS;
	fdf_tab_look(&d, asks, s, target, sizeof j->scratch->target);
	v = fdf_decide(p, &j->x, &j->in, &d);
	if (v.verdict != FDF_SEAL && d.sign == FDF_SIGN_ACT && fdf_act_doubtful(j->f, j->pid, fd))
		j->inexact = "what a vfork child meant counts for others too";
	if (v.verdict == FDF_SEAL)
		fdf_judge_leave_held(j, fd, &v);
	j->seals |= v.verdict == FDF_SEAL;
	if (v.verdict != FDF_SEAL) {
		keep(j, fd);
		if (j->rehearses)
			fdf_judge_hold(j, fd);
	} else if (!j->rehearses && sys_fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
		j->inexact = "close-on-exec could not be set";
	}
	if (v.verdict == FDF_DENY || v.verdict == FDF_ABORT)
		j->stop = v.verdict > j->stop ? v.verdict : j->stop;
	if (j->log && (v.verdict != FDF_KEEP || j->f->set.log_all)) {
		j->shown |= v.verdict != FDF_KEEP;
		if (v.verdict != FDF_KEEP)
			fdf_reach_look(&d, &j->creds);
		if (v.verdict != FDF_KEEP && fdfence_origin)
			d.origin = (struct fdf_str){ j->scratch->origin,
						     fdfence_origin(fd, j->scratch->origin,
								    sizeof j->scratch->origin) };
		fdf_record_fd(&j->rec, &d, &v);
	}
}

bool fdf_judge_see_given(struct fdf_judge *j, int fd)
{
	if (j->log || j->rehearses || j->nheld || j->f->set.policy.nrules ||
	    !(j->f->set.policy.intent & FDF_GIVEN) || fdf_pair_last(j->f) >= fd || !is_given(j, fd))
		return false;
	keep(j, fd);
	return true;
}

int fdf_judge_bound(const struct fdf_judge *j)
{
	const struct fdf_fence *f = j->f;
	const struct fdf_policy *p = &f->set.policy;
	int last = j->script, more;

	if (j->log || j->nheld || j->script_file || !fdf_policy_seals_unseen(p, &j->in))
		return INT_MAX;
	more = fdf_policy_last(p, &j->in);
	last = more > last ? more : last;
	if ((p->intent & FDF_GIVEN) && f->all_given)
		return INT_MAX;
	more = (p->intent & FDF_GIVEN) ? fdf_given_last(f) : -1;
	last = more > last ? more : last;
	more = (p->intent & FDF_PAIR) ? fdf_pair_last(f) : -1;
	last = more > last ? more : last;
	more = fdf_act_last(f);
	return (p->intent & (FDF_ACT | FDF_GIVEN)) && more > last ? more : last;
}

int fdf_judge_commit(struct fdf_judge *j)
{
	struct fdf_fence *f = j->f;
	bool deny = j->inexact && f->set.on_error_deny;

	if (j->log && (j->shown || j->inexact))
		fdf_emit(f, &j->rec, j->inexact);
	else
		j->log = false; /* nothing said, so nothing to take back */
	return j->stop || deny ? -EPERM : 0;
}

static void note_one(void *found, int fd)
{
	*(bool *)found |= fd >= 0;
}

long fdf_judge_cookie(const struct fdf_judge *j)
{
	long cookie = fdf_cookie();
	bool gives = j->gives;

	if (FDF_TELLS_SUPERVISOR && !cookie && j->f->set.policy.verdict == FDF_SEAL)
		return (long)FDF_SEALS_APART;
	if (!cookie || j->inexact)
		return 0;
	/* What passes was not looked at. */
	if (j->passes && !fdf_tab_walk(false, note_one, &gives))
		gives = true;
	return cookie + gives;
}

void fdf_judge_failed(struct fdf_judge *j, int error)
{
	struct fdf_fence *f = j->f;
	struct fdf_exec *x = &j->x;

	if (!j->log && !(j->inexact && f->set.log.len && j->scratch))
		return;
	x->event = "failed";
	x->error = error;
	x->argv = NULL;
	fdf_emit_fill(f, x, &j->scratch->who);
	fdf_record_begin(&j->rec, x);
	fdf_emit(f, &j->rec, j->inexact);
}
