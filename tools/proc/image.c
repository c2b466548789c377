/*
 * image.c: does LD_PRELOAD reach an image?  Reads foreign files, of
 * whatever machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "preload/core/intent.h"
#include "tools/base/paths.h"
#include "tools/proc/image.h"

/* ld.so(8), secure-execution mode: the ids change, or a capability is granted. */
static int is_secure(const char *path, const struct stat *st, uid_t uid, gid_t gid)
{
	if ((st->st_mode & S_ISUID) && st->st_uid != uid)
		return 1;
	if ((st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && st->st_gid != gid)
		return 1;
	return uid != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

bool image_is_native(const unsigned char *ident, unsigned machine)
{
	return machine == __ehdr_start.e_machine &&
	       ident[EI_CLASS] == __ehdr_start.e_ident[EI_CLASS] &&
	       ident[EI_DATA] == __ehdr_start.e_ident[EI_DATA];
}

static bool has_interp(Elf *elf)
{
	GElf_Phdr segment;
	size_t n, i;

	if (elf_getphdrnum(elf, &n))
		return false;
	for (i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_INTERP)
			return true;
	return false;
}

/* libelf knows both classes and both orders of bytes. */
static enum image_kind look_elf(int fd, const char *path)
{
	enum image_kind kind = IMAGE_UNKNOWN;
	GElf_Ehdr head;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &head))
		kind = !has_interp(elf) && !fdf_is_loader(fdf_str(path)) /* of what it loads */
			       ? IMAGE_STATIC
			       : image_is_native(head.e_ident, head.e_machine) ? IMAGE_COVERED
									       : IMAGE_FOREIGN;
	elf_end(elf);
	return kind;
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
	if (n > SELFMAG && !memcmp(head, ELFMAG, SELFMAG))
		kind = look_elf(fd, path);
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
