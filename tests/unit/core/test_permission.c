/*
 * Permission by a file's mode: every combination against what acl(5) and capabilities(7) say.
 */
#include <criterion/criterion.h>

#include "preload/core/permission.h"

enum { ROOT = 0, USER = 1000, OTHER = 1001 };

static struct fdf_owner file;
static struct fdf_asker asker;

static void init(void)
{
	file = (struct fdf_owner){ .mode = 0600, .uid = ROOT, .gid = ROOT };
	asker = (struct fdf_asker){ .uid = USER, .gid = USER };
}

TestSuite(permission, .init = init);

static void may(enum fdf_answer read, enum fdf_answer write)
{
	cr_expect_eq(fdf_may_read(&file, &asker), read, "%o for reading", file.mode);
	cr_expect_eq(fdf_may_write(&file, &asker), write, "%o for writing", file.mode);
}

Test(permission, of_the_owner)
{
	file.uid = USER;
	may(FDF_YES, FDF_YES);
	file.mode = 0466; /* what others may is nothing to the owner */
	may(FDF_YES, FDF_NO);
}

Test(permission, of_the_group)
{
	file.gid = USER;
	may(FDF_NO, FDF_NO);
	file.mode = 0640;
	may(FDF_YES, FDF_NO);
	file.mode = 0606;
	may(FDF_NO, FDF_NO);
}

Test(permission, of_others)
{
	may(FDF_NO, FDF_NO);
	file.mode = 0644;
	may(FDF_YES, FDF_NO);
	file.mode = 0666;
	may(FDF_YES, FDF_YES);
}

Test(permission, is_not_known_where_a_further_group_decides)
{
	file.mode = 0640; /* in the group?  Or named in a list of access? */
	may(FDF_NOT_KNOWN, FDF_NO);
	file.mode = 0604; /* in the group, which may not? */
	may(FDF_NOT_KNOWN, FDF_NO);
}

Test(permission, of_who_has_capabilities)
{
	asker.dac_override = true;
	may(FDF_YES, FDF_YES);
	asker.user_ns = true; /* whose file is it there? */
	may(FDF_NOT_KNOWN, FDF_NOT_KNOWN);
	file.mode = 0644;
	may(FDF_YES, FDF_NOT_KNOWN);
	init();
	asker.dac_read_search = true;
	may(FDF_YES, FDF_NO);
}
