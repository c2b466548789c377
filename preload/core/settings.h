/*
 * settings.h: one (name, value) pair to settings.  The shim feeds it FDFENCE_*
 * variables, the command its options: one parser, one message.
 *
 *	MODE      seal | report | deny | abort | off   verdict for what nobody meant   (seal)
 *	KEEP      RANGES                     numbers that every exec keeps   (none)
 *	RULES     rules, ';' between them    (none)
 *	INTENT    all | none | MEMBER,...    given image act precise generic dup2;
 *	                                     "-MEMBER" takes one away from all   (all)
 *	LOG       /FILE | @NAME              append to a file, or datagrams to an
 *	                                     abstract socket; where that is out of reach,
 *	                                     to the socket file NAME, if it is a path   (none)
 *	LOG_KEY   letters and digits         put in front of each datagram: how a collector
 *	                                     knows its own   (none)
 *	LOG_WHAT  leaks | all                execs with something not kept, or each
 *	                                     exec and start   (leaks)
 *	LOG_ARGV  yes | no                   arguments in records   (yes)
 *	ON_ERROR  allow | deny               where sealing is impossible: go on with a
 *	                                     record, or fail the exec   (allow)
 *	FOLLOW    yes | no                   put the fence back into environments that
 *	                                     lack it   (yes)
 *	CLAMP     yes | no                   tell a program that asks for its limit of open
 *	                                     files little more than what is open   (no)
 *	COOKIE    16 digits                  what a supervisor knows this fence by   (none)
 *
 * Pure: no allocation, nothing writable of its own, no system call.
 */
#ifndef FDF_SETTINGS_H
#define FDF_SETTINGS_H

#include "preload/core/policy.h"

#define FDF_LOG_KEY_MAX 64

/* Settings of the machine, where it preloads the shim: "FDFENCE_NAME=VALUE", a NUL behind each. */
#define FDF_MACHINE_SETTINGS "/etc/fdfence.cache"

/* In the place of a cookie: this exec was sealed by a library that has no supervisor's settings. */
#define FDF_SEALS_APART 0x5ea15a9a127f1eedULL

struct fdf_settings {
	struct fdf_policy policy; /* policy.rules points at rules */
	bool off;
	bool log_all, log_argv, on_error_deny, follow, clamp;
	struct fdf_str log, log_key; /* point into the values */
	/*
	 * An exec that tells it to the supervisor gives nothing above 2; one that tells the next
	 * number was judged, and gives something.  0: there is no supervisor that asks.
	 */
	uint64_t cookie;
	struct fdf_rule rules[FDF_RULES_MAX];
};

/* The defaults above: what holds without any setting, and after one that does not parse. */
void fdf_settings_init(struct fdf_settings *s);

/*
 * name without FDFENCE_ ("MODE"), value as given; the value must outlive *s.
 * An empty value is the default.  RULES may be set more than once: later text
 * comes behind earlier rules.
 * Returns 0; -1 with *err (name, pos, line, expected) if the value is bad,
 * with *s as before; 1 if there is no such setting.
 */
int fdf_settings_set(struct fdf_settings *s, struct fdf_str name, struct fdf_str value,
		     struct fdf_error *err);

/* Name i, "MODE" ...; NULL behind the last. */
const char *fdf_settings_name(int i);

#endif
