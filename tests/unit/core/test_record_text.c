/*
 * The record: names that were made to do harm, and the limits of the buffer.
 */
#include "tests/unit/core/record_json.h"

#include <limits.h>

static struct fdf_exec x;
static struct fdf_fd d;
static struct fdf_decision v;

static void init(void)
{
	x = (struct fdf_exec){ .event = "exec", .source = "shim", .entry = "execve" };
	d = (struct fdf_fd){ .fd = 5, .have = FDF_HAVE_TARGET };
	v = (struct fdf_decision){ .verdict = FDF_SEAL, .reason = FDF_BY_DEFAULT };
}

TestSuite(record_text, .init = init);

/* The text that stands for n bytes as a target. */
static char *target_of(const char *bytes, size_t n)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	char *copy = malloc(n), *got;
	json_t *j;

	memcpy(copy, bytes, n);
	d.target = (struct fdf_str){ copy, n };
	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	j = finish(&r);
	got = strdup(text_of(json_array_get(json_object_get(j, "fds"), 0), "target"));
	json_decref(j);
	free(copy);
	return got;
}

static void becomes(const char *bytes, size_t n, const char *want)
{
	char *got = target_of(bytes, n);

	cr_assert_str_eq(got, want);
	free(got);
}

#define BECOMES(bytes, want) becomes(bytes, sizeof(bytes) - 1, want)

Test(record_text, plain_text_stays)
{
	BECOMES("/a b/c~{}[]:,'#;", "/a b/c~{}[]:,'#;");
}

Test(record_text, quotes_are_plain_text)
{
	BECOMES("a\"b", "a\"b");
}

Test(record_text, the_backslash_is_escaped_so_that_escapes_are_unambiguous)
{
	BECOMES("a\\b", "a\\x5cb");
	BECOMES("\\x41", "\\x5cx41");
}

Test(record_text, every_control_byte_is_escaped)
{
	char byte, want[8];

	for (int c = 0; c < 0x20; c++) {
		byte = (char)c;
		snprintf(want, sizeof(want), "\\x%02x", c);
		becomes(&byte, 1, want);
	}
	BECOMES("\x7f", "\\x7f");
}

Test(record_text, terminal_escapes_do_no_harm)
{
	BECOMES("\x1b]0;title\a\x1b[2J", "\\x1b]0;title\\x07\\x1b[2J");
	BECOMES("line\nline\r", "line\\x0aline\\x0d");
}

Test(record_text, letters_of_every_length_stay)
{
	BECOMES("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7");
	BECOMES("\xc2\xa0\xdf\xbf\xe0\xa0\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		"\xc2\xa0\xdf\xbf\xe0\xa0\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
	BECOMES("\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80");
}

Test(record_text, c1_controls_are_escaped)
{
	BECOMES("\xc2\x80\xc2\x9b\xc2\x9f", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f");
}

Test(record_text, direction_overrides_are_escaped)
{
	BECOMES("a\xe2\x80\xae"
		"gpj.exe",
		"a\\xe2\\x80\\xaegpj.exe");
	BECOMES("\xe2\x80\x8e\xe2\x80\x8f", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f");
	BECOMES("\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9",
		"\\xe2\\x80\\xaa\\xe2\\x81\\xa6\\xe2\\x81\\xa9");
	BECOMES("\xd8\x9c", "\\xd8\\x9c");
}

Test(record_text, what_breaks_lines_is_escaped)
{
	BECOMES("\xe2\x80\xa8\xe2\x80\xa9\xc2\x85", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9\\xc2\\x85");
}

Test(record_text, what_nobody_can_see_is_escaped)
{
	BECOMES("\xe2\x80\x8b\xef\xbb\xbf\xc2\xad", "\\xe2\\x80\\x8b\\xef\\xbb\\xbf\\xc2\\xad");
	BECOMES("\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81");
}

Test(record_text, neighbours_of_what_is_escaped_stay)
{
	BECOMES("\xc2\xa0\xc2\xae\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0",
		"\xc2\xa0\xc2\xae\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0");
}

Test(record_text, bytes_that_are_no_utf8_are_escaped)
{
	BECOMES("\xff\xfe\x80\xbf", "\\xff\\xfe\\x80\\xbf");
	BECOMES("\xc0\xaf", "\\xc0\\xaf");				       /* overlong */
	BECOMES("\xc1\xbf", "\\xc1\\xbf");				       /* overlong */
	BECOMES("\xe0\x9f\xbf", "\\xe0\\x9f\\xbf");			       /* overlong */
	BECOMES("\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf");		       /* overlong */
	BECOMES("\xed\xa0\x80\xed\xbf\xbf", "\\xed\\xa0\\x80\\xed\\xbf\\xbf"); /* surrogates */
	BECOMES("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");		       /* behind Unicode */
	BECOMES("\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80");
}

Test(record_text, a_character_that_breaks_off_is_escaped)
{
	BECOMES("\xc3", "\\xc3");
	BECOMES("\xe2\x82", "\\xe2\\x82");
	BECOMES("\xf0\x9f\x90", "\\xf0\\x9f\\x90");
	BECOMES("\xe2\x82x", "\\xe2\\x82x");
	BECOMES("\xc3\xc3\xa9", "\\xc3\xc3\xa9");
}

Test(record_text, every_pair_of_bytes_comes_back)
{
	unsigned char pair[2], out[8];
	bool cut;

	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			char *got;

			pair[0] = (unsigned char)a;
			pair[1] = (unsigned char)b;
			got = target_of((const char *)pair, 2);
			cr_assert_eq(unescape(got, out, &cut), 2, "%02x %02x", a, b);
			cr_assert_eq(memcmp(out, pair, 2), 0, "%02x %02x", a, b);
			cr_assert_not(cut);
			free(got);
		}
	}
}

Test(record_text, a_name_cannot_look_like_a_record)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 1000);
	char *argv[] = { (char *)"\n{\"fdfence\":1,\"event\":\"exec\"", NULL };
	size_t len;

	x.argv = argv;
	x.exe = fdf_str(argv[0]);
	fdf_record_begin(&r, &x);
	len = fdf_record_end(&r, 0, NULL);
	cr_assert_null(memmem(r.buf + 1, len - 1, "{\"fdfence\":", 11));
	free(r.buf);
}

Test(record_text, a_long_text_is_cut_between_characters)
{
	unsigned char out[FDF_RECORD_MIN];
	char text[2000], *got;
	size_t n;
	bool cut;

	for (size_t i = 0; i < 1998; i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	got = target_of(text, 1998);
	n = unescape(got, out, &cut);
	cr_assert(cut);
	cr_assert_eq(n % 3, 0);
	cr_assert_gt(n, 900);
	cr_assert_eq(memcmp(out, text, n), 0);
	free(got);
}

/* Limits of the buffer. */

static char junk[70000];

/* Every text as long and as bad as can be. */
static void worst(void)
{
	static char *argv[] = { junk, junk, junk, NULL };
	struct fdf_str all = { junk, sizeof(junk) - 1 };

	memset(junk, 1, sizeof(junk) - 1);
	x.host = x.boot_id = x.comm = x.exe = x.into = all;
	x.argv = argv;
	x.pid = x.tid = x.ppid = -1;
	x.uid = x.gid = UINT_MAX;
	x.error = INT_MAX;
	x.entry = x.event = x.source = "a word of our own that is as long as one may be...";
	d.target = all;
}

Test(record_text, begin_and_end_fit_into_the_smallest_buffer)
{
	worst();
	for (size_t max = 0; max < 5000; max += 7) {
		struct fdf_record r = new_record(FDF_RECORD_MIN, max);
		json_t *j;

		fdf_record_begin(&r, &x);
		r.more = r.more_kept = UINT_MAX;
		fdf_record_end(&r, UINT_MAX, junk);
		cr_assert_leq(r.len, r.cap);
		j = load(r.buf, r.len);
		cr_assert_eq(number_of(j, "more"), UINT_MAX);
		cr_assert_eq(number_of(j, "dropped"), UINT_MAX);
		json_decref(j);
		free(r.buf);
	}
}

Test(record_text, what_is_kept_takes_no_room_from_what_leaks)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	size_t listed;
	json_t *j;

	x.exe = fdf_str("/usr/bin/dash");
	d.target = fdf_str("/some/path");
	fdf_record_begin(&r, &x);
	v.verdict = FDF_KEEP;
	for (d.fd = 3; d.fd < 1003; d.fd++)
		fdf_record_fd(&r, &d, &v);
	v.verdict = FDF_SEAL;
	fdf_record_fd(&r, &d, &v);
	j = finish(&r);
	listed = json_array_size(json_object_get(j, "fds"));
	cr_assert_null(json_object_get(j, "more"));
	cr_assert_eq(number_of(j, "more_kept"), 1000 - (listed - 1));
	cr_assert_eq(number_of(json_array_get(json_object_get(j, "fds"), listed - 1), "fd"), 1003);
	json_decref(j);
}

/* limits: record-size */
Test(record_text, every_size_of_buffer_holds_whole_records)
{
	memset(junk, 1, sizeof(junk) - 1);
	for (size_t cap = FDF_RECORD_MIN; cap < FDF_RECORD_MIN + 700; cap++) {
		struct fdf_record r = new_record(cap, 300);
		json_t *j;

		x.exe = fdf_str("/usr/bin/dash");
		d.target = fdf_str("/some/path/\n\"of\"/a/file");
		fdf_record_begin(&r, &x);
		for (d.fd = 3; d.fd < 103; d.fd++)
			fdf_record_fd(&r, &d, &v);
		cr_assert_leq(fdf_record_end(&r, UINT_MAX, junk), cap);
		j = load(r.buf, r.len);
		free(r.buf);
		cr_assert_eq(json_array_size(json_object_get(j, "fds")) +
				     (size_t)number_of(j, "more"),
			     100);
		cr_assert_geq(json_array_size(json_object_get(j, "fds")), 20);
		json_decref(j);
	}
}

Test(record_text, a_descriptor_that_does_not_fit_leaves_nothing_behind)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	size_t len;

	worst();
	fdf_record_begin(&r, &x);
	len = r.len;
	v.by = v.why = d.target;
	fdf_record_fd(&r, &d, &v);
	cr_assert_eq(r.len, len);
	cr_assert_eq(r.more, 1);
	cr_assert_eq(r.fds, 0);
	json_decref(finish(&r));
}

Test(record_text, a_small_descriptor_may_follow_a_large_one_that_did_not_fit)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	json_t *j;

	worst();
	fdf_record_begin(&r, &x);
	v.by = v.why = d.target;
	fdf_record_fd(&r, &d, &v);
	v.by = v.why = (struct fdf_str){ NULL, 0 };
	d.fd = 6;
	d.have = 0;
	fdf_record_fd(&r, &d, &v);
	j = finish(&r);
	cr_assert_eq(number_of(j, "more"), 1);
	cr_assert_eq(number_of(json_array_get(json_object_get(j, "fds"), 0), "fd"), 6);
	json_decref(j);
}

Test(record_text, paths_of_full_length_fit_into_sixteen_thousand_bytes)
{
	struct fdf_record r = new_record(16384 + 64, 0);
	json_t *j;

	memset(junk, 'p', sizeof(junk) - 1);
	x.exe = d.target = (struct fdf_str){ junk, 4095 };
	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	j = finish(&r);
	cr_assert_eq(strlen(text_of(j, "exe")), 4095);
	cr_assert_eq(strlen(text_of(json_array_get(json_object_get(j, "fds"), 0), "target")), 4095);
	json_decref(j);
}
