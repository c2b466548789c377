/*
 * entry.c: one line of a baseline.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/records/what.h"
#include "tools/report/entry.h"
#include "tools/report/finding.h"

#define EXAMPLE "as in 'report exe=/usr/bin/make into=* type=pipe access=r severity=low'"

static size_t word_length(const char *s)
{
	size_t n = 0;

	while (s[n] && !strchr(" \t", s[n]))
		n += s[n] == '\\' && s[n + 1] ? 2 : 1;
	return n;
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static int take_access(struct entry *e, const char *value)
{
	static const char *const all[] = { "r", "w", "rw", "path" };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!e->access && !strcmp(value, all[i])) {
			e->access = must_dup(value);
			return 0;
		}
	return -1;
}

static int take_severity(struct entry *e, const char *value)
{
	size_t n = strcspn(value, "+");
	int level = fdf_level_from((struct fdf_str){ value, n });

	if (e->has_severity || level < 0 || (value[n] && value[n + 1]))
		return -1;
	e->has_severity = true;
	e->severity = (struct fdf_severity){ .level = (uint8_t)level, .at_least = value[n] };
	return 0;
}

static int take_outcome(struct entry *e, const char *value)
{
	static const enum leak_outcome all[] = { LEAK_SEALED, LEAK_REFUSED };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!e->stopped && !strcmp(value, leak_outcome_name(all[i]))) {
			e->stopped = true;
			return 0;
		}
	return -1;
}

static int take_what(struct entry *e, const char *value)
{
	if (e->what || !*value)
		return -1;
	e->what = must_dup(value);
	return 0;
}

static const struct {
	const char *name;
	int (*take)(struct entry *e, const char *value);
	const char *expected;
} words[] = {
	{ "access=", take_access, "once one of access=r, w, rw or path" },
	{ "severity=", take_severity,
	  "once one of severity=low, medium, high or critical, with or without a '+'" },
	{ "outcome=", take_outcome,
	  "once outcome=sealed or outcome=refused, and nothing for what leaks" },
	{ "what=", take_what, "once what= with a pattern for what the report shows" },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

/*
 * Find the comment, and take out the words that no rule has: blanks in their place, so that columns
 * stay.  Returns NULL, or what was expected at *at.
 */
static const char *take_words(struct entry *e, char *rule, size_t *at)
{
	size_t end = 0, n;

	for (char *s = rule + strspn(rule, " \t"); *s && *s != '#'; s += strspn(s, " \t")) {
		size_t i;

		n = word_length(s);
		for (i = 0; i < WORDS && !begins(s, words[i].name); i++)
			;
		if (i < WORDS) {
			char *word = must_printf("%.*s", (int)n, s);
			int bad = words[i].take(e, word + strlen(words[i].name));

			free(word);
			*at = (size_t)(s - rule);
			if (bad)
				return words[i].expected;
			memset(s, ' ', n);
		}
		s += n;
		end = (size_t)(s - rule);
	}
	e->comment = must_dup(e->text + end + strspn(e->text + end, " \t"));
	e->text[end] = '\0';
	rule[end] = '\0';
	return NULL;
}

/* With the current directory in the place of each "./" that a pattern begins with. */
static char *expand(const char *rule)
{
	char *cwd = finding_here(), *text;
	size_t len, n;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		out_of_memory();
	for (const char *s = rule; *s; s += n) {
		const char *value;

		n = strspn(s, " \t");
		n += word_length(s + n);
		value = memchr(s, '=', n);
		if (cwd && value && begins(value + 1, "./"))
			fprintf(out, "%.*s%s%.*s", (int)(value + 1 - s), s, cwd,
				(int)(s + n - value - 2), value + 2);
		else
			fprintf(out, "%.*s", (int)n, s);
	}
	fclose(out);
	free(cwd);
	return text;
}

int entry_parse(struct entry *e, const char *text, const char *path, unsigned line)
{
	struct fdf_error err = { 0 };
	char *rule = must_dup(text);
	int n = -1;

	*e = (struct entry){ .text = must_dup(text), .line = line };
	err.expected = take_words(e, rule, &err.pos);
	if (!err.expected) {
		n = fdf_rules_parse(fdf_str(rule), &e->rule, 1, &err);
	}
	if (n == 1 && e->rule.verdict != FDF_REPORT)
		err = (struct fdf_error){ .expected = "the verdict report" };
	else if (n == 1 && e->rule.fds.s)
		err = (struct fdf_error){ .pos = (size_t)(e->rule.fds.s - rule),
					  .expected = "no fd=, which changes from run to run" };
	else if (!n)
		err.expected = "a verdict in front of it";
	else if (n == 1)
		err.expected = NULL;
	if (!err.expected) {
		e->expanded = expand(rule);
		if (fdf_rules_parse(fdf_str(e->expanded), &e->rule, 1, &err) == 1)
			err.expected = NULL;
	}
	free(rule);
	if (!err.expected)
		return 0;
	say("%s:%u: %s: expected %s at column %zu, " EXAMPLE, path, line, text, err.expected,
	    err.pos + 1);
	return -1;
}

void entry_free(struct entry *e)
{
	free(e->text);
	free(e->comment);
	free(e->above);
	free(e->expanded);
	free(e->access);
	free(e->what);
}

char *entry_text(const struct cause *c)
{
	char *rule = finding_rule(c), *severity = what_severity(c->severity), *text;
	bool leaked = c->outcome == LEAK_LEAKED;

	text = *rule ? must_printf("%s%s%s severity=%s%s%s", rule, *c->access ? " access=" : "",
				   c->access, severity, leaked ? "" : " outcome=",
				   leaked ? "" : leak_outcome_name(c->outcome))
		     : must_dup("");
	free(rule);
	free(severity);
	return text;
}

static struct fdf_str bytes_of(char **to, const char *plain)
{
	*to = must_dup(plain);
	return (struct fdf_str){ *to, rec_unescape(*to) };
}

void entry_facts_of(struct entry_facts *f, const struct cause *c)
{
	char *stable;

	*f = (struct entry_facts){
		.cause = c, .d = { .fd = 3, .have = FDF_HAVE_TYPE, .type = (uint8_t)c->type }
	};
	f->x.exe = bytes_of(&f->exe, c->exe);
	f->x.into = bytes_of(&f->into, c->into);
	f->d.target = bytes_of(&f->target, c->target);
	if (f->d.target.len)
		f->d.have |= FDF_HAVE_TARGET;
	bytes_of(&f->local, c->local);
	stable = finding_stable(c->what);
	bytes_of(&f->what, stable);
	free(stable);
}

void entry_facts_free(struct entry_facts *f)
{
	free(f->exe);
	free(f->into);
	free(f->target);
	free(f->local);
	free(f->what);
}

static bool allows(const char *line, const char *access)
{
	return !line || !strcmp(line, access) ||
	       (!strcmp(line, "rw") && (!strcmp(access, "r") || !strcmp(access, "w")));
}

bool entry_fits(const struct entry *e, const struct entry_facts *f)
{
	struct fdf_rule r = e->rule;

	if (!allows(e->access, f->cause->access) ||
	    (e->stopped && f->cause->outcome == LEAK_LEAKED) ||
	    (e->has_severity && severity_exceeds(f->cause->severity, e->severity)) ||
	    (e->what && !fdf_glob(fdf_str(e->what), fdf_str(f->what))))
		return false;
	r.addr = (struct fdf_str){ 0 }; /* of which only the text is known here */
	return (!e->rule.addr.s || (*f->local && fdf_glob(e->rule.addr, fdf_str(f->local)))) &&
	       fdf_rule_matches(&r, &f->x, &f->d);
}

bool entry_is_of(const struct entry *e, const char *exe)
{
	struct fdf_rule r = { .exe = e->rule.exe };
	struct fdf_fd d = { .fd = 3 };
	struct fdf_exec x = { 0 };
	char *bytes;
	bool is;

	x.exe = bytes_of(&bytes, exe);
	is = fdf_rule_matches(&r, &x, &d);
	free(bytes);
	return is;
}
