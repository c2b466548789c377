/*
 * settings.c: one (name, value) pair to settings.
 *
 * Part of the pure core: no allocation, no statics, no call out.  Runs once at
 * load, in the shim and in the command.  A value that does not parse changes
 * nothing, so that never half a policy holds.
 */
#include "preload/core/names.h"
#include "preload/core/settings.h"

enum { MODE, KEEP, RULES, INTENT, LOG, LOG_WHAT, LOG_ARGV, ON_ERROR, FOLLOW };

#define LOG_NAME_MAX 107 /* sun_path of unix(7) less the NUL in front of an abstract name */

static const char names[] =
	"MODE\0KEEP\0RULES\0INTENT\0LOG\0LOG_WHAT\0LOG_ARGV\0ON_ERROR\0FOLLOW\0";

const char *fdf_settings_name(int i)
{
	const char *name = fdf_nth(names, (unsigned)i);

	return *name ? name : NULL;
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
	int n = v.len ? fdf_find("off\0keep\0seal\0report\0deny\0abort\0", v) : FDF_SEAL;

	if (n < 0 || n == FDF_KEEP)
		return false;
	s->off = n == FDF_NONE;
	s->policy.verdict = (uint8_t)(s->off ? FDF_SEAL : n);
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
		unsigned m;
		int n;

		while (at + minus + w.len < v.len && w.s[w.len] != ',')
			w.len++;
		n = fdf_find("given\0image\0act\0precise\0generic\0dup2\0all\0none\0", w);
		if (n < 0 || (minus && n > 5)) {
			err->pos = at;
			return false;
		}
		m = n < 6 ? 1U << n : n == 6 ? FDF_INTENT_DEFAULT : 0;
		bits = minus ? bits & ~m : m ? bits | m : 0;
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

/* What each expects, by its number; KEEP and RULES say it themselves. */
static const char expected[] =
	"seal, report, deny, abort or off\0"
	"-\0"
	"-\0"
	"all, none, or given image act precise generic dup2 with commas between them, a '-' in "
	"front to take one away\0"
	"a path that starts with '/', or '@' and the name of an abstract socket (at most 107 "
	"bytes)\0"
	"leaks or all\0"
	"yes or no\0"
	"allow or deny\0"
	"yes or no\0";

/* From LOG_WHAT on: the words for false and for true, where the answer goes, the default. */
static const struct {
	char words[13];
	uint8_t offset;
	bool unset;
} switches[] = {
	{ "leaks\0all\0", offsetof(struct fdf_settings, log_all), false },
	{ "no\0yes\0", offsetof(struct fdf_settings, log_argv), true },
	{ "allow\0deny\0", offsetof(struct fdf_settings, on_error_deny), false },
	{ "no\0yes\0", offsetof(struct fdf_settings, follow), true },
};

static bool set_switch(struct fdf_settings *s, int i, struct fdf_str v)
{
	int n = v.len ? fdf_find(switches[i].words, v) : switches[i].unset;

	if (n >= 0)
		*(bool *)((char *)s + switches[i].offset) = n;
	return n >= 0;
}

static bool set(struct fdf_settings *s, int i, struct fdf_str v, struct fdf_error *err)
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
	}
	return set_switch(s, i - LOG_WHAT, v);
}

int fdf_settings_set(struct fdf_settings *s, struct fdf_str name, struct fdf_str value,
		     struct fdf_error *err)
{
	int i = fdf_find(names, name);

	if (i < 0)
		return 1;
	*err = (struct fdf_error){ .expected = fdf_nth(expected, (unsigned)i) };
	if (set(s, i, value, err))
		return 0;
	err->name = fdf_settings_name(i);
	return -1;
}
