/*
 * policy.c: (facts, rules, intent) to a verdict with its reason.
 *
 * The one place that decides.  Part of the pure core: no allocation, nothing
 * writable of its own, no call out; runs in hooks, in vfork children and in signal
 * handlers.  What is not known never counts as meant.
 */
#include "preload/core/exactly.h"
#include "preload/core/linux.h"
#include "preload/core/names.h"
#include "preload/core/policy.h"

const char *fdf_reason_name(enum fdf_reason r)
{
	static const char names[FDF_REASONS][14] = {
		[FDF_BY_DEFAULT] = "default",
		[FDF_BY_STDIO] = "stdio",
		[FDF_BY_KEEP] = "keep",
		[FDF_BY_RULE] = "rule",
		[FDF_BY_GIVEN] = "given",
		[FDF_BY_IMAGE] = "image",
		[FDF_BY_ACT] = "act",
		[FDF_BY_PRECISE] = "precise",
		[FDF_BY_PAIR] = "pair",
		[FDF_BY_GENERIC] = "generic",
		[FDF_BY_CLOEXEC] = "close-on-exec",
	};

	return FDF_NAME(names, r);
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

/* Whether a descriptor is what a convention is for, and why not. */
enum fit { FITS, UNSEEN, NO_PIPE, NO_SOCKET, NO_MEMORY, NO_STREAM, WRITABLE, SECRET, FIT_COUNT };

static const char why_not[FIT_COUNT][64] = {
	[UNSEEN] = "too little is known of it",
	[NO_PIPE] = "the convention is for a pipe",
	[NO_SOCKET] = "the convention is for a socket",
	[NO_MEMORY] = "the convention is for memory that is shared",
	[NO_STREAM] = "a generic convention excuses pipes, fifos and files alone",
	[WRITABLE] = "a generic convention excuses no file but one open for reading",
	[SECRET] = "a generic convention excuses only files that anyone can open",
};

/*
 * Is d no more than a word in the environment or in argv may excuse?  Names what may be excused,
 * since a user's word can name anything: a pipe, and a file that anyone may read.  A directory
 * that is named by a word is CVE-2024-21626.
 */
static enum fit harmless(const struct fdf_fd *d)
{
	if (d->type == FDF_PIPE || d->type == FDF_FIFO)
		return FITS;
	if (d->type != FDF_FILE)
		return NO_STREAM;
	if (!(d->have & FDF_HAVE_STATUS))
		return UNSEEN;
	if (d->status & (FDF_O_ACCMODE | FDF_O_PATH))
		return WRITABLE;
	/* /etc/shadow, named by a guest; and what lies in a directory that is private */
	return d->mode & 4 && d->have & FDF_HAVE_PUBLIC ? FITS : SECRET;
}

static enum fit judge(const struct fdf_meant *m, const struct fdf_fd *d)
{
	unsigned need = conditions(m), type = d->have & FDF_HAVE_TYPE ? d->type : FDF_UNKNOWN;

	if (!need)
		return FITS;
	if (type == FDF_UNKNOWN)
		return UNSEEN;
	if (need == FDF_IF_MEMORY)
		return type == FDF_MEMFD || type == FDF_FILE ? FITS : NO_MEMORY;
	if ((need & FDF_IF_PIPE) && type != FDF_PIPE && type != FDF_FIFO)
		return NO_PIPE;
	if ((need & FDF_IF_SOCKET) && type != FDF_SOCKET && type != FDF_LISTENER)
		return NO_SOCKET;
	return need & FDF_IF_HARMLESS ? harmless(d) : FITS;
}

/* A convention of this member that holds for d; one that names d in vain is noted in v. */
static bool named(struct fdf_decision *v, const struct fdf_policy *p, const struct fdf_intent *in,
		  const struct fdf_fd *d, enum fdf_member member)
{
	const struct fdf_meant *m = in->meant;

	for (int i = in->n; i; i--, m++) {
		enum fit why;

		if (m->member != member || !names_fd(p, m, d->fd))
			continue;
		why = judge(m, d);
		if (why == FITS) {
			v->by = m->by;
			return true;
		}
		if (!v->asked.len) {
			v->asked = m->by;
			v->why = fdf_str(FDF_NAME(why_not, why));
		}
	}
	return false;
}

#define SIGN(s) [__builtin_ctz(s)]
static const char acts[][23] = {
	SIGN(FDF_SIGN_ACT) = "close-on-exec cleared",
	SIGN(FDF_SIGN_PLACED) = "dup2 in the child",
	SIGN(FDF_SIGN_SPAWN) = "spawn file action",
	SIGN(FDF_SIGN_SCRIPT) = "script of this exec",
};
#undef SIGN

static enum fdf_reason by_intent(struct fdf_decision *v, const struct fdf_policy *p,
				 const struct fdf_exec *x, const struct fdf_intent *in,
				 const struct fdf_fd *d)
{
	unsigned sign = d->sign;

	if ((p->intent & FDF_GIVEN) && (sign & FDF_SIGN_GIVEN))
		return FDF_BY_GIVEN;
	if ((p->intent & FDF_IMAGE) && in->image) {
		v->by = fdf_str(in->image);
		return FDF_BY_IMAGE;
	}
	if (named(v, p, in, d, FDF_IMAGE))
		return FDF_BY_IMAGE;
	sign &= ~(unsigned)(FDF_SIGN_GIVEN | FDF_SIGN_PAIR);
	if ((p->intent & FDF_ACT) && sign) {
		v->by = fdf_str(FDF_NAME(acts, __builtin_ctz(sign)));
		return FDF_BY_ACT;
	}
	if (named(v, p, in, d, FDF_PRECISE))
		return FDF_BY_PRECISE;
	if ((p->intent & FDF_PAIR) && (d->sign & FDF_SIGN_PAIR) && !in->cgi &&
	    fdf_named_exactly(x, d->fd, &v->by))
		return FDF_BY_PAIR;
	return named(v, p, in, d, FDF_GENERIC) ? FDF_BY_GENERIC : FDF_BY_DEFAULT;
}

struct fdf_decision fdf_decide(const struct fdf_policy *p, const struct fdf_exec *x,
			       const struct fdf_intent *in, const struct fdf_fd *d)
{
	struct fdf_decision v = { .verdict = FDF_KEEP };

	if (d->fd <= 2) {
		v.reason = FDF_BY_STDIO;
		return v;
	}
	if (d->cloexec) {
		/* Before the rules: the kernel closes it, so there is nothing to deny or to keep.
		 */
		v.verdict = FDF_SEAL;
		v.reason = FDF_BY_CLOEXEC;
		return v;
	}
	if (fdf_ranges_have(p->keep, d->fd)) {
		v.reason = FDF_BY_KEEP;
		v.by = p->keep;
		return v;
	}
	for (int i = 0; i < p->nrules; i++) {
		const struct fdf_rule *r = &p->rules[i];

		if (!fdf_rule_matches(r, x, d))
			continue;
		v.verdict = r->verdict;
		v.reason = FDF_BY_RULE;
		v.by = r->text;
		v.why = r->why;
		return v;
	}
	v.reason = (uint8_t)by_intent(&v, p, x, in, d);
	if (v.reason == FDF_BY_DEFAULT) {
		v.verdict = p->verdict;
	} else {
		v.asked = v.why = (struct fdf_str){ NULL, 0 };
	}
	return v;
}

unsigned fdf_policy_asks(const struct fdf_policy *p, const struct fdf_intent *in, int fd)
{
	unsigned asks = p->needs;

	for (int i = 0; i < in->n; i++) {
		if (names_fd(p, &in->meant[i], fd) && conditions(&in->meant[i]))
			asks |= FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_SOCK | FDF_HAVE_PUBLIC;
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
