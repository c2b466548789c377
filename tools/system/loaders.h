/*
 * loaders.h: the dynamic loaders for which the system has programs: one for each libc and
 * word size.
 */
#ifndef FDF_LOADERS_H
#define FDF_LOADERS_H

#include <stdbool.h>
#include <stddef.h>

#define LOADERS_MAX 16

struct loader {
	char *path;    /* as its programs name it */
	char *program; /* the first of them that is neither set-user-ID nor set-group-ID, and which
			  only root can change, as this loader; NULL: there is none */
	bool is_glibc; /* others read no /etc/ld.so.preload */
};

/* Look through the folders of programs.  Returns how many; more than LOADERS_MAX are not told. */
size_t loaders_find(struct loader found[LOADERS_MAX]);

void loaders_free(struct loader *found, size_t n);

#endif
