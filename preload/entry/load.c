/*
 * load.c: the constructor: settings, kept variables, what the image was given.
 *
 * Runs once, in the dynamic loader, before main and before any hook has work.
 * Every program of the tree pays for what stands here: a handful of system calls.
 */
#include <linux/auxvec.h>
#include <poll.h>
#include <stdbool.h>

#include "preload/core/exactly.h"
#include "preload/core/text.h"
#include "preload/entry/forked.h"
#include "preload/fence/handover.h"
#include "preload/fence/line.h"
#include "preload/judge/emit.h"
#include "preload/judge/meant.h"
#include "preload/judge/pair.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/libc.h"
#include "preload/raw/quiet.h"
#include "preload/raw/sys.h"

/* Where nobody makes room for it, it is left out: the host is not held up. */
static void say(const char *text, size_t len)
{
	struct {
		int fd;
		short events, revents;
	} p = { .fd = 2, .events = POLLOUT };
	struct {
		long s, ns;
	} wait = { FDF_EMIT_WAIT_S, 0 };

	if (SYS5(__NR_ppoll, &p, 1, &wait, NULL, 0) > 0 && p.revents & POLLOUT)
		fdf_write_quietly(2, &(struct iovec){ (char *)text, len }, 1);
}

/* "fdfence: FDFENCE_RULES: byte 12: expected a verdict ...; sealing all that was not meant" */
static void complain(struct fdf_fence *f, struct fdf_str name, const struct fdf_error *e)
{
	char buf[320];
	struct fdf_text m = { .p = buf, .end = buf + sizeof buf };

	if (f->told)
		return;
	f->warned = true;
	fdf_puts(&m, "fdfence: ");
	fdf_put(&m, name.s, name.len);
	if (e->line > 1)
		fdf_putf(&m, ": rule %u", e->line);
	if (e->name)
		fdf_putf(&m, ": byte %u", (unsigned)e->pos + 1);
	fdf_putf(&m, ": expected %s; %s\n", e->expected,
		 e->name ? "until that is mended, all that was not meant is sealed" : "ignored");
	say(buf, (size_t)(m.p - buf));
}

#define OVERFLOW_UID 65534 /* /proc/sys/kernel/overflowuid */

static bool starts(const char *s, const char *with)
{
	while (*with && *s == *with)
		s++, with++;
	return !*with;
}

/* Our element of LD_PRELOAD: that whose base name starts with libfdfence.so. */
static struct fdf_str own_element(const char *s)
{
	while (*s) {
		struct fdf_str e = { s, 0 };

		while (e.s[e.len] && e.s[e.len] != ':' && e.s[e.len] != ' ')
			e.len++;
		if (starts(fdf_base(e).s, "libfdfence.so"))
			return e;
		s += e.len + (e.s[e.len] != 0);
	}
	return (struct fdf_str){ 0 };
}

static bool setting(struct fdf_fence *f, const char *var, const char *value, struct fdf_str text)
{
	struct fdf_error e = { 0 };
	struct fdf_str name = { var, (size_t)(value - 1 - var) };

	if (fdf_settings_set(&f->set, name, text, &e) >= 0)
		return true;
	complain(f, (struct fdf_str){ var - 8, name.len + 8 }, &e); /* with its FDFENCE_ */
	return false;
}

/* All of fd as text that stays, with a NUL behind it; it closes fd.  NULL: it cannot be. */
static char *take_file(struct fdf_fence *f, int fd, size_t *len)
{
	char *buf = f->text + f->used_far;
	size_t cap = FDF_TEXT_MAX - f->used_far;
	ssize_t n = fd < 0 ? fd : 0;

	*len = 0;
	while (fd >= 0 && *len < cap && (n = sys_read(fd, buf + *len, cap - *len)) > 0)
		*len += (size_t)n;
	if (fd >= 0)
		sys_close(fd);
	if (n < 0 || *len == cap)
		return NULL;
	buf[*len] = 0;
	f->used_far += *len + 1;
	return buf;
}

/* FDFENCE_RULES_FILE.  False if it cannot be read or does not parse. */
static bool rules_file(struct fdf_fence *f, const char *path)
{
	struct fdf_error e = { .name = "RULES_FILE",
			       .expected = "the path of a readable file of at most 64 KiB" };
	size_t len;
	char *text = take_file(f, sys_open(path, O_RDONLY | O_CLOEXEC), &len);

	if (text &&
	    fdf_settings_set(&f->set, fdf_str("RULES"), (struct fdf_str){ text, len }, &e) == 0)
		return true;
	complain(f, fdf_str("FDFENCE_RULES_FILE"), &e);
	return false;
}

static bool in_environment(const struct fdf_fence *f, struct fdf_str name)
{
	for (int i = 0; i < f->nkept; i++)
		if (starts(f->kept[i], name.s) && f->kept[i][name.len] == '=')
			return true;
	return false;
}

/* Root's, which another user namespace shows as nobody's; and for nobody else to write. */
static bool is_roots(int fd)
{
	struct fdf_stat st;

	return sys_fstat(fd, &st) == 0 && (st.uid == 0 || st.uid == OVERFLOW_UID) &&
	       !(st.mode & 022);
}

/*
 * What `fdfence system reload` has written.  It counts where the machine preloads the shim and no
 * variable does, in secure-execution mode too, and less than the environment: its rules come behind.
 * A program that is kept from the file does not know what was asked for, which may be to seal
 * nothing: it goes on without the fence.
 */
static bool machine(struct fdf_fence *f)
{
	static const struct fdf_error foreign = {
		.name = "", .expected = "a file of root's, as fdfence system reload writes it"
	};
	int fd = sys_open(FDF_MACHINE_SETTINGS, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool ours = fd < 0 || is_roots(fd), good = true;
	size_t len;
	char *at, *end;

	if (fd == -EACCES || fd == -EPERM)
		f->set.off |= !in_environment(f, fdf_str("FDFENCE_MODE"));
	if (fd == -ENOENT || fd == -EACCES || fd == -EPERM)
		return true;
	at = take_file(f, fd, &len);
	if (!at || !ours) {
		complain(f, fdf_str(FDF_MACHINE_SETTINGS), &foreign);
		return false;
	}
	for (end = at + len; at < end; at++) {
		char *var = at, *value;

		while (*at)
			at++;
		for (value = var; *value && *value != '='; value++)
			;
		if (!*value || !starts(var, "FDFENCE_"))
			continue;
		*value = 0;
		if (starts(var, "FDFENCE_RULES") ||
		    !in_environment(f, (struct fdf_str){ var, (size_t)(value - var) }))
			good &= setting(f, var + 8, value + 1, fdf_str(value + 1));
	}
	return good;
}

/* Keep one variable of ours.  False if it is none of ours that is known, or there is no room. */
static bool keep(struct fdf_fence *f, const char *var)
{
	static const struct fdf_error unknown = { .expected =
							  "the name of a setting, see fdfence(1)" };
	static const struct fdf_error large = { .name = "",
						.expected = "less text in all settings together" };
	struct fdf_str name = { var, 0 };
	bool known = starts(var + 8, "RULES_FILE=");
	char *kept;

	while (var[name.len] && var[name.len] != '=')
		name.len++;
	for (int i = 0; !known && fdf_settings_name(i); i++)
		known = fdf_str_eq(fdf_str(fdf_settings_name(i)),
				   (struct fdf_str){ var + 8, name.len - 8 });
	if (!known) {
		complain(f, name, &unknown);
		return true; /* says nothing about the others */
	}
	kept = f->nkept < FDF_KEPT_MAX ? fdf_keep_text(f, fdf_str(var)) : NULL;
	if (kept)
		f->kept[f->nkept++] = kept;
	else
		complain(f, name, &large);
	return kept;
}

static void keep_preload(struct fdf_fence *f, struct fdf_str own)
{
	static const struct fdf_error large = { .expected = "a shorter path of libfdfence.so" };
	char *kept = own.len ? fdf_keep_text(f, own) : NULL;

	if (kept)
		f->preload = (struct fdf_str){ kept, own.len };
	else if (own.len)
		complain(f, fdf_str("LD_PRELOAD"), &large);
}

/*
 * Read what is ours in the environment.  The handover is spoilt, since it is for this image alone;
 * in secure-execution mode all of ours is replaced, so that nothing an attacker wrote is handed on.
 * No variable is taken out: programs look for the auxiliary vector behind the last one, and for
 * strings that lie one behind the other.
 */
static bool environment(struct fdf_fence *f, char **env, bool secure)
{
	static char spoilt[] = FDF_HANDOVER;
	const char *state = NULL, *count = NULL, *pid = NULL;
	bool good = true;

	/* first, so that no setting takes their room */
	for (char **e = env; *e; e++) {
		if (starts(*e, FDF_HANDOVER) && !secure)
			state = *e;
		if (starts(*e, "LD_PRELOAD="))
			keep_preload(f, own_element(*e + 11));
	}
	fdf_handover_read(f, state);
	f->told = f->warned;
	for (; *env; env++) {
		bool ours = starts(*env, "FDFENCE_");

		fdf_before_note(&f->before, *env);
		if (starts(*env, "LISTEN_FDS="))
			count = *env + sizeof "LISTEN_FDS=" - 1;
		else if (starts(*env, "LISTEN_PID="))
			pid = *env + sizeof "LISTEN_PID=" - 1;
		if (ours && secure)
			*env = spoilt;
		else if (starts(*env, FDF_HANDOVER))
			fdf_handover_spoil(*env);
		else if (ours)
			good &= keep(f, *env);
	}
	fdf_given_address(f, (unsigned)fdf_addressed(count, pid, f->pid));
	return good;
}

static void settings(struct fdf_fence *f, bool good)
{
	const char *file = NULL;

	for (int i = 0; i < f->nkept; i++) {
		const char *var = f->kept[i] + sizeof "FDFENCE_" - 1, *value = var;

		while (*value && *value != '=')
			value++;
		if (!*value++)
			continue;
		if (starts(var, "RULES_FILE="))
			file = value;
		else
			good &= setting(f, var, value, fdf_str(value));
	}
	if (file && *file)
		good &= rules_file(f, file);
	if (!f->preload.len)
		good &= machine(f);
	if (!good) { /* never half a policy; the record's way out stays */
		struct fdf_str log = f->set.log, key = f->set.log_key;
		bool all = f->set.log_all;

		fdf_settings_init(&f->set);
		f->set.log = log;
		f->set.log_key = key;
		f->set.log_all = all;
	}
}

/* What belongs to one process alone starts anew in a forked child; it writes nothing in vain. */
void fdf_forked(void)
{
	struct fdf_fence *f = fdf_fence;

	fdf_pair_forked(f, true);
	fdf_sharing_forked(&f->sharing);
	if (f->system_lock || f->in_system)
		f->system_lock = f->in_system = 0;
	if (f->placed_pid)
		fdf_act_forked(f);
	fdf_line_forked(f);
}

void fdf_will_fork(void)
{
	if (fdf_fence->set.off)
		return;
	fdf_exe_before_fork(fdf_fence);
	fdf_line_will_fork(fdf_fence);
}

void fdf_has_forked(void)
{
	fdf_pair_forked(fdf_fence, false);
}

/*
 * Linked with -z initfirst: what the constructors of other libraries open is the program's own, and
 * was not given.  glibc's own environ is not set as early, but its loader passes the environment;
 * musl passes nothing, and has set environ.
 */
__attribute__((constructor)) static void load(int argc, char **argv, char **envp)
{
	struct fdf_fence *f = &fdf_memory;
	static char *none[1];
	char **env = environ ? environ : envp;
	bool good;

	(void)argc;
	(void)argv;
	f->env = env;
	env = env ? env : none;
	fdf_resolve();
	f->glibc = fdf_real.glibc_version != NULL;
	for (const char *v = f->glibc ? fdf_real.glibc_version() + 2 : ""; *v >= '0' && *v <= '9';
	     v++)
		f->glibc_minor = f->glibc_minor * 10 + (unsigned)(*v - '0');
	f->sharing.owner = f->pid = sys_getpid();
	f->line = (struct fdf_line){ .n = 1, .pid = { f->pid } };
	f->pairs.forks = f->pairs.base = 1;
	fdf_settings_init(&f->set);
	good = environment(f, env, fdf_real.getauxval && fdf_real.getauxval(AT_SECURE));
	settings(f, good);
	fdf_fence = f;
	if (fdf_real.register_atfork)
		fdf_real.register_atfork(fdf_will_fork, fdf_has_forked, fdf_forked, NULL);
	else if (fdf_real.atfork)
		fdf_real.atfork(fdf_will_fork, fdf_has_forked, fdf_forked);
	if (f->set.log_all && f->set.log.len && !f->set.off) /* off: its execs are not looked at */
		fdf_emit_start(f);
}
