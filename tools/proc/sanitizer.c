/*
 * sanitizer.c: see sanitizer.h.  Reads a foreign file: every offset is checked against its size.
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/proc/sanitizer.h"

#define RUNTIME "libasan.so"
#define OPTION	"verify_asan_link_order="
#define OWN	"__asan_default_options" /* a function by which a program sets options */

struct file {
	const unsigned char *p;
	size_t len;
};

static const void *at(const struct file *f, uint64_t offset, uint64_t len)
{
	return offset <= f->len && len <= f->len - offset ? f->p + offset : NULL;
}

/* Program header i; NULL: there is none. */
static const ElfW(Phdr) * header(const struct file *f, unsigned i)
{
	const ElfW(Ehdr) *h = at(f, 0, sizeof(*h));

	return h && i < h->e_phnum && h->e_phoff <= f->len
		       ? at(f, h->e_phoff + i * sizeof(ElfW(Phdr)), sizeof(ElfW(Phdr)))
		       : NULL;
}

static const void *at_address(const struct file *f, uint64_t address, uint64_t len)
{
	const ElfW(Phdr) * p;

	for (unsigned i = 0; (p = header(f, i)); i++)
		if (p->p_type == PT_LOAD && address >= p->p_vaddr &&
		    address - p->p_vaddr < p->p_filesz)
			return at(f, p->p_offset + (address - p->p_vaddr), len);
	return NULL;
}

/* The names that the dynamic loader looks up: of libraries and symbols. */
static const char *names(const struct file *f, size_t *len)
{
	const ElfW(Phdr) * p;
	const ElfW(Dyn) * d;
	uint64_t address = 0;
	size_t i, n;

	for (i = 0; (p = header(f, (unsigned)i)) && p->p_type != PT_DYNAMIC; i++)
		;
	d = p && p->p_offset % sizeof(void *) == 0 ? at(f, p->p_offset, p->p_filesz) : NULL;
	n = d ? p->p_filesz / sizeof(*d) : 0;
	*len = 0;
	for (i = 0; i < n && d[i].d_tag != DT_NULL; i++)
		if (d[i].d_tag == DT_STRTAB)
			address = d[i].d_un.d_ptr;
		else if (d[i].d_tag == DT_STRSZ)
			*len = d[i].d_un.d_val;
	return at_address(f, address, *len);
}

static int wants_first(const struct file *f)
{
	const ElfW(Ehdr) *h = at(f, 0, sizeof(*h));
	const char *s;
	size_t len;

	if (!h || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0 ||
	    h->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
	    h->e_phoff % sizeof(void *))
		return 0;
	s = names(f, &len);
	return s && memmem(s, len, "\0" RUNTIME ".", sizeof(RUNTIME) + 1) &&
	       !memmem(s, len, "\0" OWN, sizeof(OWN) + 1);
}

/* Of several the last one counts. */
static int is_allowed(const char *options)
{
	const char *value = NULL;

	while (options && (options = strstr(options, OPTION)))
		value = options += sizeof(OPTION) - 1;
	return value && (*value == '0' || *value == 'f' || *value == 'n');
}

int sanitizer_refuses(const char *path, const char *preload, const char *options)
{
	struct file f = { NULL, 0 };
	struct stat st;
	int fd, r = 0;

	if ((preload && strstr(preload, RUNTIME)) || is_allowed(options))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0) {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (p != MAP_FAILED) {
			f = (struct file){ p, (size_t)st.st_size };
			r = wants_first(&f);
			munmap(p, f.len);
		}
	}
	if (fd >= 0)
		close(fd);
	return r;
}
