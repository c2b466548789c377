/* behind.c: see hooks.h. */
#include <dlfcn.h>
#include <string.h>

#include "preload/origins/hooks.h"

/* "open" of "open64" and "__open_2": the same to a libc that has no other; NULL: of none. */
static void *plain(const char *name)
{
	char bare[16];
	size_t n = strlen(name);

	if (n >= sizeof(bare))
		return NULL;
	strcpy(bare, name);
	if (n > 4 && !strncmp(name, "__", 2) && !strcmp(name + n - 2, "_2")) {
		n -= 4;
		memmove(bare, name + 2, n);
		bare[n] = '\0';
	}
	if (n > 2 && !strcmp(bare + n - 2, "64"))
		bare[n - 2] = '\0';
	return strcmp(bare, name) != 0 ? dlsym(RTLD_NEXT, bare) : NULL;
}

void *behind(void **kept, const char *name)
{
	void *f = __atomic_load_n(kept, __ATOMIC_RELAXED);

	if (!f) {
		f = dlsym(RTLD_NEXT, name);
		if (!f)
			f = plain(name);
		__atomic_store_n(kept, f, __ATOMIC_RELAXED);
	}
	return f;
}
