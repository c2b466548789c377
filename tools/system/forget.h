/*
 * forget.h: nothing of the system names a library that is about to be removed.
 */
#ifndef FDF_FORGET_H
#define FDF_FORGET_H

/*
 * Take it out of PRELOAD_FILE, unless the name there stands for the library of /bin/sh, too, which stays;
 * and take away the drop-ins of `fdfence system unit` that name it.  What is done, and what has to be done by
 * hand, is said.  It need not be there any more.  Returns 0, or -1 after a message.
 */
int forget_library(const char *path);

#endif
