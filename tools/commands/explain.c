/*
 * explain.c: fdfence explain: run CMD under the fence and say for each exec and
 * descriptor what decided, and what to write to change it.
 *
 *	4711 /usr/bin/make -> /usr/bin/dash (posix_spawn)
 *	    3  keep  pipe r                 MAKEFLAGS names it (precise convention)
 *	             seal exe=/usr/bin/make into=/usr/bin/dash type=pipe
 *	    7  seal  file rw /srv/a.db      nobody meant it
 *	             keep exe=/usr/bin/make into=/usr/bin/dash type=file path=/srv/a.db
 *
 * Printed as the execs happen, by the collector's second thread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/records/collect.h"
#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/commands/command.h"
#include "tools/options/config.h"
#include "tools/commands/explain.h"
#include "tools/commands/started.h"
#include "tools/commands/told.h"
#include "tools/start/launch.h"
#include "tools/base/output.h"
#include "tools/records/record_json.h"
#include "tools/records/what.h"
#include "tools/report/origin.h"

struct explainer {
	struct output *to;
	FILE *out; /* its */
	bool color;
	struct told told;
	unsigned long broken, dropped;
	const char *unsupervised; /* the supervisor was killed: static text */
	struct symbols *symbols;  /* --origins */
};

/* What may be shown here; s is freed. */
static char *safe(char *s)
{
	char *text = shown(s);

	free(s);
	return text;
}

static void print_origin(const struct explainer *e, const struct rec_fd *f)
{
	struct origin o;
	char *place;

	origin_read(&o, e->symbols, f);
	place = shown(o.place);
	if (*place)
		fprintf(e->out, "                opened at %s\n", place);
	free(place);
	origin_free(&o);
}

/* How bad it is if it crosses, and why. */
static void print_severity(const struct explainer *e, const struct rec_fd *f)
{
	char *severity = what_severity(f->severity);

	fprintf(e->out, "                %s: %s\n", severity,
		fdf_danger_text((enum fdf_danger)f->severity.danger));
	free(severity);
}

static void print_fd(const struct explainer *e, const struct rec *r, const struct rec_fd *f)
{
	bool keep = f->verdict == FDF_KEEP;
	const char *on = !e->color ? "" : keep ? "\033[32m" : "\033[31m";
	char *type = what_type(f->type, f->access);
	char *what = safe(what_text(f)), *reason = safe(what_reason(f));
	const char *exe = strcmp(r->source, "command") ? r->exe : "fdfence"; /* wherever it lies */
	char *rule = safe(what_rule(keep ? "seal" : "keep", exe, r->into, f));
	bool is_pipe = !strcmp(what, fdf_type_name(f->type));

	fprintf(e->out, "  %4d  %s%-6s%s  %s%s%s: %s\n", f->fd, on, fdf_verdict_name(f->verdict),
		e->color ? "\033[0m" : "", type, is_pipe ? "" : " ", is_pipe ? "" : what, reason);
	if (!f->cloexec && !keep)
		print_severity(e, f);
	if (!f->cloexec)
		fprintf(e->out, "                to %s it: %s\n", keep ? "seal" : "keep",
			*rule ? rule
			      : "no rule has a name for it, and one without would be of others, "
				"too");
	if (e->symbols)
		print_origin(e, f);
	free(type);
	free(what);
	free(reason);
	free(rule);
}

static void print_exec(const struct explainer *e, const struct rec *r, enum told_how how)
{
	bool nothing = how == TOLD_FIRST && !r->nfds && !r->more && !*r->inexact;
	char *exe = shown(*r->exe ? r->exe : "?"), *into = shown(*r->into ? r->into : "?");
	char *entry = shown(r->entry), *inexact = shown(r->inexact);
	size_t i;

	fprintf(e->out, "%lld %s -> %s (%s)%s\n", r->pid, exe, into, entry,
		nothing ? ": nothing above 2" : "");
	for (i = 0; i < r->nfds; i++)
		print_fd(e, r, &r->fds[i]);
	if (r->more)
		fprintf(e->out, "        and %u more that did not fit into the record\n", r->more);
	if (*r->inexact)
		fprintf(e->out, "        not exact: %s\n", inexact);
	free(exe);
	free(into);
	free(entry);
	free(inexact);
}

static void print_failed(const struct explainer *e, const struct rec *r)
{
	char *into = shown(r->into);

	fprintf(e->out, "%lld %s: that exec failed: %s\n", r->pid, into, strerror(r->error));
	free(into);
}

static void explain_take(void *ctx, pid_t pid, const char *line, size_t len)
{
	struct explainer *e = ctx;
	const char *why;
	struct rec r;
	enum told_how how;

	if (rec_read(&r, line, len, &why)) {
		e->broken++;
		return;
	}
	e->dropped += r.dropped;
	how = told_before(&e->told, pid > 0 ? pid : (pid_t)r.pid, &r);
	if (r.event == REC_EXEC && how != TOLD_AGAIN)
		print_exec(e, &r, how);
	else if (r.event == REC_FAILED)
		print_failed(e, &r);
	output_flush(e->to);
	rec_free(&r);
}

static int watch(struct config *c, char **cmd, struct collector *col, struct explainer *e)
{
	struct started started;
	int r = started_begin(&started, c, cmd);

	if (r)
		return r < 0 ? EXIT_OWN : launch_failed(cmd[0], r);
	if (collect_start(col)) {
		started_kill(&started);
		return EXIT_OWN;
	}
	r = started_wait(&started, NULL, NULL);
	e->unsupervised = started_unsupervised(&started);
	child_done(&started.child);
	collect_stop(col);
	return r;
}

static int collected(struct config *c, char **cmd, struct collector *col, struct explainer *e)
{
	struct output out;
	unsigned long refused;
	int r, error;
	char *exe;

	if (config_set(c, "LOG", collect_log(col), "LOG") ||
	    config_set(c, "LOG_KEY", collect_key(col), "LOG_KEY") ||
	    config_set(c, "LOG_WHAT", "all", "LOG_WHAT") || started_prepare(c) || config_finish(c))
		return EXIT_OWN;
	r = launch_prepare(c, cmd);
	if (r)
		return r;
	if (output_open(&out, c->output, c->color))
		return EXIT_OWN;
	e->to = &out;
	e->out = out.file;
	e->color = out.color;
	r = watch(c, cmd, col, e);
	refused = collect_refused(col) + e->broken;
	if (refused)
		fprintf(e->out, "%lu datagrams refused: they are no records\n", refused);
	if (collect_foreign(col))
		fprintf(e->out, "%lu foreign datagrams ignored: not from below the command\n",
			collect_foreign(col));
	if (!collect_lost(col, &error, &exe)) {
		fprintf(e->out, "records lost, the last one of %s: %s\n", exe, strerror(error));
		free(exe);
	}
	if (e->dropped)
		fprintf(e->out, "%lu records lost: their senders could not hand them on\n",
			e->dropped);
	if (e->unsupervised)
		fprintf(e->out, "%s\n", e->unsupervised);
	return output_close(&out) ? EXIT_OWN : r;
}

int explain(struct config *c, char **cmd)
{
	struct explainer e = { 0 };
	struct collector *col;
	int r;

	if (config_get(c, "LOG")) {
		say("--explain and --log exclude each other: records go to one place");
		return EXIT_OWN;
	}
	col = collect_open(explain_take, &e);
	if (c->origins)
		e.symbols = symbols_new();
	r = col ? collected(c, cmd, col, &e) : EXIT_OWN;
	collect_close(col);
	symbols_free(e.symbols);
	told_free(&e.told);
	return r;
}

static const struct option_row *const tables[] = {
	config_launch_rows,
	config_supervise_rows,
	config_policy_rows,
	config_fence_rows,
	config_output_rows,
	config_message_rows,
	NULL,
};

static const struct options options = {
	.name = "explain",
	.about = "Run a command under the fence and say what decides each descriptor",
	.usage = "[OPTIONS] -- CMD [ARGS...]",
	.needs = "a command",
	.tables = tables,
	.take = config_take,
};

static int run(int argc, char **argv)
{
	struct config c;
	char **cmd;
	int r;

	config_init(&c);
	r = options_parse(&options, argc, argv, &c, &cmd);
	if (r == OPTIONS_CONTINUE)
		r = explain(&c, cmd);
	config_free(&c);
	return r;
}

const struct subcommand command_explain = { &options, run };
