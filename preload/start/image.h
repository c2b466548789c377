/*
 * image.h: the file of a program, as far as the kernel reads it to find what runs it: an ELF loader
 * or the interpreter of a script.  Async-signal-safe.
 */
#ifndef FDF_IMAGE_H
#define FDF_IMAGE_H

#include "preload/fence/fence.h"

#define FDF_IMAGE_HEAD	 1024 /* bytes: an ELF header with the program headers that linkers write */
#define FDF_SCRIPT_LINE	 256  /* bytes of a script's first line that the kernel reads */
#define FDF_SCRIPT_DEPTH 5    /* interpreters of interpreters */

/* The file and its begin, filled up with zeros.  Start with f and copied set. */
struct fdf_image {
	struct fdf_fence *f;
	bool copied;		 /* this task's table is a copy, of which no close drops a lock */
	struct fdf_program file; /* a negative errno there if it cannot be opened */
	size_t len;		 /* bytes of head that are the file's */
	char head[FDF_IMAGE_HEAD] __attribute__((aligned(8)));
};

/* Open the file and read its begin.  False, with nothing open, if that cannot be had. */
bool fdf_image_open(struct fdf_image *p, int dirfd, const char *path);
void fdf_image_close(struct fdf_image *p);

bool fdf_image_is_elf(const struct fdf_image *p);

/* Has an ELF file all the program headers that it says?  The kernel reads them at once. */
bool fdf_image_has_headers(const struct fdf_image *p);

/*
 * The name of an ELF file's loader into *loader, which then lies where the head was; it stays NULL
 * where the file names none or a very long one.  False: the kernel takes no such file.
 */
bool fdf_image_loader(struct fdf_image *p, const char **loader);

/* Is that the name of the loader that this process was started with? */
bool fdf_image_is_own_loader(const char *path);

/* The interpreter that a script names, cut out of its head; NULL: it is none, or names none. */
char *fdf_image_interpreter(struct fdf_image *p);

#endif
