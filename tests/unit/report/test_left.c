/*
 * Execs that libc makes in children: which start belongs to them.
 */
#include <criterion/criterion.h>
#include <unistd.h>

#include "tests/unit/report/records.h"

TestSuite(left, .init = init, .fini = fini);

#define LEFT(entry) ",\"ppid\":1,\"entry\":\"" entry "\",\"in_child\":true" EXEC("/bin/b", LEAK)

static void started_by(int pid, int ppid, const char *exe)
{
	record(pid, "start", ",\"exe\":\"%s\",\"ppid\":%d", exe, ppid);
}

Test(left, what_libc_starts_in_a_child_is_covered_by_the_childs_start)
{
	record(5, "exec", LEFT("posix_spawn"));
	record(5, "exec", EXEC("/bin/c", LEAK)); /* the parent's own exec is another one */
	started(5, "/bin/c");
	started_by(6, 5, "/bin/b");
	finish();
	cr_assert_eq(rep->execs, 2);
	cr_assert_eq(rep->leaks, 2);
	cr_assert_eq(rep->nuncovered, 0);
}

Test(left, a_spawn_of_libcs_is_one_start_and_a_wordexp_may_be_several)
{
	record(5, "exec", LEFT("wordexp"));
	started_by(6, 5, "/bin/b");
	started_by(7, 5, "/bin/b");
	record(8, "exec", LEFT("posix_spawn"));
	started_by(9, 8, "/bin/b");
	started_by(10, 8, "/bin/b");
	finish();
	cr_assert_eq(rep->execs, 2);
	cr_assert_eq(rep->leaks, 2);
	cr_assert_eq(rep->nuncovered, 1);
	cr_assert_eq(rep->uncovered[0]->times, 1);
}

Test(left, a_start_of_libcs_is_told_by_its_parent)
{
	record(5, "exec", LEFT("wordexp"));
	started_by(6, 4, "/bin/b");
	finish();
	cr_assert_eq(rep->leaks, 1);
	cr_assert_eq(rep->nuncovered, 2);
}

Test(left, what_another_image_of_the_same_process_starts_is_its_own)
{
	record(5, "exec", LEFT("wordexp"));
	started_by(6, 5, "/bin/b");
	started(5, "/bin/c");
	started_by(7, 5, "/bin/b");
	finish();
	cr_assert_eq(rep->nuncovered, 2);
}

Test(left, a_child_of_libcs_whose_parent_has_ended)
{
	record(5, "exec", LEFT("posix_spawn"));
	started_by(6, getpid(), "/bin/b");
	finish();
	cr_assert_eq(rep->nuncovered, 0);
}

Test(left, what_libc_could_not_start_leaks_nothing)
{
	record(5, "exec", LEFT("posix_spawn"));
	record(5, "exec", EXEC("/bin/b", LEAK));
	started(5, "/bin/b");
	record(5, "failed",
	       ",\"in_child\":true,\"entry\":\"posix_spawn\",\"error\":2,\"exe\":\"/bin/a\","
	       "\"into\":\"/bin/b\"");
	record(5, "failed", ",\"in_child\":true,\"error\":2,\"into\":\"/bin/b\"");
	finish();
	cr_assert_eq(rep->execs, 1);
	cr_assert_eq(rep->leaks, 1);
	cr_assert_eq(rep->nuncovered, 0);
}

Test(left, the_first_process_of_a_namespace_sees_no_parent)
{
	record(5, "exec", LEFT("wordexp"));
	started_by(6, 0, "/bin/b");
	finish();
	cr_assert_eq(rep->nuncovered, 0);
}
