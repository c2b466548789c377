/* range.h: close_range(2), and what is done where it is not to be had. */
#ifndef FDF_LIB_RANGE_H
#define FDF_LIB_RANGE_H

#include <stdbool.h>
#include <stddef.h>

/* Close the descriptors first to last, or mark them close-on-exec.  0 or -EOPNOTSUPP. */
int fdf_range_apply(unsigned first, unsigned last, bool mark);

bool fdf_range_has(const int keep[], size_t nkeep, int fd);

#endif
