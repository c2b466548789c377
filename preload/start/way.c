/* way.c: see way.h.  Runs in the child of a spawn, in its parent's memory. */
#include <errno.h>

#include "preload/raw/sys.h"
#include "preload/start/image.h"
#include "preload/start/way.h"

bool fdf_way_through_table(const char *path)
{
	int r = fdf_plain_way(AT_FDCWD, path);

	return r < 0 && r != -ENOENT && r != -ENOTDIR && r != -EACCES;
}

enum { NOT_ASKED, TOLD, NOT_TOLD };

bool fdf_ways_are_told(struct fdf_fence *f)
{
	int ways = __atomic_load_n(&f->ways, __ATOMIC_RELAXED);

	if (ways == NOT_ASKED) {
		int r = fdf_plain_way(AT_FDCWD, "/");

		ways = r == 0 ? TOLD : NOT_TOLD;
		if (r != -EMFILE && r != -ENFILE)
			__atomic_store_n(&f->ways, ways, __ATOMIC_RELAXED);
	}
	return ways == TOLD;
}

void fdf_ways_forget(struct fdf_fence *f)
{
	__atomic_store_n(&f->ways, NOT_ASKED, __ATOMIC_RELAXED);
}

/* What runs that file, into name; false: it needs nobody, or cannot be read, which *full explains. */
static bool runner(struct fdf_fence *f, const char *path, char *name, size_t cap, bool *full)
{
	struct fdf_image image;
	const char *found = NULL;
	size_t n = 0;

	image.f = f;
	image.copied = false;
	if (!fdf_image_open(&image, AT_FDCWD, path)) {
		*full = image.file.fd == -EMFILE;
		return false;
	}
	if (!fdf_image_is_elf(&image))
		found = fdf_image_interpreter(&image);
	else if (!fdf_image_has_headers(&image) || !fdf_image_loader(&image, &found))
		found = NULL;
	for (; found && n < cap - 1 && found[n]; n++)
		name[n] = found[n];
	name[n] = 0;
	fdf_image_close(&image);
	return n > 0 && !fdf_image_is_own_loader(name);
}

static bool runners_do(struct fdf_fence *f, const char *path)
{
	char name[FDF_SCRIPT_LINE];
	bool full = false;

	for (int depth = 0; depth <= FDF_SCRIPT_DEPTH && runner(f, path, name, sizeof name, &full);
	     depth++) {
		if (fdf_way_through_table(name))
			return true;
		path = name;
	}
	return full;
}

bool fdf_way_needs_table(struct fdf_fence *f, const struct fdf_spawn *s, const char *program)
{
	struct fdf_cursor c = { 0 };
	struct fdf_fileaction a;
	bool moves = false; /* to another directory, from which relative paths are seen */

	while (fdf_fileaction_next(s->file_actions, f->glibc, &c, &a)) {
		if ((a.kind == FDF_DO_OPEN || a.kind == FDF_DO_CHDIR) &&
		    ((moves && a.path[0] != '/') || fdf_way_through_table(a.path)))
			return true;
		moves |= a.kind == FDF_DO_CHDIR || a.kind == FDF_DO_FCHDIR;
	}
	return (moves && program[0] != '/') || runners_do(f, program);
}
