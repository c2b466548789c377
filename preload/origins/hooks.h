/*
 * hooks.h: what the hooks of this library have in common.
 */
#ifndef FDF_ORIGINS_HOOKS_H
#define FDF_ORIGINS_HOOKS_H

#define HOOK __attribute__((visibility("default")))

/*
 * Looked up at load: dlsym() may allocate.  A constructor of another library that runs before
 * ours looks up for itself.  NULL: libc has no such function, and a program that asks by dlsym()
 * finds ours nevertheless.
 */
void *behind(void **kept, const char *name);

/* At load: the functions behind the hooks that close. */
void closes_open(void);

/* At load, behind stack_open(): which libraries the program was started with. */
void tell_open(void);

#endif
