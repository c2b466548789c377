/*
 * options.c: the options of `fdfence trace`: one table for parser and help.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/options/config.h"
#include "tools/kernel/request.h"
#include "tools/trace/options.h"
#include "tools/trace/text.h"

enum {
	OPT_PID = 'p',
	OPT_FILE = 'o',
	OPT_QUIET_ = 'q',
	OPT_VERBOSE_ = 'v',
	OPT_HELP_ = 'h',
	OPT_SHOW = 256,
	OPT_UID,
	OPT_CGROUP,
	OPT_EXE,
	OPT_INTO,
	OPT_TYPE,
	OPT_FORMAT_,
	OPT_COLUMNS,
	OPT_NO_ARGV,
	OPT_ROTATE,
	OPT_KEEP_FILES,
	OPT_SUMMARY,
	OPT_SNAPSHOT,
	OPT_KILL,
	OPT_DURATION,
	OPT_RING,
	OPT_MAX_FDS,
	OPT_ACTS,
	OPT_KEEP,
	OPT_RULE_,
	OPT_RULES_,
	OPT_INTENT,
	OPT_VERSION_,
};

static const struct row {
	int id;
	const char *name, *arg, *help;
} rows[] = {
	{ OPT_PID, "pid", "PID", "follow this process and what it starts" },
	{ OPT_SHOW, "show", "WHAT",
	  "list of leaked (default), kept, would, clean; or all;\n"
	  "would: sealed by close_range before the exec" },
	{ OPT_ACTS, "acts", "WHEN",
	  "see close-on-exec being cleared and dup2 before an exec, which\n"
	  "mean a descriptor: yes, no, auto (default: with CMD or --pid);\n"
	  "costs every system call of the machine 50 to 150 ns" },
	{ OPT_UID, "uid", "USER", "only execs by this effective user" },
	{ OPT_CGROUP, "cgroup", "GLOB", "only execs in cgroups whose path matches" },
	{ OPT_EXE, "exe", "GLOB", "only execs by images that match (base name without '/')" },
	{ OPT_INTO, "into", "GLOB", "only execs into images that match" },
	{ OPT_TYPE, "type", "TYPES", "only descriptors of these types: file, socket, pipe ..." },
	{ OPT_FORMAT_, "format", "FORMAT", "text (default) or json: one record a line" },
	{ OPT_COLUMNS, "columns", "LIST", "columns of the text, with commas; 'help' lists them" },
	{ OPT_NO_ARGV, "no-argv", NULL, "leave arguments out of records" },
	{ OPT_FILE, "output", "FILE", "append to FILE; SIGHUP reopens it" },
	{ OPT_ROTATE, "rotate", "SIZE", "rename FILE to FILE.1 when it is larger (k, M, G)" },
	{ OPT_KEEP_FILES, "keep-files", "N", "rotated files to keep (default 5)" },
	{ OPT_SUMMARY, "summary", NULL,
	  "count in the kernel by (from, into, target), print at the end" },
	{ OPT_SNAPSHOT, "snapshot", NULL,
	  "list what live processes would let through now, and exit" },
	{ OPT_KILL, "kill", NULL, "kill a process whose exec leaks what a rule says 'deny'" },
	{ OPT_DURATION, "duration", "SECONDS", "stop after this time" },
	{ OPT_RING, "ring", "MIB", "size of the ring, a power of two (default 8)" },
	{ OPT_MAX_FDS, "max-fds", "N", "descriptors looked at in one exec (default 4096)" },
	{ OPT_KEEP, "keep", "RANGES", "numbers that are meant everywhere, such as 3,7-9" },
	{ OPT_RULE_, "rule", "RULE", "one rule; repeatable, the first that matches wins" },
	{ OPT_RULES_, "rules", "FILE", "rules from a file" },
	{ OPT_INTENT, "intent", "MEMBERS",
	  "signs that a descriptor is meant: all (default), none, or a list" },
	{ OPT_QUIET_, "quiet", NULL, "no closing line" },
	{ OPT_VERBOSE_, "verbose", NULL, "show what libbpf says when loading fails" },
	{ OPT_HELP_, "help", NULL, "this text" },
	{ OPT_VERSION_, "version", NULL, "the version" },
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

static void help(void)
{
	size_t i;

	printf("Usage: fdfence trace [OPTIONS]\n"
	       "       fdfence trace [OPTIONS] --pid PID\n"
	       "       fdfence trace [OPTIONS] -- CMD [ARGS...]\n\n"
	       "Watch execs, of the whole system or of one tree, from the kernel.\n\n");
	for (i = 0; i < NROWS; i++) {
		const char *line = rows[i].help, *nl;
		int n = rows[i].id < 256 ? printf("  -%c, ", rows[i].id) : printf("      ");

		n += printf("--%s%s%s", rows[i].name, rows[i].arg ? " " : "",
			    rows[i].arg ? rows[i].arg : "");
		printf("%*s", n < 26 ? 26 - n : 2, "");
		for (; (nl = strchr(line, '\n')); line = nl + 1)
			printf("%.*s\n%26s", (int)(nl - line), line, "");
		printf("%s\n", line);
	}
	printf("\nman fdfence-trace tells more.\n");
}

static int bad(const char *name, const char *value, const char *expected)
{
	say("--%s %s: expected %s", name, value, expected);
	return -1;
}

static int number(const char *name, const char *s, unsigned long long min, unsigned long long max,
		  unsigned long long *to)
{
	char *end;

	errno = 0;
	*to = strtoull(s, &end, 10);
	if (!isdigit((unsigned char)*s) || *end || errno || *to < min || *to > max) {
		say("--%s %s: expected a number from %llu to %llu", name, s, min, max);
		return -1;
	}
	return 0;
}

static int size_of(const char *s, unsigned long long *to)
{
	static const char units[] = "kMGT";
	char *end;
	const char *u;

	errno = 0;
	*to = strtoull(s, &end, 10);
	u = *end ? strchr(units, *end) : NULL;
	if (!isdigit((unsigned char)*s) || errno || !*to || (*end && (!u || end[1])))
		return bad("rotate", s, "a size such as 500k, 10M or 1G");
	if (u)
		*to <<= 10 * (u - units + 1);
	return 0;
}

/* A list of words with commas; the bit of each in *to. */
static int words(const char *name, const char *list, const char *const *known, unsigned *to)
{
	const char *p = list;
	unsigned i;

	for (*to = 0;; p++) {
		size_t n = strcspn(p, ",");

		for (i = 0; known[i]; i++)
			if (strlen(known[i]) == n && !strncmp(known[i], p, n))
				break;
		if (!known[i])
			return bad(name, list, "a list of known words; --help names them");
		*to |= 1u << i;
		p += n;
		if (!*p)
			return 0;
	}
}

static int show(struct trace_opts *o, const char *arg)
{
	static const char *const known[] = { "leaked", "kept", "would", "clean", NULL };

	if (!strcmp(arg, "all")) {
		o->show = SHOW_LEAKED | SHOW_KEPT | SHOW_WOULD | SHOW_CLEAN;
		return 0;
	}
	return words("show", arg, known, &o->show);
}

static int types(struct trace_opts *o, const char *arg)
{
	const char *known[FDF_TYPES + 1];
	int i;

	for (i = 0; i < FDF_TYPES; i++)
		known[i] = fdf_type_name((enum fdf_type)i);
	known[i] = NULL;
	if (words("type", arg, known, &o->types))
		return -1;
	if (o->types & 1u << FDF_SOCKET)
		o->types |= 1u << FDF_LISTENER; /* as in rules */
	return 0;
}

static int user(struct trace_opts *o, const char *arg)
{
	struct passwd *pw = getpwnam(arg);
	unsigned long long n;

	if (pw) {
		o->uid = (long)pw->pw_uid;
		return 0;
	}
	if (number("uid", arg, 0, 4294967294, &n))
		return -1;
	o->uid = (long)n;
	return 0;
}

static int setting(struct trace_opts *o, const char *option, const char *name, const char *value)
{
	struct fdf_error err = { 0 };

	if (!fdf_settings_set(&o->settings, fdf_str(name), fdf_str(value), &err))
		return 0;
	say("--%s %s: byte %zu: expected %s", option, value, err.pos + 1,
	    err.expected ? err.expected : "something else");
	return -1;
}

static int rules_file(struct trace_opts *o, const char *path)
{
	char *text;

	/* The rules point into the text, which stays until the end. */
	return config_read_file(path, "--rules", &text) ? -1 : setting(o, "rules", "RULES", text);
}

static int take_more(struct trace_opts *o, int id, const char *arg)
{
	unsigned long long n = 0;

	switch (id) {
	case OPT_SHOW:
		return show(o, arg);
	case OPT_UID:
		return user(o, arg);
	case OPT_ACTS:
		o->acts_given = !strcmp(arg, "yes") ? 1 : !strcmp(arg, "no") ? 0 : -1;
		return o->acts_given >= 0 || !strcmp(arg, "auto")
			       ? 0
			       : bad("acts", arg, "yes, no or auto");
	case OPT_TYPE:
		return types(o, arg);
	case OPT_FORMAT_:
		o->json = !strcmp(arg, "json");
		return o->json || !strcmp(arg, "text") ? 0 : bad("format", arg, "text or json");
	case OPT_ROTATE:
		return size_of(arg, &o->rotate);
	case OPT_KEEP_FILES:
		if (number("keep-files", arg, 1, 1000, &n))
			return -1;
		o->keep_files = (unsigned)n;
		return 0;
	case OPT_RING:
		if (number("ring", arg, 1, 1024, &n))
			return -1;
		o->ring_mib = (unsigned)n;
		return n & (n - 1) ? bad("ring", arg, "a power of two") : 0;
	case OPT_MAX_FDS:
		if (number("max-fds", arg, 1, 1 << 20, &n))
			return -1;
		o->max_fds = (unsigned)n;
		return 0;
	case OPT_PID:
		if (number("pid", arg, 1, 4194304, &n))
			return -1;
		o->pid = (pid_t)n;
		return 0;
	case OPT_KEEP:
		return setting(o, "keep", "KEEP", arg);
	case OPT_RULE_:
		return setting(o, "rule", "RULES", arg);
	case OPT_RULES_:
		return rules_file(o, arg);
	default:
		return setting(o, "intent", "INTENT", arg);
	}
}

static int duration(struct trace_opts *o, const char *arg)
{
	char *end;

	o->duration = strtod(arg, &end);
	return *arg && !*end && o->duration > 0 && o->duration < 1e9
		       ? 0
		       : bad("duration", arg, "seconds, more than 0");
}

static int take(struct trace_opts *o, int id, const char *arg)
{
	switch (id) {
	case OPT_CGROUP:
		o->cgroup = arg;
		return 0;
	case OPT_EXE:
		o->exe = arg;
		return 0;
	case OPT_INTO:
		o->into = arg;
		return 0;
	case OPT_COLUMNS:
		o->columns = arg;
		return 0;
	case OPT_FILE:
		o->output = arg;
		return 0;
	case OPT_NO_ARGV:
		o->no_argv = true;
		return 0;
	case OPT_SUMMARY:
		o->summary = true;
		return 0;
	case OPT_SNAPSHOT:
		o->snapshot = true;
		return 0;
	case OPT_KILL:
		o->kill = true;
		return 0;
	case OPT_QUIET_:
		o->quiet = true;
		return 0;
	case OPT_VERBOSE_:
		o->verbose = true;
		return 0;
	case OPT_DURATION:
		return duration(o, arg);
	default:
		return take_more(o, id, arg);
	}
}

static int consistent(const struct trace_opts *o)
{
	if (o->pid && o->cmd)
		return bad("pid", "with a command", "one of the two");
	if (o->summary && (o->show & (SHOW_WOULD | SHOW_CLEAN) || o->json)) {
		say("--summary goes with neither --show would, --show clean nor --format json");
		return -1;
	}
	if (o->rotate && !o->output)
		return bad("rotate", "without --output", "both");
	if (o->snapshot && (o->cmd || o->summary || o->kill)) {
		say("--snapshot goes with neither a command, --summary nor --kill");
		return -1;
	}
	return 0;
}

int trace_options(struct trace_opts *o, int argc, char **argv)
{
	struct option longs[NROWS + 1] = { 0 };
	size_t i;
	int id;

	*o = (struct trace_opts){
		.show = SHOW_LEAKED, .uid = -1, .ring_mib = 8, .max_fds = 4096, .keep_files = 5
	};
	o->acts_given = -1;
	fdf_settings_init(&o->settings);
	for (i = 0; i < NROWS; i++)
		longs[i] = (struct option){ rows[i].name,
					    rows[i].arg ? required_argument : no_argument, NULL,
					    rows[i].id };
	optind = 0;
	while ((id = getopt_long(argc, argv, "+p:o:qvh", longs, NULL)) != -1) {
		if (id == '?') {
			say("trace: fdfence trace --help lists the options");
			return -1;
		}
		if (id == OPT_HELP_) {
			help();
			return 1;
		}
		if (id == OPT_VERSION_) {
			puts("fdfence " FDFENCE_VERSION);
			return 1;
		}
		if (take(o, id, optarg))
			return -1;
	}
	if (o->columns && !strcmp(o->columns, "help")) {
		trace_text_help(stdout);
		return 1;
	}
	o->cmd = optind < argc ? argv + optind : NULL;
	o->acts = o->acts_given < 0 ? o->cmd || o->pid : o->acts_given;
	return consistent(o);
}
