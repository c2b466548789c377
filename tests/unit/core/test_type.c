/*
 * The type of a descriptor: what mode, links, name and socket say together.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "preload/core/rules.h"
#include "preload/core/type.h"

static void type_is(const char *expected, unsigned mode, bool memory, const char *target,
		    const struct fdf_sock *sock)
{
	struct fdf_fd d = { .mode = mode, .sock = sock };
	struct fdf_str whole = fdf_str(target), head = whole;

	if (head.len > FDF_TYPE_NAME)
		head.len = FDF_TYPE_NAME;
	cr_expect_str_eq(fdf_type_name(fdf_type_of(&d, memory, whole)), expected, "%o %s", mode,
			 target);
	cr_expect_str_eq(fdf_type_name(fdf_type_of(&d, memory, head)), expected, "%o %s, cut", mode,
			 target);
	/* Who does not ask for the name where it says nothing sees the same. */
	if (!fdf_type_asks_name(&d, memory))
		cr_expect_str_eq(fdf_type_name(fdf_type_of(&d, memory, fdf_str(""))), expected);
}

Test(type, is_that_of_the_mode)
{
	type_is("dir", S_IFDIR | 0755, false, "/etc", NULL);
	type_is("chr", S_IFCHR | 0666, false, "/dev/null", NULL);
	type_is("blk", S_IFBLK | 0660, false, "/dev/vda", NULL);
	type_is("link", S_IFLNK | 0777, false, "/etc/mtab", NULL);
	type_is("anon", 0600, false, "anon_inode:[eventpoll]", NULL);
}

Test(type, of_a_memory_file_is_told_by_place_and_name)
{
	type_is("memfd", S_IFREG | 0777, true, "/memfd:x (deleted)", NULL);
	type_is("memfd", S_IFREG | 0777, true, "/memfd: (deleted)", NULL);
	type_is("file", S_IFREG | 0644, false, "/etc/passwd", NULL);
	/* in the root of a chroot */
	type_is("file", S_IFREG | 0777, false, "/memfd:x (deleted)", NULL);
	/* what SysV and /dev/zero share lies there, too */
	type_is("file", S_IFREG | 0600, true, "/SYSV00000001 (deleted)", NULL);
	type_is("file", S_IFREG | 0644, true, "/memfd", NULL);
	type_is("file", S_IFREG | 0644, true, "", NULL);
}

Test(type, memory_files_have_a_place_of_their_own)
{
	const char *path = "/dev/shm/fdfence-unit";
	int memory = memfd_create("unit", 0), file = open(path, O_RDWR | O_CREAT, 0600);
	struct statfs fs;

	cr_assert_eq(fstatfs(memory, &fs), 0);
	cr_expect(fdf_type_in_memory((unsigned long)fs.f_type, fs.f_blocks));
	unlink(path);
	cr_assert_eq(fstatfs(file, &fs), 0);
	cr_expect_not(fdf_type_in_memory((unsigned long)fs.f_type, fs.f_blocks));
	cr_assert_eq(statfs("/proc", &fs), 0);
	cr_expect_not(fdf_type_in_memory((unsigned long)fs.f_type, fs.f_blocks));
}

Test(type, of_a_pipe_is_told_by_its_name)
{
	type_is("pipe", S_IFIFO | 0600, false, "pipe:[7]", NULL);
	type_is("fifo", S_IFIFO | 0600, false, "/run/initctl", NULL);
	type_is("fifo", S_IFIFO | 0600, false, "/run/initctl (deleted)", NULL);
	type_is("pipe", S_IFIFO | 0600, false, "", NULL);
}

Test(type, of_a_socket_is_told_by_what_it_does)
{
	type_is("listener", S_IFSOCK, false, "socket:[7]", &(struct fdf_sock){ .listening = true });
	type_is("socket", S_IFSOCK, false, "socket:[7]", &(struct fdf_sock){ .connected = true });
	type_is("socket", S_IFSOCK, false, "/run/x.sock", NULL);
}
