/*
 * loaders.c: the dynamic loaders for which the system has programs.
 */
#include <dirent.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/loaders.h"
#include "tools/system/owned.h"

static const char *const folders[] = {
	"/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/local/sbin", NULL,
};

/* Its PT_INTERP; false: it has none. */
static bool interpreter(int fd, char path[PATH_MAX])
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	GElf_Phdr segment;
	size_t n = 0, i;
	ssize_t len = 0;

	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &n))
		n = 0;
	for (i = 0; i < n && len <= 0; i++)
		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_INTERP)
			len = pread(fd, path, segment.p_filesz < PATH_MAX ? segment.p_filesz : 0,
				    (off_t)segment.p_offset);
	elf_end(elf);
	if (len <= 0)
		return false;
	path[len - 1] = '\0';
	return true;
}

/* glibc's are called ld-linux*, ld64* and ld.so*; musl's ld-musl*. */
static bool is_glibc(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	return !strncmp(name, "ld-linux", 8) || !strncmp(name, "ld64", 4) ||
	       !strncmp(name, "ld.so", 5);
}

static bool is_roots(const char *path)
{
	struct owned_look look;
	bool yes = owned_look(path, 0, &look) == OWNED_WELL;

	free(look.at);
	return yes;
}

static size_t note(struct loader *found, size_t n, const char *path, const char *program)
{
	size_t i;

	for (i = 0; i < n && strcmp(found[i].path, path) != 0; i++)
		;
	if (i == n) {
		if (n == LOADERS_MAX || access(path, X_OK))
			return n; /* without it nothing of that kind starts anyway */
		found[n++] = (struct loader){ .path = must_dup(path), .is_glibc = is_glibc(path) };
	}
	if (!found[i].program && is_roots(path) && is_roots(program))
		found[i].program = must_dup(program);
	return n;
}

static size_t look(struct loader *found, size_t n, const char *program)
{
	int fd = open(program, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char path[PATH_MAX];
	struct stat st;

	if (fd < 0)
		return n;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_mode & S_IXUSR &&
	    !(st.st_mode & (S_ISUID | S_ISGID)) && interpreter(fd, path))
		n = note(found, n, path, program);
	close(fd);
	return n;
}

size_t loaders_find(struct loader found[LOADERS_MAX])
{
	const char *const *folder;
	const struct dirent *e;
	struct stat st;
	size_t n = 0;
	DIR *dir;

	elf_version(EV_CURRENT);
	for (folder = folders; *folder; folder++) {
		/* of a merged /usr the same folder has two names */
		dir = lstat(*folder, &st) || !S_ISDIR(st.st_mode) ? NULL : opendir(*folder);
		while (dir && (e = readdir(dir))) {
			char *program = must_printf("%s/%s", *folder, e->d_name);

			n = look(found, n, program);
			free(program);
		}
		if (dir)
			closedir(dir);
	}
	return n;
}

void loaders_free(struct loader *found, size_t n)
{
	while (n--) {
		free(found[n].path);
		free(found[n].program);
	}
}
