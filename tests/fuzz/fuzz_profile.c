/*
 * Profiles, and settings of the machine, which are read the same: taken whole, or refused with a message
 * that names the line; what is taken the shim takes, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/settings.h"
#include "tools/options/config.h"
#include "tools/options/profile.h"

#define check(x) ((x) ? (void)0 : abort())
#define FILE_	 "./profile"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct fdf_settings as_the_shim;
	struct fdf_error err;
	struct config c;
	FILE *f = fopen(FILE_, "we");

	check(f && fwrite(data, 1, len, f) == len && !fclose(f));
	config_init(&c);
	fdf_settings_init(&as_the_shim);
	if (!profile_take(&c, FILE_, "settings") && !config_finish(&c)) {
		for (int i = 0; fdf_settings_name(i); i++)
			check(!c.value[i] ||
			      !fdf_settings_set(&as_the_shim, fdf_str(fdf_settings_name(i)),
						fdf_str(c.value[i]), &err));
		check(as_the_shim.policy.nrules == c.settings.policy.nrules);
		check(as_the_shim.policy.verdict == c.settings.policy.verdict);
	}
	config_free(&c);
	return 0;
}
