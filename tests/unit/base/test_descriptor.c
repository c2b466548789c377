/*
 * test_descriptor.c: paths that mean a descriptor of this process.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/descriptor.h"

Test(descriptor, standard_names_and_numbers_in_dev_and_proc_mean_one)
{
	cr_expect_eq(descriptor_named("/dev/stdin"), 0);
	cr_expect_eq(descriptor_named("/dev/stdout"), 1);
	cr_expect_eq(descriptor_named("/dev/stderr"), 2);
	cr_expect_eq(descriptor_named("/dev/fd/63"), 63);
	cr_expect_eq(descriptor_named("/proc/self/fd/7"), 7);
	cr_expect_eq(descriptor_named("/dev/fd/2147483647"), 2147483647);
}

Test(descriptor, other_paths_mean_none)
{
	static const char *const others[] = { "",
					      "stderr",
					      "/dev/std",
					      "/dev/stderr2",
					      "/dev/fd/",
					      "/dev/fd/3x",
					      "/dev/fd/-1",
					      "/dev/fd/ 3",
					      "/dev/fd/3/",
					      "/proc/self/fd",
					      "/proc/1/fd/2",
					      "/dev/fd/2147483648",
					      "/dev/fd/99999999999999999999" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		cr_expect_eq(descriptor_named(others[i]), -1, "%s", others[i]);
}

Test(descriptor, a_copy_is_the_same_open_file_and_close_on_exec)
{
	char text[3] = "";
	int ends[2], copy;

	cr_assert_eq(pipe(ends), 0);
	copy = descriptor_copy(ends[1], O_WRONLY);
	cr_assert_geq(copy, 3);
	cr_expect_eq(fcntl(copy, F_GETFD), FD_CLOEXEC);
	cr_expect_eq(write(copy, "ab", 2), 2);
	cr_expect_eq(read(ends[0], text, 2), 2);
	cr_expect_str_eq(text, "ab");
}

Test(descriptor, the_wrong_end_none_and_one_of_our_own_are_refused)
{
	int ends[2], own[2];

	cr_assert_eq(pipe(ends), 0);
	cr_expect_eq(descriptor_copy(ends[0], O_WRONLY), -1);
	cr_expect_eq(errno, EACCES);
	cr_expect_eq(descriptor_copy(ends[1], O_RDONLY), -1);
	cr_expect_eq(errno, EACCES);
	cr_assert_eq(pipe2(own, O_CLOEXEC), 0);
	cr_expect_eq(descriptor_copy(own[1], O_WRONLY), -1);
	cr_expect_eq(errno, EBADF);
	close(ends[1]);
	cr_expect_eq(descriptor_copy(ends[1], O_WRONLY), -1);
	cr_expect_eq(errno, EBADF);
}

Test(descriptor, a_path_that_means_one_is_that_and_any_other_is_opened)
{
	int ends[2], copy;
	char path[32], text[3] = "";

	cr_assert_eq(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	copy = descriptor_open(path, O_RDONLY, 0);
	cr_assert_geq(copy, 3);
	cr_expect_eq(fcntl(copy, F_GETFD), FD_CLOEXEC);
	cr_expect_eq(write(ends[1], "ab", 2), 2);
	cr_expect_eq(read(copy, text, 2), 2);
	cr_expect_eq(descriptor_open(path, O_WRONLY, 0), -1);
	cr_expect_str_eq(descriptor_why(path), "it is open, but not for this");
	cr_expect_eq(descriptor_open("/dev/fd/77", O_RDONLY, 0), -1);
	cr_expect_str_eq(descriptor_why("/dev/fd/77"), "it is not open here");
	cr_expect_eq(fcntl(descriptor_open("/dev/null", O_RDONLY, 0), F_GETFD), FD_CLOEXEC);
	cr_expect_eq(descriptor_open("/nowhere/x", O_RDONLY, 0), -1);
	cr_expect_str_eq(descriptor_why("/nowhere/x"), strerror(ENOENT));
}
