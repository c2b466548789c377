/* forked.h: what is done about a fork: libc's handlers call it, and clone().  Not before fdf_fence is
 * set. */
#ifndef FDF_FORKED_H
#define FDF_FORKED_H

void fdf_will_fork(void);
/* In the parent, and in the child. */
void fdf_has_forked(void);
void fdf_forked(void);

#endif
