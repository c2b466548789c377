/*
 * policy.c: (facts, rules, intent) to a verdict with its reason.
 *
 * The one place that decides.  Part of the pure core: no allocation, no
 * statics, no call out; runs in hooks, in vfork children and in signal
 * handlers.  What is not known never counts as meant.
 */
#include <fcntl.h>
#include <limits.h>
#include "policy.h"

const char *fdf_reason_name(enum fdf_reason r)
{
	static const char names[FDF_REASONS][14] = {
		[FDF_BY_DEFAULT] = "default", [FDF_BY_STDIO] = "stdio",
		[FDF_BY_KEEP] = "keep",	      [FDF_BY_RULE] = "rule",
		[FDF_BY_GIVEN] = "given",     [FDF_BY_IMAGE] = "image",
		[FDF_BY_ACT] = "act",	      [FDF_BY_PRECISE] = "precise",
		[FDF_BY_GENERIC] = "generic", [FDF_BY_CLOEXEC] = "close-on-exec",
	};

	return names[(unsigned)r < FDF_REASONS ? r : FDF_BY_DEFAULT];
}

/* The conditions of a convention; a generic one carries its own whatever the table says. */
static unsigned conditions(const struct fdf_meant *m)
{
	return m->only_if | (m->member == FDF_GENERIC ? FDF_IF_HARMLESS : 0);
}

static bool names_fd(const struct fdf_policy *p, const struct fdf_meant *m, int fd)
{
	return (p->intent & m->member) && m->first <= fd && fd <= m->last;
}

/* Why d is more than a word in the environment or in argv may excuse; NULL: it is not. */
static const char *harm(const struct fdf_fd *d)
{
	bool seen = d->have & FDF_HAVE_SOCK && d->sock;

	switch (d->type) {
	case FDF_LISTENER:
		return "a generic convention excuses no listening socket";
	case FDF_SOCKET:
		if (!seen)
			return "it is not known whether the socket is connected";
		if (d->sock->listening)
			return "a generic convention excuses no listening socket";
		return d->sock->connected ? "a generic convention excuses no connected socket"
					  : NULL;
	case FDF_FILE:
	case FDF_CHR:
	case FDF_BLK:
		if (!(d->have & FDF_HAVE_STATUS))
			return "it is not known how the file was opened";
		return (d->status & O_ACCMODE) != O_RDONLY
			       ? "a generic convention excuses no file open for writing"
			       : NULL;
	}
	return NULL;
}

/* NULL if d is what the convention m is for, else static text saying why not. */
static const char *unfit(const struct fdf_meant *m, const struct fdf_fd *d)
{
	unsigned need = conditions(m);

	if (!need)
		return NULL;
	if (!(d->have & FDF_HAVE_TYPE) || d->type == FDF_UNKNOWN)
		return "it is not known what the descriptor is";
	if ((need & FDF_IF_PIPE) && d->type != FDF_PIPE && d->type != FDF_FIFO)
		return "the convention is for a pipe";
	if ((need & FDF_IF_SOCKET) && d->type != FDF_SOCKET && d->type != FDF_LISTENER)
		return "the convention is for a socket";
	return need & FDF_IF_HARMLESS ? harm(d) : NULL;
}

static void meant_by(struct fdf_decision *v, enum fdf_reason reason, struct fdf_str by)
{
	*v = (struct fdf_decision){ .verdict = FDF_KEEP, .reason = (uint8_t)reason, .by = by };
}

/* Did a convention of this member name d?  If so in vain, v notes who and why. */
static bool by_convention(struct fdf_decision *v, const struct fdf_policy *p,
			  const struct fdf_intent *in, const struct fdf_fd *d,
			  enum fdf_member member, enum fdf_reason reason)
{
	for (int i = 0; i < in->n; i++) {
		const struct fdf_meant *m = &in->meant[i];
		const char *why;

		if (m->member != member || !names_fd(p, m, d->fd))
			continue;
		why = unfit(m, d);
		if (!why) {
			meant_by(v, reason, m->by);
			return true;
		}
		if (!v->asked.len) {
			v->asked = m->by;
			v->why = fdf_str(why);
		}
	}
	return false;
}

static const char *act_of(const struct fdf_fd *d)
{
	if (d->sign & FDF_SIGN_SPAWN)
		return "spawn file action";
	if (d->sign & FDF_SIGN_PLACED)
		return "dup2 in the child";
	if (d->sign & FDF_SIGN_ACT)
		return "close-on-exec cleared";
	return d->sign & FDF_SIGN_SCRIPT ? "script of this exec" : NULL;
}

/* Keep and rules: what the user said comes before what anybody seems to have meant. */
static bool by_user(struct fdf_decision *v, const struct fdf_policy *p, const struct fdf_exec *x,
		    const struct fdf_fd *d)
{
	if (fdf_ranges_have(p->keep, d->fd)) {
		meant_by(v, FDF_BY_KEEP, p->keep);
		return true;
	}
	for (int i = 0; i < p->nrules; i++) {
		const struct fdf_rule *r = &p->rules[i];

		if (!fdf_rule_matches(r, x, d))
			continue;
		*v = (struct fdf_decision){
			.verdict = r->verdict, .reason = FDF_BY_RULE, .by = r->text, .why = r->why
		};
		return true;
	}
	return false;
}

static bool by_intent(struct fdf_decision *v, const struct fdf_policy *p,
		      const struct fdf_intent *in, const struct fdf_fd *d)
{
	const char *act = p->intent & FDF_ACT ? act_of(d) : NULL;

	if ((p->intent & FDF_GIVEN) && (d->sign & FDF_SIGN_GIVEN))
		meant_by(v, FDF_BY_GIVEN, (struct fdf_str){ NULL, 0 });
	else if ((p->intent & FDF_IMAGE) && in->image)
		meant_by(v, FDF_BY_IMAGE, fdf_str(in->image));
	else if (by_convention(v, p, in, d, FDF_IMAGE, FDF_BY_IMAGE))
		return true;
	else if (act)
		meant_by(v, FDF_BY_ACT, fdf_str(act));
	else
		return by_convention(v, p, in, d, FDF_PRECISE, FDF_BY_PRECISE) ||
		       by_convention(v, p, in, d, FDF_GENERIC, FDF_BY_GENERIC);
	return true;
}

struct fdf_decision fdf_decide(const struct fdf_policy *p, const struct fdf_exec *x,
			       const struct fdf_intent *in, const struct fdf_fd *d)
{
	struct fdf_decision v = { .verdict = p->verdict, .reason = FDF_BY_DEFAULT };

	if (d->fd <= 2) {
		meant_by(&v, FDF_BY_STDIO, v.by);
	} else if (d->cloexec) {
		/* Before the rules: the kernel closes it, so there is nothing to deny or to keep.
		 */
		v.verdict = FDF_SEAL;
		v.reason = FDF_BY_CLOEXEC;
	} else if (!by_user(&v, p, x, d) && !by_intent(&v, p, in, d)) {
		if (in->overflow && !v.asked.len)
			v.why = fdf_str("more descriptors were named than can be remembered");
	}
	return v;
}

unsigned fdf_policy_asks(const struct fdf_policy *p, const struct fdf_intent *in, int fd)
{
	unsigned asks = p->needs;

	for (int i = 0; i < in->n; i++) {
		if (names_fd(p, &in->meant[i], fd) && conditions(&in->meant[i]))
			asks |= FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_SOCK;
	}
	return asks;
}

bool fdf_policy_seals_unseen(const struct fdf_policy *p, const struct fdf_intent *in)
{
	for (int i = 0; i < p->nrules; i++) {
		const struct fdf_rule *r = &p->rules[i];

		if (r->fds.s)
			continue;
		if (r->verdict != FDF_SEAL)
			return false;
		if (!r->types && !r->path.s && !r->exe.s && !r->into.s)
			return true;
	}
	return p->verdict == FDF_SEAL && !((p->intent & FDF_IMAGE) && in->image);
}

int fdf_policy_last(const struct fdf_policy *p, const struct fdf_intent *in)
{
	int last = fdf_intent_last(in), n = fdf_ranges_last(p->keep);

	if (n > last)
		last = n;
	for (int i = 0; i < p->nrules; i++) {
		n = fdf_ranges_last(p->rules[i].fds);
		if (n > last)
			last = n;
	}
	return last;
}
