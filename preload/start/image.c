/* image.c: see image.h.  Runs in vfork children and signal handlers. */
#include <link.h>
#include <linux/limits.h>

#include "preload/raw/sys.h"
#include "preload/start/image.h"

#define HEADERS_MOST 65536 /* bytes of program headers */

bool fdf_image_open(struct fdf_image *p, int dirfd, const char *path)
{
	ssize_t n;

	p->file = fdf_program_open(dirfd, path, &p->f->spared);
	if (p->file.fd < 0)
		return false;
	n = sys_pread(p->file.fd, p->head, sizeof p->head, 0);
	p->len = n < 0 ? 0 : (size_t)n;
	for (size_t i = p->len; i < sizeof p->head; i++)
		p->head[i] = 0;
	if (n < 0)
		fdf_image_close(p);
	return n >= 0;
}

void fdf_image_close(struct fdf_image *p)
{
	if (!p->copied)
		fdf_program_close(p->file, &p->f->spared);
	else if (!p->file.lent)
		sys_close(p->file.fd);
}

static bool read_at(const struct fdf_image *p, uint64_t at, void *to, size_t len)
{
	if (at + len > p->len || at + len < at)
		return sys_pread(p->file.fd, to, len, at) == (ssize_t)len;
	for (size_t i = 0; i < len; i++)
		((char *)to)[i] = p->head[at + i];
	return true;
}

bool fdf_image_is_elf(const struct fdf_image *p)
{
	return p->head[0] == 0x7f && p->head[1] == 'E' && p->head[2] == 'L' && p->head[3] == 'F';
}

bool fdf_image_has_headers(const struct fdf_image *p)
{
	const ElfW(Ehdr) *h = (const void *)p->head;
	uint64_t len = (uint64_t)h->e_phnum * sizeof(ElfW(Phdr)), at = h->e_phoff;
	char last;

	return h->e_phentsize == sizeof(ElfW(Phdr)) && len && len <= HEADERS_MOST &&
	       at <= INT64_MAX - len && read_at(p, at + len - 1, &last, 1);
}

bool fdf_image_loader(struct fdf_image *p, const char **loader)
{
	ElfW(Ehdr) h = *(const ElfW(Ehdr) *)p->head;

	*loader = NULL;
	for (int i = 0; i < h.e_phnum; i++) {
		ElfW(Phdr) ph;
		uint64_t at = h.e_phoff + (uint64_t)i * sizeof ph;

		if (!read_at(p, at, &ph.p_type, sizeof ph.p_type))
			return false;
		if (ph.p_type != PT_INTERP)
			continue;
		if (!read_at(p, at, &ph, sizeof ph))
			return false;
		if (ph.p_filesz < 2 || ph.p_filesz > PATH_MAX)
			return false;
		if (ph.p_filesz > sizeof p->head)
			return true;
		if (!read_at(p, ph.p_offset, p->head, ph.p_filesz) || p->head[ph.p_filesz - 1])
			return false;
		*loader = p->head;
		return true;
	}
	return true;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

bool fdf_image_is_own_loader(const char *path)
{
	return same(path, fdf_own_loader());
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

char *fdf_image_interpreter(struct fdf_image *p)
{
	char *line = p->head, *end = line, *name = line + 2, *name_end;

	if (line[0] != '#' || line[1] != '!')
		return NULL;
	while (end < line + FDF_SCRIPT_LINE && *end != '\n')
		end++;
	while (name < end && blank(*name))
		name++;
	if (name == end || !*name)
		return NULL;
	name_end = name;
	while (name_end < end && *name_end && !blank(*name_end))
		name_end++;
	if (name_end == line + FDF_SCRIPT_LINE) /* the name may be cut */
		return NULL;
	*name_end = 0;
	return name;
}
