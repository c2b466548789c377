/*
 * check.c: fdfence check: run CMD, listen to the shims below it, report.
 *
 * The report is made when CMD has ended, with --wait when all below it has.  What
 * runs longer is told and no longer seen from there on; a process between exec and its
 * start is waited for, a second at most.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tools/report/aggregate.h"
#include "tools/report/select.h"
#include "tools/commands/check.h"
#include "tools/commands/started.h"
#include "tools/records/collect.h"
#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/options/config.h"
#include "tools/start/launch.h"
#include "tools/start/tree.h"

#define GRACE_ROUNDS 20 /* of 50 ms */

enum {
	SEAL = OPT_OWN,
	ERROR_EXITCODE,
	FAIL_ON,
	WAIT,
	FORMAT,
	MIN_SEVERITY,
	BASELINE,
	UPDATE_BASELINE,
	MAX_NEW,
	GEN_SUPPRESSIONS,
	EXPLAIN_KEPT
};

static const struct option_row rows[] = {
	{ .id = SEAL, .name = "seal", .help = "seal what leaks too; by default it is let through" },
	{ .id = ERROR_EXITCODE,
	  .name = "error-exitcode",
	  .arg = "N",
	  .help = "exit status when something leaks (default 99);\n0: always that of CMD" },
	{ .id = FAIL_ON,
	  .name = "fail-on",
	  .arg = "WHAT",
	  .values = VALUES_LIST,
	  .words = "leaks uncovered lost running inexact", /* bits FAIL_* */
	  .help = "what is met with that status: leaks (default),\n"
		  "uncovered programs, lost records, running (what still\n"
		  "runs), inexact sealing" },
	{ .id = WAIT,
	  .name = "wait",
	  .help = "report when all below CMD has ended, not CMD alone" },
	{ .id = FORMAT,
	  .name = "format",
	  .arg = "FORMAT",
	  .values = VALUES_ONE,
	  .words = FORMAT_WORDS, /* enum format */
	  .help = "text (default), or one for machines; once for\neach --output" },
	{ .id = MIN_SEVERITY,
	  .name = "min-severity",
	  .arg = "LEVEL",
	  .values = VALUES_ONE,
	  .words = SEVERITY_WORDS,
	  .help = "report and count what is as severe as this, or worse" },
	{ .id = BASELINE,
	  .name = "baseline",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "what leaks and is in FILE is known: report what is new" },
	{ .id = UPDATE_BASELINE,
	  .name = "update-baseline",
	  .help = "write that file anew, from what leaks now" },
	{ .id = MAX_NEW,
	  .name = "max-new",
	  .arg = "N",
	  .help = "up to N new causes are no failure (default 0)" },
	{ .id = GEN_SUPPRESSIONS,
	  .name = "gen-suppressions",
	  .help = "print a keep rule for each leak, ready for --rules" },
	{ .id = EXPLAIN_KEPT,
	  .name = "explain-kept",
	  .help = "list what was kept for a weak reason: given, a shell,\n"
		  "a generic convention" },
	{ 0 },
};

static const struct option_row *const tables[] = {
	config_supervise_rows,
	config_policy_rows,
	config_fence_rows,
	rows,
	config_output_rows,
	config_message_rows,
	NULL,
};

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	struct check_line *l = ctx;

	switch (row->id) {
	case ERROR_EXITCODE:
		return option_status(row, arg, &l->error_exitcode);
	case FORMAT:
		return formats_take(&l->outputs.asked, row, arg);
	case OPT_OUTPUT:
		return formats_take_path(&l->outputs.asked, arg);
	case MIN_SEVERITY:
		return option_one(row, arg, &l->min_severity);
	case BASELINE:
		if (l->known.path)
			return option_refuse(row, arg, "it once");
		l->known.path = arg;
		return 0;
	case UPDATE_BASELINE:
		l->known.update = true;
		return 0;
	case MAX_NEW:
		return option_number(row, arg, 0, CAUSES_MAX, &l->known.max_new);
	case FAIL_ON:
		return option_list(row, arg, &l->fail_on);
	case WAIT:
		l->wait = true;
		return 0;
	case EXPLAIN_KEPT:
		l->explain_kept = true;
		return 0;
	case SEAL:
		l->seal = true;
		return 0;
	case GEN_SUPPRESSIONS:
		l->gen_suppressions = true;
		return 0;
	default:
		return config_take(&l->config, row, arg);
	}
}

static const struct options options = {
	.name = "check",
	.about = "Run a command and report what leaks anywhere below it",
	.usage = "[OPTIONS] -- CMD [ARGS...]",
	.needs = "a command",
	.tables = tables,
	.take = take,
};

void check_line_init(struct check_line *l)
{
	*l = (struct check_line){ .error_exitcode = 99,
				  .fail_on = FAIL_LEAKS,
				  .outputs.asked.shared = true };
	config_init(&l->config);
}

/* The settings that an audit is made of; options cannot set them here. */
static int audit_settings(struct check_line *l, const struct collector *col)
{
	struct config *c = &l->config;

	return config_set(c, "MODE", l->seal ? "seal" : "report", "MODE") ||
	       config_set(c, "LOG", collect_log(col), "LOG") ||
	       config_set(c, "LOG_KEY", collect_key(col), "LOG_KEY") ||
	       config_set(c, "LOG_WHAT", "all", "LOG_WHAT");
}

/* What is let through would not arrive, and be told as a leak. */
static int seal_as_above(struct check_line *l)
{
	if (!l->config.sealed || l->seal)
		return 0;
	if (!l->config.quiet)
		say("the supervisor above seals, so that this check does, as with --seal");
	l->seal = true;
	return config_set(&l->config, "MODE", "seal", "MODE");
}

struct progress {
	const struct aggregate *a;
	struct child *cmd;  /* NULL: it has ended, or is none of ours */
	time_t start, next; /* next: 0 is never */
};

/*
 * A line now and then, at 2, 4, 8 ... seconds and each minute: a line that is
 * rewritten in place would write over what CMD prints on the same terminal.
 */
static void progress(void *ctx)
{
	struct progress *p = ctx;
	time_t now = time(NULL);

	tree_reap(p->cmd);
	if (!p->next || now < p->next || tcgetpgrp(STDERR_FILENO) != getpgrp())
		return;
	say("%ld s: execs %lu, leaks %lu so far", (long)(now - p->start), aggregate_execs(p->a),
	    aggregate_leaks(p->a));
	while (p->next <= now)
		p->next += p->next - p->start < 60 ? p->next - p->start : 60;
}

static int render(struct check_line *l, const struct report *r)
{
	struct render_options o = { .rules = l->gen_suppressions,
				    .kept = l->explain_kept,
				    .quiet = l->config.quiet };

	return outputs_render(&l->outputs, r, o);
}

/* Is there something that was to be in this report and is not? */
static bool is_lossy(const struct report *r)
{
	return r->dropped || r->more || r->refused || r->broken || r->lost || r->unsupervised;
}

/* What is not listed is a leak of which nobody knows whether it is known or bad. */
static bool leaks_fail(const struct check_line *l, const struct report *r)
{
	return known_fails(&l->known, r) || r->more;
}

/* Why the status is not that of leaks; NULL: it is. */
static const char *allowed_by(const struct check_line *l, const struct report *r)
{
	if (!leaks_fail(l, r))
		return l->known.update ? "--update-baseline" : "--max-new";
	if (!(l->fail_on & FAIL_LEAKS))
		return "--fail-on";
	return l->error_exitcode ? NULL : "--error-exitcode 0";
}

static int status_of(const struct check_line *l, const struct report *r, int of_cmd)
{
	unsigned met = (leaks_fail(l, r) ? FAIL_LEAKS : 0) | (r->nuncovered ? FAIL_UNCOVERED : 0) |
		       (is_lossy(r) ? FAIL_LOST : 0) | (r->running ? FAIL_RUNNING : 0) |
		       (r->inexact ? FAIL_INEXACT : 0);

	return (met & l->fail_on) && l->error_exitcode ? (int)l->error_exitcode : of_cmd;
}

/* What ended CMD, or came as it ended, ends the waiting too. */
static bool is_told_to_end(const sigset_t *seen)
{
	return sigismember(seen, SIGINT) || sigismember(seen, SIGTERM) || sigismember(seen, SIGHUP);
}

/* From the start of CMD to its status.  *running: what runs below when it has ended. */
static int watch(struct check_line *l, char **cmd, struct collector *col, struct aggregate *a,
		 struct started *started, unsigned *running)
{
	struct config *c = &l->config;
	struct progress p = { .a = a, .start = time(NULL) };
	int r, i;

	tree_adopt();
	r = started_begin(started, c, cmd);
	if (r)
		return r < 0 ? EXIT_OWN : launch_failed(cmd[0], r);
	if (!c->quiet && isatty(STDERR_FILENO))
		p.next = p.start + 2;
	if (collect_start(col)) {
		started_kill(started);
		return EXIT_OWN;
	}
	p.cmd = started_child(started);
	started->status = started_wait(started, progress, &p);
	p.cmd = NULL;
	if (l->wait && !is_told_to_end(started_seen(started)))
		tree_wait(progress, &p);
	/* before the last record is taken: who ends between the two would be in neither */
	*running = started_running(started);
	child_done(&started->child);
	collect_stop(col);
	for (i = 0; i < GRACE_ROUNDS && aggregate_waiting(a); i++)
		collect_more(col, 50);
	return 0;
}

static void take_lost(struct aggregate *a, const struct collector *col)
{
	char *exe;
	int error;

	if (collect_lost(col, &error, &exe))
		return;
	aggregate_lost(a, exe, error);
	free(exe);
}

/* A suppression that hides nothing any more hides the next leak that looks like it. */
static char **unused_rules(const struct config *c, const struct aggregate *a)
{
	const struct fdf_policy *p = &c->settings.policy;
	char **list = must_alloc(((size_t)p->nrules + 1) * sizeof(*list));
	size_t n = 0;

	for (int i = 0; i < p->nrules; i++) {
		struct fdf_str t = p->rules[i].text;
		char *text = must_printf("%.*s", (int)t.len, t.s);

		if (aggregate_used(a, text))
			;
		else if ((size_t)i < c->nplaces)
			list[n++] = must_printf("%s:%u: %s", c->places[i].where, c->places[i].line,
						text);
		else
			list[n++] = must_printf("FDFENCE_RULES:%u: %s", p->rules[i].line, text);
		free(text);
	}
	return list;
}

static void free_list(char **list)
{
	for (char **one = list; one && *one; one++)
		free(*one);
	free(list);
}

static int audit(struct check_line *l, char **cmd, struct collector *col, struct aggregate *a)
{
	struct config *c = &l->config;
	struct report *r;
	struct started started;
	unsigned running = 0;
	int err;

	if (audit_settings(l, col) || started_prepare(c) || seal_as_above(l) || config_finish(c))
		return EXIT_OWN;
	aggregate_policy(a, &c->asked->policy);
	err = launch_prepare(c, cmd);
	if (err)
		return err;
	if (known_is_taken(&l->known, &l->outputs.asked) ||
	    outputs_open(&l->outputs, (enum output_color)c->color))
		return EXIT_OWN;
	if (c->supervise != SUPERVISE_NOT)
		aggregate_supervised(a);
	if (c->joins)
		aggregate_joins(a);
	err = watch(l, cmd, col, a, &started, &running);
	if (err) {
		outputs_abandon(&l->outputs);
		return err;
	}
	take_lost(a, col);
	r = known_finish(&l->known, a);
	r->by = "check";
	r->cmd = cmd;
	r->waited = l->wait;
	r->status = started.status & EXIT_SHOWN;
	r->running = running;
	r->unsupervised = started_unsupervised(&started) != NULL;
	r->running_more = running && !tree_counted();
	r->environment = c->environment;
	r->sealed = l->seal;
	r->refused = collect_refused(col);
	r->foreign = collect_foreign(col);
	r->unused = unused_rules(c, a);
	select_severity(r, (enum fdf_level)l->min_severity);
	r->allowed = allowed_by(l, r);
	err = render(l, r) || known_update(&l->known, r, !r->status && !is_lossy(r))
		      ? EXIT_OWN
		      : status_of(l, r, started.status);
	free_list(r->unused);
	free_list(r->gone);
	return err;
}

static int check(int argc, char **argv)
{
	struct aggregate *a = aggregate_new();
	struct collector *col = NULL;
	struct check_line l;
	char **cmd;
	int r;

	check_line_init(&l);
	r = options_parse(&options, argc, argv, &l, &cmd);
	if (r == OPTIONS_CONTINUE && known_open(&l.known))
		r = EXIT_OWN;
	if (r == OPTIONS_CONTINUE) {
		col = collect_open(aggregate_take, a);
		r = col ? audit(&l, cmd, col, a) : EXIT_OWN;
	}
	collect_close(col);
	aggregate_free(a);
	known_close(&l.known);
	config_free(&l.config);
	return r;
}

const struct subcommand command_check = { &options, check };
