/*
 * sanitizer.h: programs that do not start behind another library.
 */
#ifndef FDF_SANITIZER_H
#define FDF_SANITIZER_H

/*
 * Would this program, started with this LD_PRELOAD and ASAN_OPTIONS (NULL: unset), be ended by the
 * runtime of gcc's address sanitizer, since another library comes before that?  0 also where that
 * cannot be said: not read, not for this machine, or with options that the program itself brings.
 */
int sanitizer_refuses(const char *path, const char *preload, const char *options);

#endif
