/*
 * Reading records: what a shim writes is taken, and nothing that a stranger may
 * send gets further than rec_read().
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "preload/core/record.h"
#include "tools/records/record_json.h"

static struct rec r;
static const char *why;

static int read_text(const char *line)
{
	return rec_read(&r, line, strlen(line), &why);
}

#define HEAD "{\"fdfence\":1,\"event\":\"exec\",\"pid\":7"

Test(record_json, what_the_encoder_writes)
{
	static char buf[FDF_RECORD_MIN];
	struct fdf_sock sock = { .family = 2,
				 .type = 1,
				 .protocol = 6,
				 .local_len = 16,
				 .local = { 2, 0, 0, 80, 127, 0, 0, 1 } };
	struct fdf_fd d = { .fd = 5,
			    .have = 15,
			    .type = FDF_LISTENER,
			    .status = 2,
			    .mode = 0140777,
			    .target = fdf_str("socket:[9]"),
			    .sock = &sock };
	struct fdf_decision v = { .verdict = FDF_SEAL, .reason = FDF_BY_DEFAULT };
	char *argv[] = { "sh", "-c", "echo \033[31m", NULL };
	struct fdf_exec x = { .event = "exec",
			      .source = "shim",
			      .entry = "execve",
			      .pid = 7,
			      .exe = fdf_str("/a\nb\\"),
			      .into = fdf_str("/bin/sh"),
			      .argv = argv };
	struct fdf_record rec = { .buf = buf, .cap = sizeof(buf), .argv_max = 100 };
	char exe[32];

	fdf_record_begin(&rec, &x);
	fdf_record_fd(&rec, &d, &v);
	cr_assert_eq(rec_read(&r, buf, fdf_record_end(&rec, 3, "why not"), &why), 0, "%s", why);
	cr_assert_eq(r.event, REC_EXEC);
	cr_assert_eq(r.pid, 7);
	cr_assert_str_eq(r.into, "/bin/sh");
	cr_assert_str_eq(r.exe, "/a\\x0ab\\x5c");
	strcpy(exe, r.exe);
	cr_assert_eq(rec_unescape(exe), 5);
	cr_assert_str_eq(exe, "/a\nb\\");
	cr_assert_str_eq(json_string_value(json_array_get(r.argv, 2)), "echo \\x1b[31m");
	cr_assert_eq(r.dropped, 3);
	cr_assert_str_eq(r.inexact, "why not");
	cr_assert_eq(r.nfds, 1);
	cr_assert_eq(r.fds[0].fd, 5);
	cr_assert_eq(r.fds[0].type, FDF_LISTENER);
	cr_assert_str_eq(r.fds[0].access, "", "of a socket it says nothing");
	cr_assert_eq(r.fds[0].verdict, FDF_SEAL);
	cr_assert_eq(r.fds[0].reason, FDF_BY_DEFAULT);
	cr_assert_str_eq(r.fds[0].local, "127.0.0.1:80");
	rec_free(&r);
}

Test(record_json, what_is_left_out_reads_as_empty)
{
	cr_assert_eq(read_text(HEAD "}"), 0, "%s", why);
	cr_assert_str_eq(r.exe, "");
	cr_assert_eq(r.nfds, 0);
	cr_assert_null(r.argv);
	rec_free(&r);
}

Test(record_json, the_whole_record_behind_a_torn_one)
{
	cr_assert_eq(
		read_text("{\"fdfence\":1,\"event\":\"exec\",\"pid\":3,\"exe\":\"/bi" HEAD "}\n"),
		0, "%s", why);
	cr_assert_eq(r.pid, 7);
	rec_free(&r);
}

static void refused(const char *line)
{
	cr_assert_eq(read_text(line), -1, "taken: %s", line);
	cr_assert_not_null(why);
	cr_assert_null(r.root, "something is left to free: %s", line);
	cr_assert_null(r.fds);
}

Test(record_json, refuses_what_is_no_record)
{
	refused("");
	refused("hello");
	refused("[]");
	refused("{\"fdfence\":");
	refused("{\"fdfence\":1}");
	refused("{\"fdfence\":2,\"event\":\"exec\",\"pid\":7}");
	refused("{\"fdfence\":\"1\",\"event\":\"exec\",\"pid\":7}");
	refused("{\"fdfence\":1,\"event\":\"dance\",\"pid\":7}");
	refused("{\"fdfence\":1,\"event\":\"exec\"}");
	refused("{\"fdfence\":1,\"event\":\"exec\",\"pid\":0}");
	refused(HEAD "} x");
	refused(HEAD ",\"pid\":8}");
}

Test(record_json, refuses_words_that_nobody_knows)
{
	refused(HEAD ",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"whim\"}]}");
	refused(HEAD ",\"fds\":[{\"fd\":5,\"verdict\":\"seal\"}]}");
	refused(HEAD ",\"fds\":[{\"fd\":5,\"verdict\":\"maybe\",\"reason\":\"default\"}]}");
	refused(HEAD ",\"fds\":[{\"fd\":5,\"verdict\":\"none\",\"reason\":\"default\"}]}");
	refused(HEAD ",\"fds\":[{\"fd\":5,\"reason\":\"default\"}]}");
	refused(HEAD ",\"fds\":[{\"fd\":5,\"type\":\"door\",\"verdict\":\"seal\",\"reason\":"
		     "\"default\"}]}");
}

Test(record_json, refuses_wrong_types)
{
	refused(HEAD ",\"exe\":1}");
	refused(HEAD ",\"argv\":\"x\"}");
	refused(HEAD ",\"argv\":[1]}");
	refused(HEAD ",\"fds\":{}}");
	refused(HEAD ",\"fds\":[1]}");
	refused(HEAD ",\"fds\":[{}]}");
	refused(HEAD ",\"fds\":[{\"fd\":5}]}");
	refused(HEAD ",\"fds\":[{\"fd\":-1,\"verdict\":\"seal\",\"reason\":\"default\"}]}");
	refused(HEAD ",\"fds\":[{\"fd\":4294967301,\"verdict\":\"seal\",\"reason\":\"default\"}]}");
	refused(HEAD
		",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\",\"socket\":1}]}");
	refused(HEAD
		",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\",\"flags\":[1]}]}");
	refused(HEAD
		",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\",\"cloexec\":1}]}");
	cr_assert_eq(
		read_text(HEAD
			  ",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\"}]}"),
		0);
	rec_free(&r);
	refused(HEAD ",\"more\":-1}");
	refused(HEAD ",\"pid2\":18446744073709551616}");
}

/* JSON can spell a control byte without holding one. */
Test(record_json, refuses_text_that_would_harm_a_terminal)
{
	refused(HEAD ",\"exe\":\"\\u001b[2J\"}");
	refused(HEAD ",\"exe\":\"a\\nb\"}");
	refused(HEAD ",\"exe\":\"\\u007f\"}");
	refused(HEAD ",\"exe\":\"\\u009b31m\"}");
	refused(HEAD ",\"exe\":\"\xc2\x9b\"}");
	refused(HEAD ",\"exe\":\"\\u202egnp.exe\"}");
	refused(HEAD ",\"exe\":\"\\u2066\"}");
	refused(HEAD ",\"exe\":\"\\u061c\"}");
	refused(HEAD ",\"exe\":\"\\u0000\"}");
	refused(HEAD ",\"exe\":\"\xff\"}");
	refused(HEAD ",\"argv\":[\"\\u001b\"]}");
	refused(HEAD ",\"unknown\":{\"deep\":[\"\\u001b\"]}}");
	refused(HEAD ",\"\\u001b\":1}");
	refused(HEAD ",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\",\"by\":"
		     "\"\\u001b\"}]}");
}

Test(record_json, refuses_nesting_without_end)
{
	static char deep[40000];
	size_t n = (size_t)sprintf(deep, "%s,\"x\":", HEAD);

	memset(deep + n, '[', 30000);
	refused(deep);
	refused(HEAD ",\"x\":[[[[[[\"a\"]]]]]]}");
}

Test(record_json, other_letters_are_no_harm)
{
	cr_assert_eq(read_text(HEAD ",\"exe\":\"/srv/\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}"), 0,
		     "%s", why);
	cr_assert_str_eq(r.exe, "/srv/\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	rec_free(&r);
}

Test(record_json, a_half_escape_stays_as_it_is)
{
	char s[] = "a\\x4\\xgg\\x41\\";

	cr_assert_eq(rec_unescape(s), 10);
	cr_assert_str_eq(s, "a\\x4\\xggA\\");
}
