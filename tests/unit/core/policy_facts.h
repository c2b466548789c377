/*
 * policy_facts.h: one descriptor, one exec and one policy, for the tests of the
 * policy to change and to judge.
 */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include <criterion/criterion.h>
#include <string.h>

#include "preload/core/policy.h"

static struct fdf_policy p;
static struct fdf_rule rules[8];
static struct fdf_intent in;
static struct fdf_exec x;
static struct fdf_fd d;
static struct fdf_sock sock;

/* A pipe on 5 that nobody meant, looked at in full. */
static inline void init(void)
{
	p = (struct fdf_policy){ .verdict = FDF_SEAL,
				 .intent = FDF_INTENT_DEFAULT,
				 .rules = rules };
	memset(&in, 0, sizeof(in));
	x = (struct fdf_exec){ .exe = fdf_str("/usr/sbin/server"), .into = fdf_str("/bin/sh") };
	sock = (struct fdf_sock){ .family = 1, .type = 1 };
	d = (struct fdf_fd){
		.fd = 5, .have = 15 | FDF_HAVE_PUBLIC, .type = FDF_PIPE, .sock = &sock
	};
}

static inline void set_rules(const char *text)
{
	struct fdf_error err;

	p.nrules = fdf_rules_parse(fdf_str(text), rules, 8, &err);
	cr_assert_geq(p.nrules, 0);
}

static inline void meant(enum fdf_member member, unsigned only_if, const char *by)
{
	in.meant[in.n++] = (struct fdf_meant){ .first = 5,
					       .last = 7,
					       .member = (uint8_t)member,
					       .only_if = (uint8_t)only_if,
					       .by = fdf_str(by) };
}

static inline struct fdf_decision decide(void)
{
	return fdf_decide(&p, &x, &in, &d);
}

static inline void decides(enum fdf_verdict verdict, enum fdf_reason reason, const char *by)
{
	struct fdf_decision v = decide();

	cr_assert_eq(v.verdict, verdict, "verdict %s", fdf_verdict_name(v.verdict));
	cr_assert_eq(v.reason, reason, "reason %s", fdf_reason_name(v.reason));
	cr_assert(fdf_str_eq(v.by, fdf_str(by)), "by \"%.*s\"", (int)v.by.len, v.by.s);
	if (reason != FDF_BY_DEFAULT)
		cr_assert_eq(v.asked.len, 0);
}

/* Nobody's but the default, because of text, though `asked` named it. */
static inline void refuses(const char *asked, const char *text)
{
	struct fdf_decision v = decide();

	cr_assert_eq(v.verdict, p.verdict);
	cr_assert_eq(v.reason, FDF_BY_DEFAULT);
	cr_assert(fdf_str_eq(v.asked, fdf_str(asked)), "asked \"%.*s\"", (int)v.asked.len,
		  v.asked.s);
	cr_assert(fdf_str_eq(v.why, fdf_str(text)), "why \"%.*s\"", (int)v.why.len, v.why.s);
}

#endif
