/*
 * Intent beside the known conventions (test_conventions.c): images, numbers and
 * their limits, members, what is stale.
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/core/intent_example.h"

#define EXPECT(text, want) cr_expect_str_eq(example_meant(text, ~0U), want, "%s", text)

Test(intent, a_shell_keeps_all_whatever_its_version)
{
	static const char *const shells[] = {
		"/bin/sh",	   "/usr/bin/bash", "/bin/bash-5.2",	     "/usr/bin/zsh5",
		"/usr/bin/ksh93",  "/bin/mksh",	    "/bin/dash\\s(deleted)", "/opt/a\\sb/yash",
		"/bin/zsh-static", "/usr/bin/fish",
	};
	char text[128];

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		snprintf(text, sizeof(text), "@exe=%s -- /bin/cat", shells[i]);
		EXPECT(text, "all");
	}
}

Test(intent, what_only_begins_like_a_shell_keeps_nothing)
{
	EXPECT("@exe=/usr/sbin/sshd -- /bin/cat", "");
	EXPECT("@exe=/usr/bin/shutdown -- /bin/cat", "");
	EXPECT("@exe=/usr/bin/bashful -- /bin/cat", "");
	EXPECT("@exe=/usr/bin/sh-tool -- /bin/cat", "");
	EXPECT("@exe=/usr/bin/rcp -- /bin/cat", "");
	EXPECT("@exe=/bin/sh/other -- /bin/cat", "");
	EXPECT("@exe=/opt/rc.server -- /bin/cat", "");
	EXPECT("@exe=/opt/es.daemon -- /bin/cat", "");
	EXPECT("@exe=/opt/sh-2proxy -- /bin/cat", "");
	EXPECT("@exe=/opt/ksh93d -- /bin/cat", "");
	EXPECT("@exe=/opt/bash- -- /bin/cat", "");
	EXPECT("@exe= -- /bin/cat", "");
}

Test(intent, many_programs_in_one_file_are_judged_by_the_applet)
{
	static const char *const files[] = { "/bin/busybox", "/bin/busybox.static",
					     "/usr/bin/busybox-1.36", "/bin/toybox",
					     "/bin/busybox\\s(deleted)" };
	char text[128];

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(text, sizeof(text), "@exe=%s @applet=ash -- /bin/cat", files[i]);
		EXPECT(text, "all");
		snprintf(text, sizeof(text), "@exe=%s @applet=httpd -- /bin/cat", files[i]);
		EXPECT(text, "");
		snprintf(text, sizeof(text), "@exe=%s -- /bin/cat", files[i]);
		EXPECT(text, "");
	}
	EXPECT("@exe=/bin/busybox @applet=hush -- /bin/cat", "all");
	EXPECT("@exe=/bin/busybox @applet=flock -- /bin/cat", "all");
	EXPECT("@exe=/bin/busybox @applet=busybox -- /bin/cat", "");
	EXPECT("@exe=/usr/sbin/nginx @applet=sh -- /bin/cat", "");
}

static const char *applet(const char *first, const char *second)
{
	static char name[64];
	struct fdf_str a = fdf_applet(first, second);

	snprintf(name, sizeof(name), "%.*s", (int)a.len, a.len ? a.s : "");
	return name;
}

Test(intent, an_applet_is_named_by_the_first_word_or_the_one_behind_busybox)
{
	cr_expect_str_eq(applet("sh", "-c"), "sh");
	cr_expect_str_eq(applet("-ash", NULL), "ash");
	cr_expect_str_eq(applet("/usr/sbin/httpd", "-f"), "httpd");
	cr_expect_str_eq(applet("busybox", "sh"), "sh");
	cr_expect_str_eq(applet("/bin/busybox", "/bin/crond"), "crond");
	cr_expect_str_eq(applet("busybox-1.36", "inetd"), "inetd");
	cr_expect_str_eq(applet("busybox", NULL), "");
	cr_expect_str_eq(applet(NULL, NULL), "");
	cr_expect_str_eq(applet("", "sh"), "");
}

Test(intent, a_target_that_is_many_in_one_takes_what_its_applet_takes)
{
	EXPECT("-- /bin/busybox sh -c echo>&7", "generic 7 harmless");
	EXPECT("-- /bin/busybox httpd -c echo>&7", "");
	EXPECT("-- /bin/busybox flock -n 9", "precise 9");
	EXPECT("-- /bin/busybox 9", "");
}

Test(intent, a_program_that_runs_itself_again_keeps_all)
{
	EXPECT("@same -- /usr/sbin/nginx", "all");
	/* Whoever looked says so; the same path may be another program of its kind, forked. */
	EXPECT("@exe=/usr/sbin/nginx\\s(deleted) -- /usr/sbin/nginx", "");
	EXPECT("@exe=/usr/bin/php8.2 -- /usr/bin/php8.2", "");
	EXPECT("@exe=/usr/sbin/nginx -- /usr/local/sbin/nginx", "");
}

Test(intent, the_reason_is_a_text)
{
	cr_expect_str_eq(example_read("@same -- /bin/x", ~0U).image, "runs its own image again");
	cr_expect(strstr(example_read("@exe=/bin/sh -- /bin/x", ~0U).image, "shell"));
	cr_expect(strstr(example_read("@exe=/bin/flock -- /bin/x", ~0U).image, "lock"));
	cr_expect(strstr(example_read("-- /bin/bwrap", ~0U).image, "bwrap"));
	cr_expect(strstr(example_read("-- /lib/systemd/systemd --deserialize=9", ~0U).image,
			 "--deserialize"));
}

Test(intent, a_member_that_is_not_asked_for_is_not_filled_in)
{
	const char *text = "@exe=/bin/sh NGINX=7; A_FD=8 -- /usr/bin/checkpassword-reply";

	cr_expect_str_eq(example_meant(text, FDF_IMAGE), "all; image 3-4");
	cr_expect_str_eq(example_meant(text, FDF_PRECISE), "precise 7 socket");
	cr_expect_str_eq(example_meant(text, FDF_GENERIC), "generic 8 harmless");
	cr_expect_str_eq(example_meant(text, FDF_GIVEN | FDF_ACT | FDF_DUP2), "");
	cr_expect_str_eq(example_meant("-- bwrap --args 7", FDF_PRECISE), "");
}

Test(intent, nothing_to_read_is_nothing_meant)
{
	struct fdf_exec x = { .pid = 1 };
	char *empty[] = { "", NULL };
	struct fdf_intent in;

	fdf_intent_read(&in, &x, ~0U);
	cr_expect(!in.n && !in.image && !in.overflow && fdf_intent_last(&in) == -1);
	x.argv = x.envp = empty;
	fdf_intent_read(&in, &x, ~0U);
	cr_expect(!in.n && !in.image && !in.overflow);
	x.argv = x.envp = empty + 1;
	fdf_intent_read(&in, &x, ~0U);
	cr_expect(!in.n && !in.image && !in.overflow);
}

Test(intent, the_target_is_the_first_argument_if_it_is_not_known)
{
	struct example e;
	struct fdf_intent in;

	example_parse(&e, "-- /usr/bin/sshpass -d7 ssh");
	e.x.into = (struct fdf_str){ NULL, 0 };
	fdf_intent_read(&in, &e.x, ~0U);
	cr_assert_eq(in.n, 1);
	cr_expect_eq(in.meant[0].first, 7);
}

Test(intent, a_program_that_is_called_like_a_word_is_not_one)
{
	EXPECT("-- swrk swrk 7", "");
	EXPECT("-- passwordfd passwordfd 7 logfd 8", "");
	EXPECT("-- -displayfd -displayfd 7", "");
	EXPECT("-- /usr/bin/ --fd 7", "generic 7 harmless");
}

Test(intent, stdio_is_never_listed)
{
	EXPECT("NGINX=0;1;2; A_FD=1 -- prog /dev/fd/0 /dev/fd/1 --x-fd=2", "");
	EXPECT("NGINX=2;3; -- prog", "precise 3 socket");
	EXPECT("FAKEROOT_FD_BASE=1", "precise 3");
}

Test(intent, numbers_up_to_the_largest_that_a_descriptor_can_have)
{
	EXPECT("A_FD=2147483647", "generic 2147483647 harmless");
	EXPECT("A_FD=2147483648", "");
	EXPECT("A_FD=4294967303", "");
	EXPECT("A_FD=18446744073709551623", "");
	EXPECT("A_FD=99999999999999999999999999999999999999999", "");
	EXPECT("A_FD=0x7 B_FD=+7 C_FD=7.5 D_FD=7e1", "");
	EXPECT("A_FD=-7,8", "generic 8 harmless");
	EXPECT("FAKEROOT_FD_BASE=2147483647", "precise 2147483647");
	EXPECT("LISTEN_FDS=2147483647", "precise 3-2147483646");
	EXPECT("LISTEN_FDS=2147483648", "");
	EXPECT("LISTEN_FDS=2147483647 -- runc --preserve-fds 2147483647",
	       "precise 3-2147483646; precise 2147483647");
	EXPECT("NSPR_INHERIT_FDS=a:b:0xffffffff", "");
}

Test(intent, a_number_is_listed_once)
{
	EXPECT("A_FD=7 B_FD=7 -- prog /dev/fd/7 --x-fd=7", "generic 7 harmless");
	EXPECT("MAKEFLAGS=--jobserver-auth=3,4 MFLAGS=--jobserver-auth=3,4",
	       "precise 3 pipe; precise 4 pipe");
}

Test(intent, what_named_it_is_said)
{
	struct example e;
	struct fdf_intent in;
	static const char *const by[] = { "NGINX",  "A_FD",	"LISTEN_FDS",
					  "--x-fd", "/dev/fd/", "/proc/self/fd/",
					  "fd",	    "vhostfds", "-&" };

	example_parse(
		&e,
		"NGINX=10; A_FD=11 LISTEN_FDS=1 -- prog --x-fd=12 /dev/fd/13 a,/proc/self/fd/14 "
		"fd:15 n,vhostfds=16 -&17");
	fdf_intent_read(&in, &e.x, ~0U);
	cr_assert_eq(in.n, 9);
	for (int i = 0; i < 9; i++)
		cr_expect(fdf_str_eq(in.meant[i].by, fdf_str(by[i])), "%.*s is not %s",
			  (int)in.meant[i].by.len, in.meant[i].by.s, by[i]);
}

Test(intent, the_largest_number_is_that_of_any_range)
{
	struct fdf_intent in = example_read("A_FD=900 -- prog /dev/fd/7", ~0U);

	cr_expect_eq(fdf_intent_last(&in), 900);
	in = example_read("LISTEN_FDS=5", ~0U);
	cr_expect_eq(fdf_intent_last(&in), 7);
}

Test(intent, activation_is_for_the_process_that_it_names)
{
	EXPECT("@pid=0 LISTEN_FDS=2", "precise 3-4");
	EXPECT("@pid=0 LISTEN_FDS=2 LISTEN_PID=0", "");
	EXPECT("LISTEN_PID=100 LISTEN_FDS=2", "precise 3-4");
	EXPECT("LISTEN_FDS=2 LISTEN_PID=100x", "");
	EXPECT("LISTEN_FDS=2 LISTEN_PID=", "");
	EXPECT("LISTEN_FDS=2 LISTEN_PID=4294967396", "");
	EXPECT("LISTEN_FDS=-1", "");
	EXPECT("LISTEN_FDS=1 LISTEN_FDS=9", "precise 3");
}

Test(intent, the_last_jobserver_counts)
{
	EXPECT("MAKEFLAGS=--jobserver-auth=3,4\\s--jobserver-auth=5,6",
	       "precise 5 pipe; precise 6 pipe");
	EXPECT("MAKEFLAGS=--jobserver-auth=3,4\\s--jobserver-fds=-2,-2", "");
	EXPECT("MAKEFLAGS=--jobserver-auth=3,4\\s--\\sX=7", "precise 3 pipe; precise 4 pipe");
}

/* n numbers from 10 on, step apart, as name's value. */
static const char *many(const char *name, int n, int step)
{
	static char text[1024];

	strcpy(text, name);
	for (int i = 0; i < n; i++)
		sprintf(text + strlen(text), "%d;", 10 + i * step);
	return text;
}

static bool names(const struct fdf_intent *in, int fd)
{
	for (int i = 0; i < in->n; i++)
		if (in->meant[i].first <= fd && fd <= in->meant[i].last)
			return true;
	return false;
}

Test(intent, neighbours_share_a_place)
{
	struct fdf_intent in = example_read(many("NGINX=", 3 * FDF_MEANT_MAX, 1), ~0U);

	cr_expect_not(in.overflow);
	cr_expect_eq(fdf_intent_last(&in), 9 + 3 * FDF_MEANT_MAX);
	cr_expect_not(names(&in, 9));
	/* Every second one, and then those between. */
	in = example_read(strcat((char *)many("NGINX=", FDF_MEANT_MAX, 2), "11;13;15;"), ~0U);
	cr_expect(!in.overflow && names(&in, 15) && !names(&in, 17));
	cr_expect_eq(in.meant[0].only_if, FDF_IF_SOCKET);
}

Test(intent, what_does_not_fit_counts_and_is_said)
{
	struct fdf_intent in = example_read(many("NGINX=", FDF_MEANT_MAX, 3), ~0U);

	cr_expect(!in.overflow && in.n == FDF_MEANT_MAX && !names(&in, 11));
	in = example_read(many("NGINX=", FDF_MEANT_MAX + 1, 3), ~0U);
	cr_expect(in.overflow && in.n == FDF_MEANT_MAX);
	for (int i = 0; i <= FDF_MEANT_MAX; i++)
		cr_expect(names(&in, 10 + 3 * i), "%d", 10 + 3 * i);
	cr_expect_not(names(&in, 11));
	/* One of another kind finds room. */
	in = example_read(strcat((char *)many("NGINX=", FDF_MEANT_MAX, 3), " A_FD=8"), ~0U);
	cr_expect(in.overflow && names(&in, 8) && names(&in, 7 + 3 * FDF_MEANT_MAX));
	cr_expect_eq(in.meant[in.n - 1].member, FDF_GENERIC);
}

Test(intent, a_path_is_one_only_as_a_whole_component)
{
	EXPECT("-- cat /dev/fd/ /dev/fd /dev/fd/7_ /dev/fd/7.gz /dev/fd/-7 /dev/fd//7", "");
	EXPECT("-- cat /mnt/dev/fd/7 x/proc/self/fd/7 /proc/self/task/fd/7 /proc/fd/7", "");
	EXPECT("-- cat dev/fd/7 proc/self/fd/7 fd/7 /fd/7 /self/fd/7 /proc//fd/7", "");
	EXPECT("-- cat /proc/1000/fd/7 /proc/10/fd/7 /proc/0100x/fd/7 /proc/-100/fd/7", "");
	EXPECT("@pid=0 -- cat /proc/0/fd/7 /proc//fd/8", "");
	EXPECT("-- cat <(x)=/dev/fd/7,/dev/fd/8 -K/dev/fd/9",
	       "generic 7 harmless; generic 8 harmless; generic 9 harmless");
}

Test(intent, an_option_takes_only_a_number)
{
	EXPECT("-- prog --x-fd", "");
	EXPECT("-- prog --x-fd seven --y-fd= --z-fd=-1 --w-fd -1", "");
	EXPECT("-- prog -x-fd 7 x-fd 8 --x-fd-y=9 --fdx=10", "");
	EXPECT("-- dbus-daemon --print-address", "");
	EXPECT("-- sshpass -d", "");
	EXPECT("-- flock", "");
}

/* Whole machine words are read: not behind the end of a page. */
Test(intent, the_end_of_a_page_is_no_danger)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *argv[] = { "x", NULL, NULL };
	struct fdf_exec x = { .argv = argv, .envp = argv };
	struct fdf_intent in;

	cr_assert_neq(p, MAP_FAILED);
	cr_assert_eq(mprotect(p + page, page, PROT_NONE), 0);
	for (size_t len = 0; len < 64; len++) {
		argv[1] = p + page - 1 - len;
		memset(argv[1], 'f', len);
		fdf_intent_read(&in, &x, ~0U);
		cr_expect_eq(in.n, 0);
		if (len < 9)
			continue;
		memcpy(p + page - 10, "/dev/fd/7", 10);
		argv[1] = p + page - 10;
		fdf_intent_read(&in, &x, ~0U);
		cr_expect_eq(in.n, 1);
	}
	munmap(p, 2 * page);
}

Test(intent, the_bytes_before_a_word_are_not_read_as_its_own)
{
	_Alignas(16) char text[64];
	char *argv[] = { "x", NULL, NULL };
	struct fdf_exec x = { .argv = argv };
	struct fdf_intent in;

	for (int at = 1; at < 24; at++)
		for (int before = 0; before < 2; before++) {
			memset(text, 0, sizeof(text));
			for (int i = 0; before && i < at; i++)
				text[i] = i % 2 ? 'f' : 'd';
			strcpy(text + at, "x=/dev/fd/7");
			argv[1] = text + at;
			fdf_intent_read(&in, &x, ~0U);
			cr_assert_eq(in.n, 1, "at %d, %d before", at, before);
			cr_expect_eq(in.meant[0].first, 7);
		}
}

Test(intent, the_names_of_the_members)
{
	cr_expect_str_eq(fdf_member_name(FDF_GIVEN), "given");
	cr_expect_str_eq(fdf_member_name(FDF_IMAGE), "image");
	cr_expect_str_eq(fdf_member_name(FDF_ACT), "act");
	cr_expect_str_eq(fdf_member_name(FDF_PRECISE), "precise");
	cr_expect_str_eq(fdf_member_name(FDF_GENERIC), "generic");
	cr_expect_str_eq(fdf_member_name(FDF_DUP2), "dup2");
}
