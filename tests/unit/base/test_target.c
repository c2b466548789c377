/*
 * test_target.c: a path as a folder and a name in it.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/target.h"

static char dir[] = "/tmp/fdfence-target.XXXXXX";
static int home;

static void make_folder(void)
{
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(mkdtemp(dir) && !chdir(dir));
	cr_assert(!mkdir("folder", 0700) && !mkdir("folder/deep", 0700));
	cr_assert(!symlink("folder/deep", "down") && !symlink("../new", "folder/up"));
	cr_assert(!symlink("loop", "loop") && !symlink("folder/up", "twice"));
}

static void remove_folder(void)
{
	static const char *const names[] = { "loop", "twice", "down", "folder/up" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	rmdir("folder/deep");
	rmdir("folder");
	cr_expect(!fchdir(home) && !rmdir(dir));
}

TestSuite(target, .init = make_folder, .fini = remove_folder, .timeout = 20);

/* Is path found as name in folder? */
static void expect(const char *path, const char *folder, const char *name)
{
	struct stat want, got;
	struct target t;
	const char *wrong = target_find(&t, path, TARGET_FOLLOWED);

	cr_assert_null(wrong, "%s: %s", path, wrong);
	cr_expect_str_eq(t.name, name, "%s: %s", path, t.name);
	cr_assert(!stat(folder, &want) && !fstat(t.folder, &got));
	cr_expect(want.st_dev == got.st_dev && want.st_ino == got.st_ino, "%s", path);
	target_drop(&t);
}

static void expect_not(const char *path, int error)
{
	struct target t;

	cr_expect_not_null(target_find(&t, path, TARGET_FOLLOWED), "%s", path);
	cr_expect_eq(errno, error, "%s: %s", path, strerror(errno));
}

Test(target, is_a_name_in_a_folder_that_is_there)
{
	expect("new", ".", "new");
	expect("./folder//deep/../new", "folder", "new");
	expect("/new", "/", "new");
	expect_not("none/new", ENOENT);
	expect_not("", ENOENT);
}

Test(target, a_link_is_what_it_names_from_where_it_lies)
{
	expect("folder/up", ".", "new");
	expect("twice", ".", "new");
	expect("down/new", "folder/deep", "new");
	expect_not("loop", ELOOP);
	expect_not("loop/new", ELOOP);
}

Test(target, a_folder_is_a_point_in_itself)
{
	expect("folder/", "folder", ".");
	expect("down/", "folder/deep", ".");
	expect("folder/deep/..", "folder", ".");
	expect("/", "/", ".");
	expect_not("new/", ENOENT);
	expect_not("/dev/null/", ENOTDIR);
}

Test(target, below_proc_a_file_is_found_by_its_path_and_a_pipe_without_one)
{
	int fd = open("folder/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), ends[2];
	char path[64];
	struct target t;
	struct stat st;

	cr_assert(fd >= 0 && !pipe2(ends, O_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), fd);
	expect(path, "folder", "file");
	unlink("folder/file");
	snprintf(path, sizeof(path), "/proc/%d/cwd/folder/new", (int)getpid());
	expect(path, "folder", "new");
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), ends[1]);
	cr_assert_null(target_find(&t, path, TARGET_FOLLOWED));
	cr_expect(t.is_opened && !target_look(&t, &st) && S_ISFIFO(st.st_mode));
	target_drop(&t);
}

Test(target, a_link_is_refused_where_the_file_itself_is_wanted)
{
	const char *wrong;

	cr_expect_eq(target_open_path("twice", TARGET_ITSELF, O_WRONLY | O_CREAT, 0600, &wrong),
		     -1);
	cr_expect_eq(errno, ELOOP);
	cr_expect_str_eq(wrong, "it is a symbolic link: name the file itself");
	cr_expect_eq(access("new", F_OK), -1);
}
