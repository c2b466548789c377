/*
 * Paths that lead to descriptors, or through one: what they name, however they are spelled.
 */
#include <criterion/criterion.h>

#include "preload/core/fdpath.h"

#define PID 4711

static void names(const char *path, int fd)
{
	cr_expect_eq(fdf_path_fd(path), fd, "%s: %d", path, fdf_path_fd(path));
}

static void leads_through(const char *path, int fd)
{
	cr_expect_eq(fdf_path_within(path, PID), fd, "%s: %d", path, fdf_path_within(path, PID));
}

Test(fdpath, the_last_word_behind_fd_is_the_number)
{
	names("/dev/fd/0", 0);
	names("/dev/fd/63", 63);
	names("/proc/self/fd/7", 7);
	names("/proc/4711/task/4712/fd/1048575", 1048575);
	names("/dev/fd//./7", 7);
	names("/dev/fd/././/7", 7);
}

Test(fdpath, what_is_no_number_behind_fd_names_none)
{
	names("", -1);
	names("/", -1);
	names("7", -1);
	names("dev/fd/7", -1);
	names("/dev/fd/", -1);
	names("/dev/fd/7x", -1);
	names("/dev/fd/x7", -1);
	names("/dev/fd/-7", -1);
	names("/dev/fd/7/", -1);
	names("/dev/fd7", -1);
	names("/dev/xfd/7", -1);
	names("/fd.d/7", -1);
	names("/dev/fd/../7", -1);
	names("fd/7", -1);
}

Test(fdpath, a_number_that_no_descriptor_has_names_none)
{
	names("/dev/fd/2147483647", 2147483647);
	names("/dev/fd/2147483648", -1);
	names("/dev/fd/4294967295", -1);
	names("/dev/fd/4294967299", -1); /* 2^32 + 3 */
	names("/dev/fd/18446744073709551619", -1);
	names("/dev/fd/0000000000000000000003", 3);
	leads_through("/dev/fd/2147483647/x", 2147483647);
	leads_through("/dev/fd/2147483648/x", -1);
	leads_through("/dev/fd/4294967299/x", -1);
}

Test(fdpath, a_path_goes_on_behind_a_number_of_this_process)
{
	leads_through("/proc/self/fd/7/etc/passwd", 7);
	leads_through("/proc/thread-self/fd/7/", 7);
	leads_through("/proc/4711/fd/12/x", 12);
	leads_through("/dev/fd/3/x", 3);
	leads_through("//proc/./self//fd/./7/x", 7);
}

Test(fdpath, of_another_process_or_at_the_number_itself_none_is_led_through)
{
	leads_through("/proc/self/fd/7", -1);
	leads_through("/dev/fd/7", -1);
	leads_through("/proc/1/fd/7/x", -1);
	leads_through("/proc/47111/fd/7/x", -1);
	leads_through("/proc/471/fd/7/x", -1);
	leads_through("/proc/self/fdinfo/7/x", -1);
	leads_through("/proc/self/fd/x/7", -1);
	leads_through("/proc/self/fd/7x/y", -1);
	leads_through("proc/self/fd/7/x", -1);
	leads_through("/devel/fd/7/x", -1);
	leads_through("/dev/fd/", -1);
	leads_through("/proc", -1);
	leads_through("", -1);
	cr_expect_eq(fdf_path_within("/proc//fd/7/x", 0), -1);
}
