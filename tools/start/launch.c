/*
 * launch.c: what run, check and explain do alike before CMD takes over.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/inputs.h"
#include "tools/options/config.h"
#include "tools/start/launch.h"
#include "tools/start/own.h"
#include "tools/base/paths.h"
#include "tools/proc/mounted.h"
#include "tools/proc/sanitizer.h"

/* ld.so(8): entries are separated by spaces or colons, and there is no escape. */
static int preload(const char *shim)
{
	const char *old = getenv("LD_PRELOAD");
	char *both;
	size_t n = strlen(shim);
	const char *at;

	if (strpbrk(shim, ": \t")) {
		say("%s: a path with ':' or white space cannot be preloaded", shim);
		return -1;
	}
	for (at = old; at && (at = strstr(at, shim)); at += n)
		if ((at == old || strchr(": ", at[-1])) && (!at[n] || strchr(": ", at[n])))
			return 0;
	both = old && *old ? must_printf("%s:%s", old, shim) : must_dup(shim);
	setenv("LD_PRELOAD", both, 1);
	free(both);
	return 0;
}

/* Its own message names no option, and comes when it has started. */
static bool refuses_behind(const char *path)
{
	const char *options = getenv("ASAN_OPTIONS");
	int more = options && *options;

	if (!sanitizer_refuses(path, getenv("LD_PRELOAD"), options))
		return false;
	say("%s is built with gcc's address sanitizer, which starts behind another library only if "
	    "it is told to: set ASAN_OPTIONS=%s%sverify_asan_link_order=0",
	    path, more ? options : "", more ? ":" : "");
	return true;
}

/* In front of the shim, so that it sees what the shim opens for the program, as for popen(3). */
static int preload_origins(void)
{
	char *path = paths_origins();
	int r;

	if (!path) {
		say("--origins: libfdfence-origins.so is not there, where libfdfence.so is");
		return -1;
	}
	r = preload(path);
	free(path);
	return r;
}

/* shim: NULL, nothing is preloaded. */
static void tell_start(const struct config *c, const char *shim)
{
	char line[512];
	size_t n = 0;
	int i;

	for (i = 0; fdf_settings_name(i); i++) {
		char *name = must_printf("FDFENCE_%s", fdf_settings_name(i));
		const char *own = config_get(c, name + 8), *value = own ? own : getenv(name);

		if (value && n < sizeof(line) && !strcmp(name + 8, "RULES"))
			n += (size_t)snprintf(line + n, sizeof(line) - n, " %s=(%d rules)",
					      name + 8, c->settings.policy.nrules);
		else if (value && n < sizeof(line) && strcmp(name + 8, "LOG_KEY") != 0 &&
			 strcmp(name + 8, "COOKIE") != 0)
			n += (size_t)snprintf(line + n, sizeof(line) - n, " %s=%s", name + 8,
					      value);
		free(name);
	}
	say("%s%s%s%s%s", c->supervise ? "supervisor" : "", c->supervise && shim ? ", " : "",
	    shim ? "shim " : "", shim ? shim : "", n ? line : ", default settings");
}

/* Who asks for it gets it, or hears why not; a variable may be somebody else's. */
static void tell_unclamped(const struct config *c)
{
	const char *preloaded = getenv("LD_PRELOAD");

	if (c->settings.clamp && !c->quiet && !(preloaded && strstr(preloaded, "libfdfence.so")))
		say("FDFENCE_CLAMP does nothing here: --supervise does not preload the library, "
		    "--supervise=auto does");
}

int launch_prepare(struct config *c, char **cmd)
{
	enum image_kind kind;
	char *shim;

	if (c->origins && c->supervise == SUPERVISE_ALL) {
		say("--origins needs the library in the programs: --supervise=auto, or without");
		return EXIT_OWN;
	}
	/* A supervisor knows its callers by their numbers, and asks /proc about them. */
	if (c->supervise && !c->settings.off && mounted_check())
		return EXIT_OWN;
	shim = c->supervise == SUPERVISE_ALL ? NULL : paths_shim();
	if (!shim && c->supervise != SUPERVISE_ALL) {
		say("libfdfence.so is neither beside %s nor in ../lib/fdfence, ../lib64/fdfence or "
		    "../lib/" MULTIARCH "/fdfence, seen from there",
		    paths_self());
		return EXIT_OWN;
	}
	inputs_add_program(cmd[0]);
	c->cmd_path = paths_find(cmd[0]);
	if (!c->cmd_path) {
		free(shim);
		return launch_failed(cmd[0], errno);
	}
	if (!shim) { /* the supervisor needs neither the library nor settings below it */
		tell_unclamped(c);
		if (config_get(c, "COOKIE")) /* but a library may be there, and then obeys them */
			config_export(c);
		if (c->verbose)
			tell_start(c, NULL);
		return 0;
	}
	kind = paths_image(c->cmd_path, geteuid(), getegid());
	if (!c->quiet && !c->supervise && !c->joins && kind != IMAGE_COVERED &&
	    kind != IMAGE_UNKNOWN)
		say("%s is %s: the fence does not reach it", c->cmd_path, image_kind_name(kind));
	if (refuses_behind(c->cmd_path)) {
		free(shim);
		return EXIT_NOEXEC;
	}
	config_export(c);
	if ((c->origins && preload_origins()) || preload(shim)) {
		free(shim);
		return EXIT_OWN;
	}
	if (c->verbose)
		tell_start(c, shim);
	free(shim);
	return 0;
}

int launch_exec(const struct config *c, char **cmd)
{
	if (!c->inherit && !c->settings.off)
		own_judge(c, cmd);
	execvp(cmd[0], cmd);
	return errno;
}

int launch_become(void *ctx)
{
	struct launch *l = ctx;

	return launch_exec(l->config, l->cmd);
}

int launch_failed(const char *cmd, int err)
{
	say("%s: %s", cmd, err == ENOENT ? "command not found" : strerror(err));
	return err == ENOENT ? EXIT_NOTFOUND : EXIT_NOEXEC;
}
