/*
 * unlike.c: see unlike.h.
 */
#include "tools/base/base.h"
#include "tools/render/unlike.h"

char *unlike(json_t *seen, const char *name, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(seen, key)) + 1;

	json_object_set_new(seen, key, json_integer(n));
	return n == 1 ? must_dup(name) : must_printf("%s-%lld", name, (long long)n);
}
