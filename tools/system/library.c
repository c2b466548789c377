/*
 * library.c: may every program of the machine be made to load this file?
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/image.h"
#include "tools/system/library.h"
#include "tools/system/names.h"
#include "tools/system/owned.h"
#include "tools/system/place.h"

#define DOLLAR_LIB "/usr/$LIB/"

/* Bytes that can be read; -1 after a message. */
static off_t read_all(int fd, const char *path)
{
	static char buf[1 << 16];
	off_t size = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		size += n;
	if (n < 0)
		say("%s: at byte %lld: %s", path, (long long)size, strerror(errno));
	return n < 0 ? -1 : size;
}

/* Do so many bytes from there on lie in the file?  Their end may be more than 64 bits can tell. */
static bool within(uint64_t from, uint64_t bytes, uint64_t size)
{
	return from <= size && bytes <= size - from;
}

/* NULL, or what is wrong. */
static const char *unfit(Elf *elf, uint64_t size)
{
	GElf_Ehdr head;
	GElf_Phdr segment;
	size_t n, i;

	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &head) ||
	    head.e_type != ET_DYN)
		return "it is no shared object";
	if (!within(head.e_shoff, (uint64_t)head.e_shnum * head.e_shentsize, size) ||
	    elf_getphdrnum(elf, &n))
		return "its end is missing";
	for (i = 0; i < n; i++)
		if (!gelf_getphdr(elf, (int)i, &segment) ||
		    !within(segment.p_offset, segment.p_filesz, size))
			return "its end is missing";
	return NULL;
}

static int whole(int fd, const char *path)
{
	off_t size = read_all(fd, path);
	const char *why;
	Elf *elf;

	if (size < 0)
		return -1;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	why = unfit(elf, (uint64_t)size);
	elf_end(elf);
	if (why)
		say("%s: %s: it would end every program with an error; install it anew", path, why);
	return why ? -1 : 0;
}

int library_check(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), r;

	if (fd < 0) {
		say("%s: %s", path, strerror(errno));
		return -1;
	}
	r = owned_for_all(path);
	if (!r)
		r = whole(fd, path);
	if (!r && fsync(fd)) {
		say("%s: %s", path, strerror(errno));
		r = -1;
	}
	close(fd);
	return r ? r : place_sync_name(path);
}

static bool is_native(const char *path, void *none)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	Elf32_Ehdr head; /* up to the machine the same for both classes */
	bool same = fd >= 0 && read(fd, &head, sizeof(head)) == sizeof(head) &&
		    image_is_native(head.e_ident, head.e_machine);

	(void)none;
	if (fd >= 0)
		close(fd);
	return same;
}

static bool is_unfit(const char *path, void *ctx)
{
	(void)ctx;
	return library_check(path);
}

/* It is what root starts where nothing else does. */
static int helper(const char *library)
{
	char *path = library_rescue(library);
	int r = -1;

	if (access(path, X_OK))
		say("%s: %s: it is what ends this where nothing else starts; install it anew", path,
		    strerror(errno));
	else
		r = owned_by_root(path);
	free(path);
	return r;
}

int library_check_own(const char *path)
{
	if (library_check(path))
		return -1;
	if (is_native(path, NULL))
		return 0;
	/* The loader only says so of each program that starts, and goes on without the library. */
	say("%s: it is of another processor than this program: nothing would be fenced; "
	    "install it anew",
	    path);
	return -1;
}

int library_check_all(const char *name, const char *path)
{
	return library_check_own(path) || helper(path) ||
			       names_any(name, strlen(name), is_unfit, NULL)
		       ? -1
		       : 0;
}

/* What $LIB may be for programs like this one: Debian's, Fedora's and openSUSE's, Arch's. */
static const char *const libs[] = { ("lib/" MULTIARCH), "lib64", "lib", "lib32" };

#define NLIBS (sizeof(libs) / sizeof(libs[0]))

static bool is_lib(const char *lib)
{
	char *dir = must_printf("/usr/%s", lib);
	bool is = names_libc(dir, is_native, NULL);

	free(dir);
	return is;
}

char *library_name(const char *path)
{
	char *front, *name = NULL;
	size_t i;

	for (i = 0; i < NLIBS && !name; i++) {
		front = must_printf("/usr/%s/", libs[i]);
		if (!strncmp(path, front, strlen(front)) && is_lib(libs[i]))
			name = must_printf(DOLLAR_LIB "%s", path + strlen(front));
		free(front);
	}
	return name ? name : must_dup(path);
}

char *library_path(const char *name)
{
	char *path = NULL;
	bool is = false;
	size_t i;

	if (strncmp(name, DOLLAR_LIB, strlen(DOLLAR_LIB)) != 0)
		return must_dup(name);
	for (i = 0; i < NLIBS && !is; i++) {
		free(path);
		path = must_printf("/usr/%s/%s", libs[i], name + strlen(DOLLAR_LIB));
		is = is_lib(libs[i]) && is_native(path, NULL);
	}
	if (is)
		return path;
	free(path);
	return must_printf("/usr/%s/%s", libs[0], name + strlen(DOLLAR_LIB));
}

char *library_rescue(const char *path)
{
	return must_printf("%.*s/fdfence-rescue", (int)(strrchr(path, '/') - path), path);
}
