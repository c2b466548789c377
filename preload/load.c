/*
 * load.c: the constructor: settings, kept variables, what the image was given.
 *
 * Runs once, in the dynamic loader, before main and before any hook has work.
 * The only place that may resolve symbols.  Every program of the tree pays for
 * what stands here: a handful of system calls.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <sys/auxv.h>

#include "emit.h"
#include "fdtab.h"
#include "fence.h"
#include "core/text.h"
#include "handover.h"

struct fdf_fence *fdf_fence;

extern const char *gnu_get_libc_version(void) __attribute__((weak));
extern unsigned long getauxval(unsigned long) __attribute__((weak));
extern void *dlsym(void *restrict, const char *restrict) __attribute__((weak));

void *fdf_next(const char *name)
{
	return dlsym ? dlsym(RTLD_NEXT, name) : NULL;
}

static void resolve(void)
{
	void *real = fdf_next("syscall");

	if (real)
		fdf_real.syscall = real;
	fdf_real.clone = fdf_next("clone");
	fdf_real.fcntl = fdf_next("fcntl");
	fdf_real.fcntl64 = fdf_next("fcntl64");
	fdf_real.ioctl = fdf_next("ioctl");
	fdf_real.close = fdf_next("close");
	fdf_real.fclose = fdf_next("fclose");
	fdf_real.fdopen = fdf_next("fdopen");
}

/* "fdfence: FDFENCE_RULES: byte 12: expected a verdict ...; sealing all that was not meant" */
static void complain(struct fdf_fence *f, struct fdf_str name, const struct fdf_error *e)
{
	char buf[320];
	struct fdf_text m = { buf, buf + sizeof buf, false };

	if (f->warned)
		return;
	f->warned = true;
	fdf_puts(&m, "fdfence: ");
	fdf_put(&m, name.s, name.len);
	if (e->line > 1)
		fdf_putf(&m, ": rule %u", e->line);
	fdf_putf(&m,
		 ": byte %u: expected %s; until that is mended, all that was not meant is sealed\n",
		 (unsigned)e->pos + 1, e->expected);
	sys_write(2, buf, (size_t)(m.p - buf));
}

/* Copy a string into the fence's own memory; NULL when it is full. */
static char *keep_text(struct fdf_fence *f, size_t *used, struct fdf_str s)
{
	char *to = f->text + *used;

	if (s.len + 1 > FDF_TEXT_MAX - *used)
		return NULL;
	for (size_t i = 0; i < s.len; i++)
		to[i] = s.s[i];
	*used += s.len + 1; /* the memory is fresh: the NUL is there */
	return to;
}

static bool starts(const char *s, const char *with)
{
	while (*with && *s == *with)
		s++, with++;
	return !*with;
}

/* Our element of LD_PRELOAD, however it is spelt. */
static struct fdf_str own_element(const char *s)
{
	while (*s) {
		const char *from = s;
		bool own = false;

		for (; *s && *s != ':' && *s != ' '; s++)
			own |= starts(s, "libfdfence");
		if (own)
			return (struct fdf_str){ from, (size_t)(s - from) };
		if (*s)
			s++;
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

/* FDFENCE_RULES_FILE.  False if it cannot be read or does not parse. */
static bool rules_file(struct fdf_fence *f, size_t *used, const char *path)
{
	struct fdf_error e = { .expected = "the path of a readable file of at most 64 KiB" };
	char *buf = f->text + *used;
	size_t cap = FDF_TEXT_MAX - *used, len = 0;
	int fd = sys_open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? fd : 0;

	while (fd >= 0 && len < cap && (n = sys_read(fd, buf + len, cap - len)) > 0)
		len += (size_t)n;
	if (fd >= 0)
		sys_close(fd);
	if (n >= 0 && len < cap) {
		*used += len;
		if (fdf_settings_set(&f->set, fdf_str("RULES"), (struct fdf_str){ buf, len }, &e) ==
		    0)
			return true;
	}
	complain(f, fdf_str("FDFENCE_RULES_FILE"), &e);
	return false;
}

static void settings(struct fdf_fence *f, char **env)
{
	const char *state = NULL, *file = NULL;
	size_t used = 0;
	bool good = true;

	fdf_settings_init(&f->set);
	for (; *env; env++) {
		if (starts(*env, "LD_PRELOAD=")) {
			struct fdf_str own = own_element(*env + 11);

			if (own.len)
				f->preload = (struct fdf_str){ keep_text(f, &used, own), own.len };
		}
		if (!starts(*env, "FDFENCE_"))
			continue;
		if (starts(*env, FDF_HANDOVER)) {
			state = *env;
			continue;
		}
		char *kept = f->nkept < FDF_KEPT_MAX ? keep_text(f, &used, fdf_str(*env)) : NULL;
		if (kept)
			f->kept[f->nkept++] = kept;
	}
	fdf_handover_read(f, state);
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
		good &= rules_file(f, &used, file);
	if (!good) { /* never half a policy; the record's way out stays */
		struct fdf_str log = f->set.log;
		bool all = f->set.log_all;

		fdf_settings_init(&f->set);
		f->set.log = log;
		f->set.log_all = all;
	}
}

__attribute__((constructor)) static void load(void)
{
	size_t len = (sizeof(struct fdf_fence) + 4095) & ~4095UL;
	struct fdf_fence *f = sys_mmap_anon(len + 4096);
	static char *none[1];
	char **env = environ ? environ : none;
	ssize_t n;

	if (!f)
		return;
	resolve();
	f->glibc = gnu_get_libc_version != NULL;
	f->wipe = (struct fdf_wipe *)((char *)f + len);
	SYS3(__NR_madvise, f->wipe, 4096, 18 /* MADV_WIPEONFORK */);
	f->wipe->pid = f->pid = sys_getpid();
	if (getauxval && getauxval(AT_SECURE))
		env = none;
	settings(f, env);
	n = sys_readlink("/proc/self/exe", f->scratch, 4096);
	if (n > 0 && n < 4096) {
		char *end = f->text + FDF_TEXT_MAX - n;

		for (ssize_t i = 0; i < n; i++)
			end[i] = f->scratch[i];
		f->exe = (struct fdf_str){ end, (size_t)n };
	} else if (getauxval && getauxval(AT_EXECFN)) {
		f->exe = fdf_str((const char *)getauxval(AT_EXECFN));
	}
	fdf_fence = f;
	if (f->set.log_all && f->set.log.len)
		fdf_emit_start(f);
}
