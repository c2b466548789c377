/*
 * Attackers: who can write a variable, a file name or a query must not get a
 * descriptor by it that is worth something.  That a generic convention excuses
 * only what is harmless is the policy's part (test_policy_conventions.c).
 */
#include <criterion/criterion.h>

#include "preload/core/exactly.h"
#include "preload/core/policy.h"
#include "tests/unit/core/intent_example.h"

#define EXPECT(text, want) cr_expect_str_eq(example_meant(text, ~0U), want, "%s", text)

Test(intent_attack, an_attacker_cannot_crowd_out_what_is_precise)
{
	char text[1024] = "A_FD=";
	struct fdf_intent in;
	bool found = false;

	for (int fd = 10; fd < 200; fd += 2)
		sprintf(text + strlen(text), "%d,", fd);
	strcat(text, " NGINX=7;");
	in = example_read(text, ~0U);
	cr_expect(in.overflow);
	for (int i = 0; i < in.n; i++)
		found |= in.meant[i].member == FDF_PRECISE && in.meant[i].first == 7;
	cr_expect(found);
}

/* What a client can put into the environment of a CGI program, and into its arguments. */
Test(intent_attack, a_client_of_a_cgi_names_nothing)
{
	EXPECT("HTTP_LISTEN_FDS=7 HTTP_X_FD=7 HTTP_FD=7 HTTP_X_FDS=7,8 HTTP_X=/dev/fd/7", "");
	EXPECT("REDIRECT_X_FD=7 REDIRECT_HTTP_X_FD=8", "");
	EXPECT("QUERY_STRING=x=/dev/fd/7 PATH_INFO=/proc/self/fd/7", "");
	EXPECT("PATH_INFO=/dev/fd/7 GATEWAY_INTERFACE=CGI/1.1 -- prog /dev/fd/7 --x-fd=8 fd:9", "");
	EXPECT("REQUEST_METHOD=GET CONTENT_TYPE=/dev/fd/7", "");
	/* What the server itself passes still counts. */
	EXPECT("GATEWAY_INTERFACE=CGI/1.1 NGINX=7;", "precise 7 socket");
}

Test(intent_attack, a_client_of_sshd_names_nothing)
{
	EXPECT("LC_X_FD=7 LC_ALL=/dev/fd/8", "");
}

/* File names: generic at best for a program that does not take descriptors. */
Test(intent_attack, a_file_name_is_never_precise)
{
	static const char *const programs[] = {
		"cat",	"tar",	"cp",	   "rm",     "grep", "sh",
		"bash", "perl", "convert", "ffmpeg", "git",  "make"
	};
	char text[512];

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		struct fdf_intent in;

		snprintf(text, sizeof(text),
			 "-- /usr/bin/%s --status-fd=7 -displayfd 7 fd:8 /dev/fd/9 -&10 NGINX=11; "
			 "LISTEN_FDS=2 "
			 "swrk 12 -d13 --preserve-fds=4 pipe:14 --deserialize=15 -R --type=x "
			 "-contentproc "
			 "--multiprocessing-fork --jobserver-auth=16,17 fdin=18 tracker_fd=19 20",
			 programs[i]);
		in = example_read(text, ~0U);
		cr_expect_gt(in.n, 0);
		cr_expect(!in.image, "%s", programs[i]);
		for (int k = 0; k < in.n; k++)
			cr_expect(in.meant[k].only_if & FDF_IF_HARMLESS, "%s: %d", programs[i],
				  in.meant[k].first);
	}
}

Test(intent_attack, a_generic_convention_always_carries_its_condition)
{
	struct fdf_intent in =
		example_read("A_FD=7 B=/dev/fd/8 -- prog --x-fd=9 fd:10 a,fd=11 -&12 "
			     "adopt:13 /proc/self/fd/14",
			     ~0U);

	cr_assert_eq(in.n, 8);
	for (int i = 0; i < in.n; i++) {
		cr_expect_eq(in.meant[i].member, FDF_GENERIC);
		cr_expect_eq(in.meant[i].only_if, FDF_IF_HARMLESS);
	}
	/* Also for a program whose own options are precise. */
	EXPECT("-- gpg /dev/fd/7", "generic 7 harmless");
}

/*
 * The sign `pair`: one end on 7 that was made for this child, or forgotten in the same way.  Does
 * this exec keep it, and who is said to have named it?
 */
static const char *pair_named_by(const char *text, unsigned sign, const char *before)
{
	static char by[32];
	struct fdf_policy p = { .verdict = FDF_SEAL, .intent = FDF_INTENT_DEFAULT };
	struct fdf_fd d = { .fd = 7, .have = FDF_HAVE_TYPE, .type = FDF_PIPE };
	struct fdf_before known = { 0 };
	struct fdf_intent in;
	struct fdf_decision v;
	struct example e;

	example_parse(&e, text);
	if (before)
		fdf_before_note(&known, before);
	e.x.before = &known;
	d.sign = (uint8_t)sign;
	fdf_intent_read(&in, &e.x, p.intent);
	v = fdf_decide(&p, &e.x, &in, &d);
	cr_expect_eq(v.verdict, v.reason == FDF_BY_PAIR ? FDF_KEEP : FDF_SEAL, "%s", text);
	snprintf(by, sizeof(by), "%.*s", v.reason == FDF_BY_PAIR ? (int)v.by.len : 0, v.by.s);
	return by;
}
#define PAIR(text, want) \
	cr_expect_str_eq(pair_named_by(text, FDF_SIGN_PAIR, NULL), want, "%s", text)

Test(intent_attack, who_writes_a_number_names_a_pair_at_most)
{
	/* An argument that an attacker may choose is enough for an end made for this child ... */
	PAIR("-- prog 7", "7");
	PAIR("-- prog --count=7", "--count");
	PAIR("-- prog --region=7,4096", "--region");
	PAIR("CHANNEL=7", "CHANNEL");
	/* ... and for nothing else, whatever it is. */
	cr_expect_str_eq(pair_named_by("CHANNEL=7 -- prog 7 --count=7", 0, NULL), "");
}

Test(intent_attack, a_number_within_something_else_names_no_pair)
{
	PAIR("-- 7", ""); /* argv[0] is anybody's */
	PAIR("-- prog x7 7x 07 +7 -7 -f7 7,8 8,7 7.0 0x7", "");
	PAIR("-- prog --a=7x --a=8,7 --a=07 --a= --=8 -a=7", "");
	PAIR("-- prog 77 17 70 --count=70", "");
	PAIR("CHANNEL=7,8 OTHER=x7 THIRD=07 FOURTH=7x FIFTH=", "");
	PAIR("-- prog 4294967303 --count=18446744073709551623", ""); /* 7, were it cut */
}

Test(intent_attack, a_client_names_no_pair)
{
	PAIR("HTTP_X=7 REDIRECT_X=7 LC_X=7", "");
	/* A query reaches the arguments and the variables of a CGI program. */
	PAIR("GATEWAY_INTERFACE=CGI/1.1 CHANNEL=7 -- prog 7 --x=7", "");
	PAIR("QUERY_STRING=7 -- prog 7", "");
	PAIR("REQUEST_METHOD=GET -- prog 7", "");
}

Test(intent_attack, a_variable_that_was_there_names_no_pair)
{
	cr_expect_str_eq(pair_named_by("SHLVL=7", FDF_SIGN_PAIR, "SHLVL=7"), "");
	cr_expect_str_eq(pair_named_by("SHLVL=7", FDF_SIGN_PAIR, "SHLVL=6"), "SHLVL");
	cr_expect_str_eq(pair_named_by("A=7 SHLVL=7", FDF_SIGN_PAIR, "A=7"), "SHLVL");
}

/* Words that the program hands to another, and programs that are only called like one. */
Test(intent_attack, a_word_counts_only_where_the_program_reads_it)
{
	EXPECT("-- python3 show.py -- --multiprocessing-fork", "");
	EXPECT("-- python3 show.py --multiprocessing-fork", "");
	EXPECT("-- python3 show.py "
	       "from\\smultiprocessing.forkserver\\simport\\smain;\\smain(3,\\s4",
	       "");
	EXPECT("-- python3 -m x -c from\\sy\\simport\\smain;\\spipe_handle=7", "");
	EXPECT("-- python3 -c pass --multiprocessing-fork pipe_handle=7", "");
	EXPECT("-- python3 -c pass -c pipe_handle=7", "");
	EXPECT("-- python3 -BX dev -Wd -c f(pipe_handle=7)", "precise 7 pipe");
	EXPECT("-- qemu-img info x,fd=3", "generic 3 harmless");
	EXPECT("-- qemu-system-x86_64 x,fd=3", "generic 3 harmless");
	EXPECT("-- dialog --msgbox fd=4", "generic 4 harmless");
	EXPECT("-- whiptail --msgbox text --foo-fd=4", "generic 4 harmless");
	EXPECT("-- valgrind -- prog --log-fd=4", "generic 4 harmless");
	EXPECT("-- docker-proxy", "");
}

Test(intent_attack, a_name_that_only_begins_alike_is_another)
{
	EXPECT("-- sshd_backup -R x", "");
	EXPECT("-- sshd-session -R", "precise 3-5");
	EXPECT("-- apt-report -Fd=3", "");
	EXPECT("-- Xorg2x -initfd 3", "");
	EXPECT("-- Xorg2 -initfd 3", ""); /* no X server has a version in its name */
	EXPECT("-- Xorgs -initfd 3", "");
	EXPECT("-- Xorg -initfd 3", "precise 3");
	EXPECT("-- gpgfoo --a-fd=4", "generic 4 harmless");
	EXPECT("-- gpg2 --a-fd=4", "precise 4");
	EXPECT("-- containerd-shim-x", "");
	EXPECT("-- twistd-x adopt:4", "generic 4 harmless");
	EXPECT("-- chromatic --remote-debugging-pipe", "");
	EXPECT("-- chromium.backup --type=x", "");
	EXPECT("-- chrome --type=renderer", "all");
	EXPECT("-- google-chrome-wrapper --remote-debugging-pipe", "");
	EXPECT("-- firefox-profile-backup -contentproc", "");
	EXPECT("-- thunderbird.sh -contentproc", "");
	EXPECT("-- vivaldi.old --type=x", "");
	EXPECT("-- emacsclient --daemon=\n7,8\nname", "");
	EXPECT("-- emacs29 --daemon=\n7,8\nname", "precise 7 pipe; precise 8 pipe");
	EXPECT("-- fsck.report -C7 -r 8", "");
	EXPECT("-- fsck.ext4 -C7", "precise 7");
	EXPECT("-- soffice.sh --splash-pipe=5", "");
	EXPECT("-- rxvt-themes -pty-fd 7", "");
	EXPECT("-- s6-linux-init-maker -d 7", "");
	EXPECT("-- s6-svscan -d 7", "precise 7 pipe");
	EXPECT("-- srt-backup --assign-fd=9=8", "");
	EXPECT("-- pressure-vessel-report --a-fd=4", "generic 4 harmless");
	EXPECT("-- kwin_wayland_backup --a-fd=4", "generic 4 harmless");
	EXPECT("-- qemu-system-backup --a-fd=4", "generic 4 harmless");
	EXPECT("-- runsc-metrics --a-fd=4", "generic 4 harmless");
	EXPECT("-- vhost-report --a-fd=4", "generic 4 harmless");
	EXPECT("-- WebKitReport 1 7", "");
	EXPECT("-- WPEReport 1 7", "");
	EXPECT("-- mycrashpad_handler --user-stream-region=7,1", "");
	EXPECT("-- x_crashpad_handler --user-stream-region=7,1", "precise 7 memory");
	EXPECT("-- chpst2 3", "");
	EXPECT("@exe=/usr/bin/flock2 -- prog", "");
	EXPECT("GIT_TRACE2_EVENT_NESTING=7 GIT_TRACES=8 DMTCP_X=1 DMTCP=1", "");
}

/* A loader is the program that it is called with, and nothing else is a loader. */
Test(intent_attack, a_loader_is_what_it_loads)
{
	EXPECT("-- /lib64/ld-linux-x86-64.so.2 /usr/bin/python3 -c f(pipe_handle=7)",
	       "precise 7 pipe");
	EXPECT("-- ld.so --argv0 x --library-path /l --inhibit-cache python3 -c f(pipe_handle=7)",
	       "precise 7 pipe");
	EXPECT("-- /lib/ld-musl-x86_64.so.1 --preload=x -- python3 -c f(pipe_handle=7)",
	       "precise 7 pipe");
	EXPECT("-- /lib64/ld-linux-x86-64.so.2 /bin/busybox sh -c echo>&7", "generic 7 harmless");
	EXPECT("-- ld.so --preload python3 -c f(pipe_handle=7)", ""); /* that is its value */
	EXPECT("-- ld.so --list", "");
	EXPECT("-- ld.so --argv0", "");
	EXPECT("-- ld-linux-backup.so /usr/bin/python3 -c f(pipe_handle=7)", "");
	EXPECT("@exe=/lib64/ld-linux-x86-64.so.2 -- /bin/cat", "");
	cr_expect(fdf_is_loader(fdf_str("/lib64/ld-linux-x86-64.so.2")));
	cr_expect_not(fdf_is_loader(fdf_str("/usr/bin/ld")));
}

/* In the table nothing stands for any ending of a program's name. */
Test(intent_attack, no_name_of_a_program_in_the_table_is_a_pattern)
{
	static const char *const names[] = {
#define FROM(text, why) text,
#define INTO(text)	text,
#define WORD(text, enc, flags)
#include "preload/core/conventions.def"
#undef FROM
#undef INTO
#undef WORD
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *star = strchr(names[i], '*');

		/* but a vendor's, in front of a word of its own */
		cr_expect(!star || (star == names[i] && names[i][1] == '_'), "%s", names[i]);
	}
}

/* What a handler of crashes reads is memory, not what a user made it name. */
Test(intent_attack, a_vendors_crash_handler_gets_memory_alone)
{
	static const struct {
		enum fdf_type type;
		enum fdf_verdict verdict;
	} kinds[] = { { FDF_MEMFD, FDF_KEEP },	  { FDF_FILE, FDF_KEEP }, { FDF_DIR, FDF_SEAL },
		      { FDF_LISTENER, FDF_SEAL }, { FDF_PIPE, FDF_SEAL }, { FDF_ANON, FDF_SEAL } };
	struct fdf_policy p = { .verdict = FDF_SEAL, .intent = FDF_INTENT_DEFAULT };
	struct fdf_intent in;
	struct example e;

	example_parse(&e, "-- x_crashpad_handler --user-stream-region=7,65568");
	fdf_intent_read(&in, &e.x, p.intent);
	cr_expect_eq(fdf_policy_asks(&p, &in, 7) & FDF_HAVE_TYPE, FDF_HAVE_TYPE);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct fdf_fd d = { .fd = 7, .have = FDF_HAVE_TYPE, .type = kinds[i].type };

		cr_expect_eq(fdf_decide(&p, &e.x, &in, &d).verdict, kinds[i].verdict, "%zu", i);
	}
}
