/*
 * check.c: fdfence check: run CMD, listen to the shims below it, report.
 *
 * The report is made when CMD has ended.  What goes on below it in the
 * background is no longer seen from there on; a process between exec and its
 * start is waited for, a second at most.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tools/report/aggregate.h"
#include "tools/commands/check.h"
#include "tools/start/child.h"
#include "tools/records/collect.h"
#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/commands/command.h"
#include "tools/options/config.h"
#include "tools/start/launch.h"
#include "tools/base/output.h"
#include "tools/render/render.h"

#define GRACE_ROUNDS 20 /* of 50 ms */

/* The four settings that an audit is made of; options cannot set them here. */
static int audit_settings(struct config *c, const char *log)
{
	return config_set(c, "MODE", c->seal ? "seal" : "report", "MODE") ||
	       config_set(c, "LOG", log, "LOG") || config_set(c, "LOG_WHAT", "all", "LOG_WHAT");
}

int become_cmd(void *ctx)
{
	struct become *b = ctx;

	return launch_exec(b->config, b->cmd);
}

struct progress {
	const struct aggregate *a;
	time_t start, next, step;
};

/*
 * A line now and then, at 2, 4, 8 ... seconds and each minute: a line that is
 * rewritten in place would write over what CMD prints on the same terminal.
 */
static void progress(void *ctx)
{
	struct progress *p = ctx;
	time_t now = time(NULL);

	if (p->step == 0 || now < p->next || tcgetpgrp(STDERR_FILENO) != getpgrp())
		return;
	say("%ld s: execs %lu, leaks %lu so far", (long)(now - p->start), aggregate_execs(p->a),
	    aggregate_leaks(p->a));
	p->step = p->step < 60 ? 2 * p->step : 60;
	p->next = now + p->step;
}

static int render(const struct config *c, const struct report *r, struct output *out)
{
	struct render_options o = { .color = out->color,
				    .width = terminal_width(fileno(out->file)),
				    .rules = c->gen_suppressions,
				    .quiet = c->quiet };

	if (c->format == FORMAT_JSON)
		render_json(out->file, r);
	else
		render_text(out->file, r, &o);
	return output_close(out);
}

static int status_of(const struct config *c, const struct report *r)
{
	return r->leaks && c->error_exitcode ? c->error_exitcode : r->status;
}

/* From the start of CMD to its status. */
static int watch(struct config *c, char **cmd, struct collector *col, struct aggregate *a,
		 int *status)
{
	struct become b = { c, cmd };
	struct child child;
	struct progress p = { .a = a, .start = time(NULL) };
	int r = child_start(&child, become_cmd, &b), i;

	if (r)
		return r < 0 ? EXIT_OWN : launch_failed(cmd[0], r);
	if (!c->quiet && isatty(STDERR_FILENO)) {
		p.step = 2;
		p.next = p.start + 2;
	}
	if (collect_start(col)) {
		child_kill(&child);
		return EXIT_OWN;
	}
	*status = child_wait(&child, progress, &p);
	collect_stop(col);
	for (i = 0; i < GRACE_ROUNDS && aggregate_waiting(a); i++)
		collect_more(col, 50);
	return 0;
}

static int check(struct config *c, char **cmd, struct collector *col, struct aggregate *a)
{
	struct output out;
	struct report *r;
	int status = 0, err;

	if (audit_settings(c, collect_log(col)) || config_finish(c))
		return EXIT_OWN;
	err = launch_prepare(c, cmd);
	if (err)
		return err;
	if (output_open(&out, c->output, c->color))
		return EXIT_OWN;
	err = watch(c, cmd, col, a, &status);
	if (err) {
		output_abandon(&out);
		return err;
	}
	r = aggregate_finish(a);
	r->cmd = cmd;
	r->status = status;
	r->sealed = c->seal;
	r->refused = collect_refused(col);
	return render(c, r, &out) ? EXIT_OWN : status_of(c, r);
}

int cmd_check(int argc, char **argv)
{
	struct aggregate *a = aggregate_new();
	struct collector *col = NULL;
	struct config c;
	char **cmd;
	int r;

	config_init(&c);
	r = options_parse(FOR_CHECK, argc, argv, config_take, &c, &cmd);
	if (!r) {
		col = collect_open(aggregate_take, a);
		r = col ? check(&c, cmd, col, a) : EXIT_OWN;
	} else {
		r = r > 0 ? 0 : EXIT_OWN;
	}
	collect_close(col);
	aggregate_free(a);
	config_free(&c);
	return r;
}
