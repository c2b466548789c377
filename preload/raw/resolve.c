/*
 * resolve.c: fdf_resolve() of libc.h: for each name what
 * dlsym(RTLD_NEXT) says, found in one walk over the objects behind this one.
 *
 * Runs at load, before any hook has work.  dlsym() takes several times as long
 * for each name, in every program that starts; it is asked for what is not found
 * here, unless few programs call that (FDF_REAL): musl shows no list of objects, and an object may have another table of
 * names.  Facts: <link.h>, and the GNU hash table as binutils writes it.
 */
#include <link.h>

#include "preload/raw/arch/arch.h"
#include "preload/raw/libc.h"

extern FDF_LIBC struct r_debug _r_debug; /* glibc's loader has it, for debuggers */
extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));
extern FDF_LIBC void *dlsym(void *restrict, const char *restrict);

void *fdf_libc_next(const char *name)
{
	return dlsym ? dlsym((void *)-1L /* RTLD_NEXT */, name) : NULL;
}

static const struct {
	char name[22];
	uint16_t at;
	bool rare; /* few programs call it: not worth a dlsym() in each */
} wanted[] = {
#define WANT(name, member, rare)                              \
	{                                                     \
		name, offsetof(struct fdf_real, member), rare \
	}
	WANT("syscall", syscall, false),
	WANT("vfork", vfork, false),
	WANT("_Fork", fork, false),
	WANT("clone", clone, false),
	WANT("fcntl", fcntl, false),
	WANT("ioctl", ioctl, false),
	WANT("close", close, false),
	WANT("dup2", dup2, false),
	WANT("dup3", dup3, false),
	WANT("fclose", fclose, false),
	WANT("fdopen", fdopen, false),
	WANT("fileno", fileno, false),
	WANT("waitpid", waitpid, false),
	WANT("getauxval", getauxval, false),
	WANT("sysconf", sysconf, false),
	WANT("gnu_get_libc_version", glibc_version, false),
	WANT("__register_atfork", register_atfork, false),
	WANT("_pthread_cleanup_push", cleanup_push, false),
	WANT("_pthread_cleanup_pop", cleanup_pop, false),
	WANT("pthread_testcancel", testcancel, false),
	WANT("closefrom", closefrom, true),
	WANT("posix_spawn", posix_spawn, true),
	WANT("posix_spawnp", posix_spawnp, true),
	WANT("pidfd_spawn", pidfd_spawn, true),
	WANT("pidfd_spawnp", pidfd_spawnp, true),
	WANT("popen", popen, true),
	WANT("pclose", pclose, true),
	WANT("system", system, true),
	WANT("wordexp", wordexp, true),
	WANT("ulimit", ulimit, true),
#if FDF_TWO_FCNTLS
	WANT("fcntl64", fcntl64, false),
#endif
};
#define WANTED (sizeof wanted / sizeof *wanted)
_Static_assert(sizeof(struct fdf_real) <= UINT16_MAX, "wanted[].at");

struct object {
	const uint32_t *hash; /* the GNU hash table */
	const ElfW(Sym) * sym;
	const char *names;
	const ElfW(Half) * versions;
	uintptr_t base;
};

static bool read_object(const struct link_map *m, struct object *o)
{
	*o = (struct object){ .base = m->l_addr };
	for (const ElfW(Dyn) *d = m->l_ld; d->d_tag != DT_NULL; d++) {
		/* glibc has added the base already, but not where the table is read-only */
		uintptr_t at =
			d->d_un.d_ptr < m->l_addr ? d->d_un.d_ptr + m->l_addr : d->d_un.d_ptr;

		if (d->d_tag == DT_GNU_HASH)
			o->hash = (const uint32_t *)at;
		else if (d->d_tag == DT_SYMTAB)
			o->sym = (const ElfW(Sym) *)at;
		else if (d->d_tag == DT_STRTAB)
			o->names = (const char *)at;
		else if (d->d_tag == DT_VERSYM)
			o->versions = (const ElfW(Half) *)at;
	}
	return o->hash && o->sym && o->names;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static uint32_t gnu_hash(const char *s)
{
	uint32_t h = 5381;

	while (*s)
		h = h * 33 + (unsigned char)*s++;
	return h;
}

/* The function of that name, in the version that is the default; NULL if there is none. */
static void *function(const struct object *o, const char *name, uint32_t h)
{
	uint32_t buckets = o->hash[0], first = o->hash[1], words = o->hash[2], shift = o->hash[3];
	const ElfW(Addr) *bloom = (const ElfW(Addr) *)(o->hash + 4);
	const uint32_t *bucket = (const uint32_t *)(bloom + words), *chain = bucket + buckets;
	unsigned bits = 8 * sizeof *bloom;
	ElfW(Addr) word = bloom[h / bits % words];
	uint32_t i;

	if (!((word >> (h % bits)) & (word >> ((h >> shift) % bits)) & 1))
		return NULL;
	i = bucket[h % buckets];
	for (uint32_t c = 0; i >= first && !(c & 1); i++) {
		const ElfW(Sym) *s = &o->sym[i];

		c = chain[i - first];
		if ((c | 1) == (h | 1) && s->st_shndx && ELF32_ST_TYPE(s->st_info) == STT_FUNC &&
		    !(o->versions && o->versions[i] & 0x8000) && same(o->names + s->st_name, name))
			return (void *)(o->base + s->st_value);
	}
	return NULL;
}

static bool take(size_t i, void *found)
{
	if (found)
		*(void **)((char *)&fdf_real + wanted[i].at) = found;
	return found;
}

void fdf_resolve(void)
{
	const struct link_map *m = &_r_debug ? _r_debug.r_map : NULL;
	uint32_t hash[WANTED];
	unsigned left = 0; /* of those that the walk goes on for */
	struct object o;

	for (size_t i = 0; i < WANTED; i++) {
		hash[i] = gnu_hash(wanted[i].name);
		left += !wanted[i].rare;
	}
	while (m && m->l_ld != _DYNAMIC)
		m = m->l_next;
	for (m = m ? m->l_next : NULL; m && left; m = m->l_next) {
		if (!read_object(m, &o))
			continue;
		for (size_t i = 0; i < WANTED; i++)
			if (hash[i] && take(i, function(&o, wanted[i].name, hash[i]))) {
				hash[i] = 0;
				left -= !wanted[i].rare;
			}
	}
	for (size_t i = 0; left && i < WANTED; i++)
		if (hash[i] && !wanted[i].rare)
			take(i, fdf_libc_next(wanted[i].name));
	if (!fdf_real.register_atfork)
		fdf_real.atfork = fdf_libc_next("pthread_atfork");
}
