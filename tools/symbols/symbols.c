/* symbols.c: see symbols.h. */
#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/symbols/symbols.h"

#define IMAGES_MAX 256 /* opened at once; of further ones only name and offset are told */

struct image {
	char *path, *build;
	Dwfl *dwfl; /* NULL: it cannot be read, or is another one by now */
	Dwfl_Module *module;
	uint64_t bias; /* of libdw's addresses over those of the file */
};

struct symbols {
	struct image images[IMAGES_MAX];
	unsigned n;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct symbols *symbols_new(void)
{
	return must_alloc(sizeof(struct symbols));
}

void symbols_free(struct symbols *s)
{
	for (unsigned i = 0; s && i < s->n; i++) {
		dwfl_end(s->images[i].dwfl);
		free(s->images[i].path);
		free(s->images[i].build);
	}
	free(s);
}

static bool is_build(Dwfl_Module *m, const char *build)
{
	const unsigned char *bits;
	GElf_Addr at;
	int n = dwfl_module_build_id(m, &bits, &at);
	char hex[3];

	if (n <= 0 || strlen(build) != 2 * (size_t)n)
		return false;
	for (int i = 0; i < n; i++) {
		snprintf(hex, sizeof(hex), "%02x", bits[i]);
		if (memcmp(hex, build + 2 * i, 2) != 0)
			return false;
	}
	return true;
}

static void open_image(struct image *m)
{
	struct stat st;
	GElf_Addr bias;

	/* The name is that of a record, which may be anybody's: a FIFO would be waited for. */
	m->dwfl = stat(m->path, &st) || !S_ISREG(st.st_mode) ? NULL : dwfl_begin(&callbacks);
	if (!m->dwfl)
		return;
	m->module = dwfl_report_offline(m->dwfl, m->path, m->path, -1);
	dwfl_report_end(m->dwfl, NULL, NULL);
	if (m->module && dwfl_module_getelf(m->module, &bias) && is_build(m->module, m->build)) {
		m->bias = bias;
		return;
	}
	dwfl_end(m->dwfl);
	m->dwfl = NULL;
}

static struct image *image_of(struct symbols *s, const char *path, const char *build)
{
	struct image *m;

	for (unsigned i = 0; i < s->n; i++)
		if (!strcmp(s->images[i].path, path) && !strcmp(s->images[i].build, build))
			return &s->images[i];
	if (s->n == IMAGES_MAX)
		return NULL;
	m = &s->images[s->n++];
	m->path = must_dup(path);
	m->build = must_dup(build);
	open_image(m);
	return m;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

char *symbols_place(struct symbols *s, const char *path, const char *build, uint64_t at,
		    char **function)
{
	struct image *m = image_of(s, path, build);
	Dwarf_Addr pc = m && m->dwfl ? at - 1 + m->bias : 0; /* the call, not what follows it */
	GElf_Off off = 0;
	GElf_Sym sym;
	const char *name =
		pc ? dwfl_module_addrinfo(m->module, pc, &off, &sym, NULL, NULL, NULL) : NULL;
	Dwfl_Line *line = pc ? dwfl_module_getsrc(m->module, pc) : NULL;
	int number = 0;
	const char *file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;

	*function = must_dup(name ? name : "");
	if (file)
		return name ? must_printf("%s:%d (%s)", file, number, name)
			    : must_printf("%s:%d", file, number);
	if (name)
		return must_printf("%s+0x%llx", name, (unsigned long long)off + 1);
	return must_printf("%s+0x%llx", base_of(path), (unsigned long long)at);
}
