/* tell.c: fdfence_origin() of origin.h: a slot of the table as JSON. */
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "preload/core/record.h"
#include "preload/core/text.h"
#include "preload/origins/hooks.h"
#include "preload/origins/origin.h"
#include "preload/origins/table.h"

#define MODULES	   12 /* distinct ones of a stack; frames of others are addresses */
#define MODULE_OUT 160

struct modules {
	struct link_map *map[MODULES];
	const void *start[MODULES];
	unsigned n;
	bool stays; /* only those that cannot be unloaded are sure */
};

/*
 * The program was started with the loader and those before it in the loader's list, and they stay.  Behind it
 * are others of the start, but also what constructors that ran before ours have loaded, which may go.
 */
static const struct link_map *loader;

void tell_open(void)
{
	void *of_loader = dlsym(RTLD_DEFAULT, "_dl_find_object");
	struct dl_find_object found;

	if (of_loader && !_dl_find_object(of_loader, &found))
		loader = found.dlfo_link_map;
}

static bool is_of_start(const struct link_map *map)
{
	const struct link_map *at = loader;

	while (at && at != map)
		at = at->l_prev;
	return at;
}

/* Which module holds the address; *off: where, as its own file counts.  MODULES: none. */
static unsigned module_of(struct modules *m, uintptr_t pc, uintptr_t *off)
{
	struct dl_find_object found;
	unsigned i;

	if (_dl_find_object((void *)(pc - 1), &found) || !found.dlfo_link_map ||
	    (m->stays && !is_of_start(found.dlfo_link_map)))
		return MODULES;
	for (i = 0; i < m->n && m->map[i] != found.dlfo_link_map; i++)
		;
	if (i == MODULES)
		return MODULES;
	if (i == m->n) {
		m->map[i] = found.dlfo_link_map;
		m->start[i] = found.dlfo_map_start;
		m->n++;
	}
	*off = pc - found.dlfo_link_map->l_addr;
	return i;
}

/* "2+1a40": the module's place in "modules", and where in it; "?+7f..": in none. */
static void put_stack(struct fdf_text *t, const char *name, const uintptr_t *pc, unsigned n,
		      struct modules *m)
{
	fdf_putf(t, ",\"%s\":[", name);
	for (unsigned i = 0; i < n; i++) {
		uintptr_t off = pc[i];
		unsigned at = module_of(m, pc[i], &off);

		fdf_puts(t, i ? ",\"" : "\"");
		if (at < MODULES)
			fdf_putf(t, "%u+", at);
		else
			fdf_puts(t, "?+");
		for (int shift = 44; shift >= 0; shift -= 4)
			if (off >> shift || !shift)
				fdf_putf(t, "%x", (unsigned)(off >> shift) & 15);
		fdf_putc(t, '"');
	}
	fdf_putc(t, ']');
}

/* The build id in the notes of a mapped image, whose first page has its headers; len 0: none. */
static struct fdf_str build_id(const void *start, const struct link_map *map)
{
	const ElfW(Ehdr) *eh = start;
	const ElfW(Phdr) * ph;

	if (memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0 ||
	    eh->e_phoff + eh->e_phnum * sizeof(*ph) > 4096)
		return (struct fdf_str){ 0 };
	ph = (const void *)((const char *)start + eh->e_phoff);
	for (unsigned i = 0; i < eh->e_phnum; i++) {
		const char *at = (const char *)map->l_addr + ph[i].p_vaddr;
		const char *last = at + ph[i].p_filesz;

		if (ph[i].p_type != PT_NOTE)
			continue;
		while (last - at >= (ptrdiff_t)sizeof(ElfW(Nhdr))) {
			const ElfW(Nhdr) *n = (const void *)at;
			size_t name = (n->n_namesz + 3) & ~3U, desc = (n->n_descsz + 3) & ~3U;

			at += sizeof(*n);
			if (name + desc > (size_t)(last - at))
				break;
			if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4 && n->n_descsz <= 32)
				return (struct fdf_str){ at + name, n->n_descsz };
			at += name + desc;
		}
	}
	return (struct fdf_str){ 0 };
}

static void put_modules(struct fdf_text *t, const struct modules *m)
{
	char exe[MODULE_OUT];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe));

	fdf_puts(t, ",\"modules\":[");
	for (unsigned i = 0; i < m->n; i++) {
		const char *name = m->map[i]->l_name;

		fdf_puts(t, i ? ",\"" : "\"");
		fdf_putesc(t,
			   *name ? fdf_str(name) : (struct fdf_str){ exe, n > 0 ? (size_t)n : 0 },
			   MODULE_OUT);
		fdf_putc(t, '"');
	}
	fdf_puts(t, "],\"builds\":[");
	for (unsigned i = 0; i < m->n; i++) {
		struct fdf_str id = build_id(m->start[i], m->map[i]);

		fdf_puts(t, i ? ",\"" : "\"");
		fdf_puthex(t, (const unsigned char *)id.s, id.len);
		fdf_putc(t, '"');
	}
	fdf_putc(t, ']');
}

static void put(struct fdf_text *t, const struct origin *o)
{
	struct modules m = { .stays = table_is_of_before(o) };

	fdf_putf(t, "{\"call\":\"%s\",\"pid\":%u,\"tid\":%u", o->call, o->pid, o->tid);
	fdf_record_time(t, o->time_s, o->time_ns);
	if (o->script.file[0]) {
		fdf_putmember(t, "script", fdf_str(o->script.file), SCRIPT_FILE);
		fdf_putnumber(t, "line", o->script.line);
	}
	if (o->sender.pid) {
		fdf_putf(t, ",\"sender\":{\"pid\":%u,\"by\":\"%s\"", o->sender.pid,
			 o->sender.is_peer ? "peer" : "message");
		if (o->sender.exe[0])
			fdf_putmember(t, "exe", fdf_str(o->sender.exe), SENDER_EXE);
		fdf_putc(t, '}');
	}
	if (o->relay)
		fdf_putf(t, ",\"relay\":\"%s\",\"from\":%u,\"hops\":%u", o->relay, o->from,
			 o->hops);
	put_stack(t, "stack", o->frames, o->nframes, &m);
	if (o->relay)
		put_stack(t, "relayed", o->relayed, o->nrelayed, &m);
	put_modules(t, &m);
	fdf_putc(t, '}');
}

size_t fdfence_origin(int fd, char *to, size_t cap)
{
	struct fdf_text t = { .p = to, .end = to + cap };
	struct origin o;

	switch (table_look(fd, &o)) {
	case TABLE_KNOWN:
		put(&t, &o);
		break;
	case TABLE_EVICTED:
		fdf_puts(&t, "{\"evicted\":true}");
		break;
	default:
		return 0;
	}
	return t.full ? 0 : (size_t)(t.p - to);
}
