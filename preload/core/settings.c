/*
 * settings.c: one (name, value) pair to settings.
 *
 * Part of the pure core: no allocation, no statics, no call out.  Runs once at
 * load, in the shim and in the command.  A value that does not parse changes
 * nothing, so that never half a policy holds.
 */
#include "settings.h"

enum { MODE, KEEP, RULES, INTENT, LOG, LOG_WHAT, LOG_ARGV, ON_ERROR, FOLLOW, SETTINGS };

#define LOG_NAME_MAX 107 /* sun_path of unix(7) less the NUL in front of an abstract name */

static const char names[SETTINGS][9] = { "MODE",     "KEEP",	 "RULES",    "INTENT", "LOG",
					 "LOG_WHAT", "LOG_ARGV", "ON_ERROR", "FOLLOW" };

const char *fdf_settings_name(int i)
{
	return i >= 0 && i < SETTINGS ? names[i] : NULL;
}

static bool is(struct fdf_str a, const char *b)
{
	return fdf_str_eq(a, fdf_str(b));
}

void fdf_settings_init(struct fdf_settings *s)
{
	s->policy = (struct fdf_policy){ .verdict = FDF_SEAL,
					 .intent = FDF_INTENT_DEFAULT,
					 .rules = s->rules };
	s->off = false;
	s->log_all = false;
	s->log_argv = true;
	s->on_error_deny = false;
	s->follow = true;
	s->log = (struct fdf_str){ NULL, 0 };
}

static bool set_mode(struct fdf_settings *s, struct fdf_str v)
{
	enum fdf_verdict verdict = v.len ? fdf_verdict_from(v) : FDF_SEAL;

	if (verdict == FDF_KEEP || (verdict == FDF_NONE && !is(v, "off")))
		return false;
	s->off = verdict == FDF_NONE;
	s->policy.verdict = (uint8_t)(s->off ? FDF_SEAL : verdict);
	return true;
}

static bool set_keep(struct fdf_settings *s, struct fdf_str v, struct fdf_error *err)
{
	if (v.len && !fdf_ranges_check(v, err))
		return false;
	s->policy.keep = v;
	return true;
}

static bool set_rules(struct fdf_settings *s, struct fdf_str v, struct fdf_error *err)
{
	struct fdf_policy *p = &s->policy;
	int n = fdf_rules_parse(v, s->rules + p->nrules, FDF_RULES_MAX - p->nrules, err);

	for (; n > 0; n--)
		p->needs |= (uint8_t)fdf_rule_needs(&s->rules[p->nrules++]);
	return n == 0;
}

/* The bits that one word of INTENT stands for, 0 if there is no such word. */
static unsigned member(struct fdf_str w)
{
	unsigned m = FDF_DUP2;

	while (m && !is(w, fdf_member_name((enum fdf_member)m)))
		m >>= 1;
	return m;
}

/* Words from left to right; a "-MEMBER" in front starts from all of the default. */
static bool set_intent(struct fdf_settings *s, struct fdf_str v, struct fdf_error *err)
{
	unsigned bits = !v.len || v.s[0] == '-' ? FDF_INTENT_DEFAULT : 0;
	size_t at = 0;

	while (at < v.len || (at && at == v.len)) {
		bool minus = at < v.len && v.s[at] == '-';
		struct fdf_str w = { v.s + at + minus, 0 };
		unsigned m;

		while (at + minus + w.len < v.len && w.s[w.len] != ',')
			w.len++;
		m = is(w, "all") ? FDF_INTENT_DEFAULT : member(w);
		if (!m && (minus || !is(w, "none"))) {
			err->pos = at;
			return false;
		}
		if (m)
			bits = minus ? bits & ~m : bits | m;
		else
			bits = 0;
		at += minus + w.len + 1;
	}
	s->policy.intent = (uint8_t)bits;
	return true;
}

static bool set_log(struct fdf_settings *s, struct fdf_str v)
{
	if (v.len &&
	    (v.len < 2 || !(v.s[0] == '/' || (v.s[0] == '@' && v.len <= LOG_NAME_MAX + 1))))
		return false;
	s->log = v;
	return true;
}

/* One of two words; an empty value is the default. */
static bool set_bool(bool *b, struct fdf_str v, const char *yes, const char *no, bool unset)
{
	if (!v.len)
		*b = unset;
	else if (is(v, yes) || is(v, no))
		*b = is(v, yes);
	else
		return false;
	return true;
}

static bool set(struct fdf_settings *s, int i, struct fdf_str v, struct fdf_error *err)
{
	switch (i) {
	case MODE:
		err->expected = "seal, report, deny, abort or off";
		return set_mode(s, v);
	case KEEP:
		return set_keep(s, v, err);
	case RULES:
		return set_rules(s, v, err);
	case INTENT:
		err->expected = "all, none, or given image act precise generic dup2 with commas "
				"between them, a '-' in front to take one away";
		return set_intent(s, v, err);
	case LOG:
		err->expected = "a path that starts with '/', or '@' and the name of an abstract "
				"socket (at most 107 bytes)";
		return set_log(s, v);
	case LOG_WHAT:
		err->expected = "leaks or all";
		return set_bool(&s->log_all, v, "all", "leaks", false);
	case ON_ERROR:
		err->expected = "allow or deny";
		return set_bool(&s->on_error_deny, v, "deny", "allow", false);
	}
	err->expected = "yes or no";
	return set_bool(i == LOG_ARGV ? &s->log_argv : &s->follow, v, "yes", "no", true);
}

int fdf_settings_set(struct fdf_settings *s, struct fdf_str name, struct fdf_str value,
		     struct fdf_error *err)
{
	int i = 0;

	while (i < SETTINGS && !is(name, names[i]))
		i++;
	if (i == SETTINGS)
		return 1;
	*err = (struct fdf_error){ 0 };
	if (set(s, i, value, err))
		return 0;
	err->name = names[i];
	return -1;
}
