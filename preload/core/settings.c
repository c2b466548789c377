/*
 * settings.c: one (name, value) pair to settings.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out.  Runs once at
 * load, in the shim and in the command.  A value that does not parse changes
 * nothing, so that never half a policy holds.
 */
#include "preload/core/names.h"
#include "preload/core/settings.h"

enum setting {
	MODE,
	KEEP,
	RULES,
	INTENT,
	LOG,
	LOG_KEY,
	LOG_WHAT,
	LOG_ARGV,
	ON_ERROR,
	FOLLOW,
	CLAMP,
	COOKIE,
	SETTINGS
};

#define LOG_NAME_MAX 107 /* sun_path of unix(7) less the NUL in front of an abstract name */

static const char names[SETTINGS][9] = {
	[MODE] = "MODE",	 [KEEP] = "KEEP",	  [RULES] = "RULES",
	[INTENT] = "INTENT",	 [LOG] = "LOG",		  [LOG_KEY] = "LOG_KEY",
	[LOG_WHAT] = "LOG_WHAT", [LOG_ARGV] = "LOG_ARGV", [ON_ERROR] = "ON_ERROR",
	[FOLLOW] = "FOLLOW",	 [CLAMP] = "CLAMP",	  [COOKIE] = "COOKIE",
};

/* KEEP and RULES say it themselves. */
static const char expected[SETTINGS][120] = {
	[MODE] = "seal, report, deny, abort or off",
	[INTENT] = "all, none, or given image act precise pair generic dup2 with commas between "
		   "them, a "
		   "'-' in front to take one away",
	[LOG] = "a path that starts with '/', or '@' and the name of an abstract socket (at most "
		"107 bytes)",
	[LOG_KEY] = "at most 64 letters and digits",
	[LOG_WHAT] = "leaks or all",
	[LOG_ARGV] = "yes or no",
	[ON_ERROR] = "allow or deny",
	[FOLLOW] = "yes or no",
	[CLAMP] = "yes or no",
	[COOKIE] = "16 hexadecimal digits, as fdfence run --supervise=auto makes them",
};

const char *fdf_settings_name(int i)
{
	return i >= 0 && i < SETTINGS ? names[i] : NULL;
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
	s->clamp = false;
	s->log = s->log_key = (struct fdf_str){ NULL, 0 };
	s->cookie = 0;
}

static bool set_mode(struct fdf_settings *s, struct fdf_str v)
{
	bool off = fdf_str_eq(v, fdf_str("off"));
	enum fdf_verdict verdict = v.len && !off ? fdf_verdict_from(v) : FDF_SEAL;

	if (verdict == FDF_NONE || verdict == FDF_KEEP)
		return false;
	s->off = off;
	s->policy.verdict = (uint8_t)verdict;
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

/* Words from left to right; a "-MEMBER" in front starts from all of the default. */
static bool set_intent(struct fdf_settings *s, struct fdf_str v, struct fdf_error *err)
{
	unsigned bits = !v.len || v.s[0] == '-' ? FDF_INTENT_DEFAULT : 0;
	size_t at = 0;

	while (v.len && at <= v.len) {
		bool minus = at < v.len && v.s[at] == '-';
		struct fdf_str w = { v.s + at + minus, 0 };
		unsigned member;

		while (at + minus + w.len < v.len && w.s[w.len] != ',')
			w.len++;
		member = fdf_member_from(w);
		if (member)
			bits = minus ? bits & ~member : bits | member;
		else if (!minus && fdf_str_eq(w, fdf_str("all")))
			bits |= FDF_INTENT_DEFAULT;
		else if (!minus && fdf_str_eq(w, fdf_str("none")))
			bits = 0;
		else {
			err->pos = at;
			return false;
		}
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

/* Nothing that could be taken for the record behind it. */
static bool set_log_key(struct fdf_settings *s, struct fdf_str v, struct fdf_error *err)
{
	size_t i = 0;

	while (i < v.len && i < FDF_LOG_KEY_MAX &&
	       ((v.s[i] >= '0' && v.s[i] <= '9') || ((v.s[i] | 32) >= 'a' && (v.s[i] | 32) <= 'z')))
		i++;
	err->pos = i;
	if (i < v.len)
		return false;
	s->log_key = v;
	return true;
}

/* One of two words; an empty value is `unset`. */
static bool set_switch(bool *to, struct fdf_str v, const char *no, const char *yes, bool unset)
{
	bool is_yes = fdf_str_eq(v, fdf_str(yes));

	if (v.len && !is_yes && !fdf_str_eq(v, fdf_str(no)))
		return false;
	*to = v.len ? is_yes : unset;
	return true;
}

static bool set_cookie(struct fdf_settings *s, struct fdf_str v)
{
	uint64_t cookie = 0;

	for (size_t i = 0; i < v.len; i++) {
		char c = v.s[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		cookie = cookie << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	if (v.len && v.len != 16)
		return false;
	s->cookie = cookie;
	return true;
}

static bool set(struct fdf_settings *s, enum setting i, struct fdf_str v, struct fdf_error *err)
{
	switch (i) {
	case MODE:
		return set_mode(s, v);
	case KEEP:
		return set_keep(s, v, err);
	case RULES:
		return set_rules(s, v, err);
	case INTENT:
		return set_intent(s, v, err);
	case LOG:
		return set_log(s, v);
	case LOG_KEY:
		return set_log_key(s, v, err);
	case LOG_WHAT:
		return set_switch(&s->log_all, v, "leaks", "all", false);
	case LOG_ARGV:
		return set_switch(&s->log_argv, v, "no", "yes", true);
	case ON_ERROR:
		return set_switch(&s->on_error_deny, v, "allow", "deny", false);
	case FOLLOW:
		return set_switch(&s->follow, v, "no", "yes", true);
	case CLAMP:
		return set_switch(&s->clamp, v, "no", "yes", false);
	case COOKIE:
		return set_cookie(s, v);
	case SETTINGS:
		break;
	}
	return false;
}

int fdf_settings_set(struct fdf_settings *s, struct fdf_str name, struct fdf_str value,
		     struct fdf_error *err)
{
	int i = FDF_FIND(names, name);

	if (i < 0)
		return 1;
	*err = (struct fdf_error){ .expected = expected[i] };
	if (set(s, (enum setting)i, value, err))
		return 0;
	err->name = names[i];
	return -1;
}
