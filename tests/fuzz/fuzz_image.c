/*
 * Files that somebody starts: ELF and #!, read by the shim (what will the kernel start?), by the command
 * (does the library reach it?) and by `system` (which loader?).
 */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What has no name outside of its file. */
#include "preload/start/image.c"
#include "tools/system/loaders.c"

#include "tools/base/paths.h"
#include "tools/proc/sanitizer.h"

#define check(x) ((x) ? (void)0 : abort())
#define FILE_	 "./image"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

/* Opening is not what is looked at here. */
struct fdf_program fdf_program_open(int dirfd, const char *path, const struct fdf_spared *s)
{
	(void)s;
	return (struct fdf_program){ openat(dirfd, path, O_RDONLY | O_CLOEXEC), false };
}

void fdf_program_close(struct fdf_program p, struct fdf_spared *s)
{
	(void)s;
	close(p.fd);
}

const char *fdf_own_loader(void)
{
	return "/lib64/ld-linux-x86-64.so.2";
}

static void as_the_shim(struct fdf_fence *f)
{
	struct fdf_image p = { .f = f };
	const char *loader = NULL, *name;

	check(fdf_image_open(&p, AT_FDCWD, FILE_));
	check(p.len <= sizeof(p.head));
	if (fdf_image_is_elf(&p)) {
		fdf_image_has_headers(&p);
		if (fdf_image_loader(&p, &loader) && loader) {
			check(strnlen(loader, sizeof(p.head)) < sizeof(p.head));
			fdf_image_is_own_loader(loader);
		}
	} else {
		name = fdf_image_interpreter(&p);
		check(!name || (*name && strlen(name) < FDF_SCRIPT_LINE));
	}
	fdf_image_close(&p);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct fdf_fence f;
	char path[PATH_MAX];
	int fd = open(FILE_, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	check(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	as_the_shim(&f);
	check(image_kind_name(paths_image(FILE_, 0, 0)));
	sanitizer_refuses(FILE_, NULL, NULL);
	elf_version(EV_CURRENT);
	if (interpreter(fd, path))
		is_glibc(path);
	close(fd);
	return 0;
}
