/*
 * image.c: does LD_PRELOAD reach an image?  Reads foreign files: every offset
 * is checked by the read itself.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "preload/core/intent.h"
#include "tools/base/paths.h"

/* ld.so(8), secure-execution mode: the ids change, or a capability is granted. */
static int is_secure(const char *path, const struct stat *st, uid_t uid, gid_t gid)
{
	if ((st->st_mode & S_ISUID) && st->st_uid != uid)
		return 1;
	if ((st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && st->st_gid != gid)
		return 1;
	return uid != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

/* Is it for this machine, so that its loader takes our shim? */
static int is_ours(const unsigned char *head)
{
	static const Elf64_Half machine =
#if defined(__x86_64__)
		EM_X86_64;
#elif defined(__aarch64__)
		EM_AARCH64;
#elif defined(__i386__)
		EM_386;
#else
		EM_NONE;
#endif
	Elf64_Half m; /* e_machine stands at the same place in both classes */

	memcpy(&m, head + offsetof(Elf64_Ehdr, e_machine), sizeof(m));
	return machine == EM_NONE ||
	       (m == machine && head[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32));
}

/* Is there a program header PT_INTERP? */
static int has_interp(int fd, const unsigned char *head)
{
	union {
		Elf32_Ehdr e32;
		Elf64_Ehdr e64;
	} h;
	int wide = head[EI_CLASS] == ELFCLASS64;
	unsigned n, i;

	memcpy(&h, head, sizeof(h));
	n = wide ? h.e64.e_phnum : h.e32.e_phnum;
	for (i = 0; i < n; i++) {
		off_t at = (off_t)(wide ? h.e64.e_phoff + i * sizeof(Elf64_Phdr)
					: h.e32.e_phoff + i * sizeof(Elf32_Phdr));
		Elf64_Word type; /* p_type stands first in both */

		if (pread(fd, &type, sizeof(type), at) != sizeof(type))
			return 0;
		if (type == PT_INTERP)
			return 1;
	}
	return 0;
}

static enum image_kind look(const char *path, uid_t uid, gid_t gid, int depth);

/* "#! /path arg": the interpreter decides. */
static enum image_kind look_script(char *head, uid_t uid, gid_t gid, int depth)
{
	char *interp = head + 2 + strspn(head + 2, " \t");

	interp[strcspn(interp, " \t\n")] = '\0';
	return depth < 4 ? look(interp, uid, gid, depth + 1)
			 : IMAGE_UNKNOWN; /* as the kernel does */
}

static enum image_kind look(const char *path, uid_t uid, gid_t gid, int depth)
{
	char head[257] = "";
	struct stat st;
	enum image_kind kind = IMAGE_UNKNOWN;
	ssize_t n;
	int fd;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return IMAGE_UNKNOWN;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) /* sudo(8) may be executed and not read */
		return is_secure(path, &st, uid, gid) ? IMAGE_SECURE : IMAGE_UNKNOWN;
	n = pread(fd, head, sizeof(head) - 1, 0);
	if (n > (ssize_t)sizeof(Elf64_Ehdr) && !memcmp(head, ELFMAG, SELFMAG))
		kind = !has_interp(fd, (unsigned char *)head) &&
				       !fdf_is_loader(fdf_str(path)) /* of what it loads */
			       ? IMAGE_STATIC
			       : is_ours((unsigned char *)head) ? IMAGE_COVERED : IMAGE_FOREIGN;
	close(fd);
	if (n > 2 && head[0] == '#' && head[1] == '!')
		return look_script(head, uid, gid, depth); /* the kernel ignores its set-user-ID */
	return is_secure(path, &st, uid, gid) ? IMAGE_SECURE : kind;
}

enum image_kind paths_image(const char *path, uid_t uid, gid_t gid)
{
	return look(path, uid, gid, 0);
}

const char *image_kind_name(enum image_kind k)
{
	static const char *const names[] = { "covered", "static", "set-user-ID",
					     "of another architecture",
					     "neither ELF nor a script, or not readable" };

	return names[k];
}
