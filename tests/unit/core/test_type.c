/*
 * The type of a descriptor: what mode, links, name and socket say together.
 */
#include <criterion/criterion.h>
#include <sys/stat.h>

#include "preload/core/rules.h"
#include "preload/core/type.h"

static void type_is(const char *expected, unsigned mode, bool linked, const char *target,
		    const struct fdf_sock *sock)
{
	struct fdf_fd d = { .mode = mode, .sock = sock };
	struct fdf_str whole = fdf_str(target), head = whole;

	if (head.len > FDF_TYPE_NAME)
		head.len = FDF_TYPE_NAME;
	cr_expect_str_eq(fdf_type_name(fdf_type_of(&d, linked, whole)), expected, "%o %s", mode,
			 target);
	cr_expect_str_eq(fdf_type_name(fdf_type_of(&d, linked, head)), expected, "%o %s, cut", mode,
			 target);
	/* Who does not ask for the name where it says nothing sees the same. */
	if (!fdf_type_asks_name(&d, linked))
		cr_expect_str_eq(fdf_type_name(fdf_type_of(&d, linked, fdf_str(""))), expected);
}

Test(type, is_that_of_the_mode)
{
	type_is("dir", S_IFDIR | 0755, true, "/etc", NULL);
	type_is("chr", S_IFCHR | 0666, true, "/dev/null", NULL);
	type_is("blk", S_IFBLK | 0660, true, "/dev/vda", NULL);
	type_is("link", S_IFLNK | 0777, true, "/etc/mtab", NULL);
	type_is("anon", 0600, true, "anon_inode:[eventpoll]", NULL);
}

Test(type, a_deleted_file_of_a_disk_is_no_memory_file)
{
	struct fdf_fd d = { .mode = S_IFREG | 0600, .dev_major = 8, .dev_minor = 1 };

	cr_expect_eq(fdf_type_of(&d, false, fdf_str("/memfd:x (deleted)")), FDF_FILE);
	d.dev_major = 0;
	cr_expect_eq(fdf_type_of(&d, false, fdf_str("/memfd:x (deleted)")), FDF_MEMFD);
}

Test(type, of_a_memory_file_is_told_by_links_and_name)
{
	type_is("file", S_IFREG | 0644, true, "/etc/passwd", NULL);
	type_is("file", S_IFREG | 0600, false, "/tmp/x (deleted)", NULL);
	type_is("memfd", S_IFREG | 0777, false, "/memfd:x (deleted)", NULL);
	type_is("memfd", S_IFREG | 0777, false, "/memfd: (deleted)", NULL);
	type_is("file", S_IFREG | 0644, true, "/memfd:x", NULL);
	type_is("file", S_IFREG | 0644, false, "/memfd", NULL);
	type_is("file", S_IFREG | 0644, false, "", NULL);
}

Test(type, of_a_pipe_is_told_by_its_name)
{
	type_is("pipe", S_IFIFO | 0600, true, "pipe:[7]", NULL);
	type_is("fifo", S_IFIFO | 0600, true, "/run/initctl", NULL);
	type_is("fifo", S_IFIFO | 0600, false, "/run/initctl (deleted)", NULL);
	type_is("pipe", S_IFIFO | 0600, true, "", NULL);
}

Test(type, of_a_socket_is_told_by_what_it_does)
{
	type_is("listener", S_IFSOCK, true, "socket:[7]", &(struct fdf_sock){ .listening = true });
	type_is("socket", S_IFSOCK, true, "socket:[7]", &(struct fdf_sock){ .connected = true });
	type_is("socket", S_IFSOCK, true, "/run/x.sock", NULL);
}
