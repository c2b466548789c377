/*
 * trial.c: programs of every kind that the system has, started with the library.
 *
 *	ok       /bin/sh: what it starts is sealed
 *	ok       /usr/bin/[: loads the library (/lib64/ld-linux-x86-64.so.2)
 *	ok       /usr/bin/su --version, as user 65534
 *	skipped  /usr/bin/sudo -V: not there
 *	skipped  programs of /lib/ld-musl-x86_64.so.1: it reads no /etc/ld.so.preload
 *	FAILED   /usr/bin/systemctl --version: killed by signal 7 (Bus error)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/system/loaders.h"
#include "tools/system/owned.h"
#include "tools/system/trial.h"

#define NOBODY 65534
#define SHELL  "/bin/sh"

struct stage {
	const struct ground *ground;
	enum ground_how how;
	unsigned failed;
};

static void tell(const char *verdict, const char *what, const char *why)
{
	char *text = must_printf("%s%s%.200s", what, why ? ": " : "", why ? why : "");
	char *line;

	text[strcspn(text, "\n")] = '\0';
	line = shown(text);
	printf("%-8s %s\n", verdict, line);
	free(line);
	free(text);
}

static void failed(struct stage *s, const char *what, const char *why)
{
	tell("FAILED", what, why);
	s->failed++;
}

/* How it ended and what it said of that.  The caller frees. */
static char *story(const struct ground_end *end)
{
	const char *more = *end->err ? ": " : "";

	if (WIFSIGNALED(end->status))
		return must_printf("killed by signal %d (%s)%s%s", WTERMSIG(end->status),
				   strsignal(WTERMSIG(end->status)), more, end->err);
	return must_printf("status %d%s%s", WEXITSTATUS(end->status), more, end->err);
}

/* The line in which ld.so says that it does not load our library, or NULL.  Others that
 * /etc/ld.so.preload names may be broken, too. */
static const char *complaint(const struct ground_end *end)
{
	const char *at = strstr(end->err, "/libfdfence.so' from ");

	while (at && at > end->err && at[-1] != '\n')
		at--;
	return at;
}

/* NULL, or what the library changed.  The caller frees. */
static char *difference(const struct ground_end *without, const struct ground_end *with)
{
	if (with->status != without->status)
		return story(with);
	if (complaint(with))
		return must_dup(complaint(with));
	return strcmp(with->out, without->out) ? must_dup("it writes something else") : NULL;
}

/* Without the library and with it: the same. */
static void same(struct stage *s, const char *what, const struct ground_program *p)
{
	struct ground_end without, with;
	char *why;

	if (access(p->argv[0], X_OK)) {
		tell("skipped", what, "not there");
		return;
	}
	ground_start(s->ground, GROUND_PLAIN, p, &without);
	if (!ground_ended_well(&without)) {
		why = story(&without);
		tell("skipped", what, why);
	} else {
		ground_start(s->ground, s->how, p, &with);
		why = difference(&without, &with);
		if (why)
			failed(s, what, why);
		else
			tell("ok", what, NULL);
		ground_end_free(&with);
	}
	free(why);
	ground_end_free(&without);
}

/*
 * The fence at work: what a shell has opened does not get into what it starts.  There may be no
 * /dev in this root.
 */
static void sealed(struct stage *s)
{
	static const char script[] = "exec 9</bin/sh; if /bin/sh -c ': <&9' 2>&-; "
				     "then echo leaked; else echo sealed; fi";
	struct ground_program p = {
		.argv = (const char *[]){ SHELL, "-c", script, NULL },
		/* Whatever the machine's are: those of the environment go before. */
		.settings = (const char *[]){ "FDFENCE_MODE=seal", "FDFENCE_INTENT=none",
					      "FDFENCE_RULES=seal fd=9", NULL },
	};
	struct ground_end end;
	char *why;

	ground_start(s->ground, s->how, &p, &end);
	why = complaint(&end) ? must_dup(complaint(&end)) : story(&end);
	if (!ground_ended_well(&end) || complaint(&end))
		failed(s, "/bin/sh", why);
	else if (strcmp(end.out, "sealed\n") != 0)
		failed(s, "/bin/sh", "what it starts is not sealed");
	else
		tell("ok", "/bin/sh: what it starts is sealed", NULL);
	free(why);
	ground_end_free(&end);
}

/* A program of any kind may do anything: its loader tells what it would load, as ldd(1) has it. */
static void loads(struct stage *s, const struct loader *l)
{
	struct ground_program p = {
		.argv = (const char *[]){ l->program, NULL },
		.settings = (const char *[]){ "LD_TRACE_LOADED_OBJECTS=1", NULL },
	};
	char *what = must_printf("%s: loads the library (%s)", l->program, l->path);
	struct ground_end end;
	char *why = NULL;

	ground_start(s->ground, GROUND_PLAIN, &p, &end);
	if (!ground_ended_well(&end)) { /* this kernel runs no programs of 32 bits, say */
		why = story(&end);
		tell("skipped", what, why);
	} else {
		ground_end_free(&end);
		ground_start(s->ground, s->how, &p, &end);
		why = complaint(&end) ? must_dup(complaint(&end)) : story(&end);
		if (!ground_ended_well(&end) || !strstr(end.out, "/libfdfence.so"))
			failed(s, what, why);
		else
			tell("ok", what, NULL);
	}
	free(why);
	free(what);
	ground_end_free(&end);
}

static void each_loader(struct stage *s)
{
	struct loader found[LOADERS_MAX];
	size_t n = loaders_find(found), i;
	char *what;

	for (i = 0; i < n; i++) {
		what = must_printf("programs of %s", found[i].path);
		if (!found[i].is_glibc)
			tell("skipped", what,
			     "it reads no /etc/ld.so.preload: they run without the fence");
		else if (!found[i].program)
			tell("skipped", what,
			     "not tried: others than root can change it, or each of them");
		else
			loads(s, &found[i]);
		free(what);
	}
	loaders_free(found, n);
}

/* In secure-execution mode only the file counts, and no variable. */
static void as_nobody(struct stage *s, const char *what, const char *const argv[])
{
	char *name = must_printf("%s, as user %d", what, NOBODY);

	if (s->how == GROUND_PLACE)
		same(s, name, &(struct ground_program){ .argv = argv, .uid = NOBODY });
	free(name);
}

/* May /etc be overlaid here? */
static enum ground_how way(const struct ground *g, const char *rescue)
{
	struct ground_program p = { .argv = (const char *[]){ rescue, "--version", NULL } };
	struct ground_end end;
	enum ground_how how = GROUND_PLACE;

	ground_start(g, GROUND_PLACE, &p, &end);
	if (WIFEXITED(end.status) && WEXITSTATUS(end.status) == EXIT_OWN) {
		tell("skipped", "set-user-ID programs, which ignore LD_PRELOAD", end.err);
		how = GROUND_VARIABLE;
	}
	ground_end_free(&end);
	return how;
}

/* All of this is started as root: none is if somebody else has put something in its place. */
static int owned_each(const char *const programs[])
{
	int r = 0;

	for (; *programs; programs++)
		if (!access(*programs, F_OK) && owned_by_root(*programs))
			r = -1;
	return r;
}

int trial(const struct ground *g, const char *rescue)
{
	const char *const systemctl[] = { "/usr/bin/systemctl", "--version", NULL };
	const char *const sudo[] = { "/usr/bin/sudo", "-V", NULL };
	const char *const su[] = { "/usr/bin/su", "--version", NULL };
	const char *const helper[] = { rescue, "--version", NULL };
	struct stage s = { .ground = g };
	char *what;

	if (owned_each((const char *[]){ SHELL, systemctl[0], sudo[0], su[0], NULL }))
		return -1;
	s.how = way(g, rescue);
	what = must_printf("%s: static, ends all this", rescue);
	same(&s, what, &(struct ground_program){ .argv = helper });
	sealed(&s);
	each_loader(&s);
	same(&s, "/usr/bin/systemctl --version", &(struct ground_program){ .argv = systemctl });
	same(&s, "/usr/bin/sudo -V", &(struct ground_program){ .argv = sudo });
	as_nobody(&s, "/usr/bin/sudo -V", sudo);
	as_nobody(&s, "/usr/bin/su --version", su);
	free(what);
	if (s.failed)
		say("%u of the programs above do not go with the library", s.failed);
	return s.failed ? -1 : 0;
}
