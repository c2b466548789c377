/*
 * Settings: any value for any of them is taken, or refused with a place and
 * without a trace.  The first byte picks the setting.
 */
#include <stdlib.h>
#include <string.h>

#include "preload/core/settings.h"

#define check(x) ((x) ? (void)0 : abort())

static struct fdf_settings s, before;

static void sane(void)
{
	check(s.policy.verdict >= FDF_SEAL && s.policy.verdict < FDF_VERDICTS);
	check(s.policy.nrules >= 0 && s.policy.nrules <= FDF_RULES_MAX);
	check(s.policy.rules == s.rules);
	check(!(s.policy.intent & ~(FDF_INTENT_DEFAULT | FDF_DUP2)));
	check(!s.log.len || s.log.s[0] == '/' || s.log.s[0] == '@');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fdf_error err;
	const char *name;
	char *value;
	int i, n = 0, r;

	if (!size)
		return 0;
	while (fdf_settings_name(n))
		n++;
	i = data[0] % n;
	name = fdf_settings_name(i);
	value = malloc(size);
	memcpy(value, data + 1, size - 1);
	fdf_settings_init(&s);
	before = s;
	for (int twice = 0; twice < 2; twice++) {
		r = fdf_settings_set(&s, fdf_str(name), (struct fdf_str){ value, size - 1 }, &err);
		check(r == 0 || r == -1);
		if (r == -1) {
			check(err.pos <= size - 1 && err.expected && !strcmp(err.name, name));
			/* The second time only for want of room. */
			if (!twice)
				check(!memcmp(&s, &before, offsetof(struct fdf_settings, rules)));
		}
		sane();
	}
	free(value);
	return 0;
}
