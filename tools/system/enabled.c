/*
 * enabled.c: does every program of the machine have the library?
 */
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/system/enabled.h"
#include "tools/system/library.h"
#include "tools/system/list.h"
#include "tools/system/owned.h"

/* Others may have written what is in it; what they may not read does not hold for them. */
int enabled_check_file(const struct place *p)
{
	return owned_for_all(p->there ? PRELOAD_FILE : PRELOAD_DIR);
}

enum enabled enabled_look(char **name)
{
	struct place p;
	const char *own;
	char *path;
	size_t n;
	int bad;

	*name = NULL;
	if (place_open(&p, PRELOAD_FILE))
		return ENABLED_UNKNOWN;
	own = list_own(p.text, p.len, &n);
	bad = enabled_check_file(&p);
	if (own) {
		*name = must_printf("%.*s", (int)n, own);
		path = library_path(*name);
		bad |= library_check_all(*name, path);
		free(path);
	}
	place_close(&p);
	return !own ? ENABLED_NOT : bad ? ENABLED_BROKEN : ENABLED;
}
