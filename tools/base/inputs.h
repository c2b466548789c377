/*
 * inputs.h: files that are read, and the program that is run: none of them is written over.
 */
#ifndef FDF_BASE_INPUTS_H
#define FDF_BASE_INPUTS_H

#include <stdbool.h>

/* Who reads path, as in "--rules"; static text.  What is no regular file is nothing to lose. */
void inputs_add(const char *who, const char *path);

/* CMD, as execvp(3) finds it. */
void inputs_add_program(const char *cmd);

/*
 * Before path is opened for writing by who: is it the same file, by device and inode, as one that
 * somebody else reads?  Then a message says so.
 */
bool inputs_refuse(const char *who, const char *path);

#endif
