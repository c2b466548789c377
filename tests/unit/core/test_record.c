/*
 * The record: every member, hostile names, and the limits of the buffer.  Each
 * record that is encoded here is parsed by a JSON library.
 */
#include "tests/unit/core/record_json.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <time.h>

static struct fdf_exec x;
static struct fdf_fd d;
static struct fdf_decision v;

static void init(void)
{
	x = (struct fdf_exec){ .event = "exec",
			       .source = "shim",
			       .entry = "execve",
			       .time_s = 1700000000,
			       .time_ns = 123456789,
			       .host = fdf_str("h"),
			       .boot_id = fdf_str("01234567-89ab-cdef-0123-456789abcdef"),
			       .comm = fdf_str("sh"),
			       .pid = 10,
			       .tid = 11,
			       .ppid = 9,
			       .uid = 1000,
			       .gid = 4294967295U,
			       .exe = fdf_str("/usr/bin/dash"),
			       .into = fdf_str("/usr/bin/cat") };
	d = (struct fdf_fd){ .fd = 5,
			     .have = FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_TARGET,
			     .type = FDF_FILE,
			     .status = O_RDWR | O_APPEND,
			     .mode = S_IFREG | 0644,
			     .dev_major = 254,
			     .dev_minor = 1,
			     .ino = UINT64_MAX / 2,
			     .target = fdf_str("/etc/passwd") };
	v = (struct fdf_decision){ .verdict = FDF_SEAL, .reason = FDF_BY_DEFAULT };
}

TestSuite(record, .init = init);

static json_t *encode(void)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 1000);

	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	return finish(&r);
}

static json_t *encode_fd(void)
{
	json_t *j = encode(), *fd = json_incref(json_array_get(json_object_get(j, "fds"), 0));

	cr_assert_eq(json_array_size(json_object_get(j, "fds")), 1);
	json_decref(j);
	return fd;
}

static void time_is(int64_t s, uint32_t ns, const char *want)
{
	json_t *j;

	x.time_s = s;
	x.time_ns = ns;
	j = encode();
	cr_assert_str_eq(text_of(j, "time"), want);
	json_decref(j);
}

/* The exec. */

Test(record, every_member_of_the_exec)
{
	json_t *j = encode();

	cr_assert_eq(number_of(j, "fdfence"), FDF_RECORD_VERSION);
	cr_assert_str_eq(text_of(j, "event"), "exec");
	cr_assert_str_eq(text_of(j, "source"), "shim");
	cr_assert_str_eq(text_of(j, "host"), "h");
	cr_assert_str_eq(text_of(j, "boot_id"), "01234567-89ab-cdef-0123-456789abcdef");
	cr_assert_eq(number_of(j, "pid"), 10);
	cr_assert_eq(number_of(j, "tid"), 11);
	cr_assert_eq(number_of(j, "ppid"), 9);
	cr_assert_eq(number_of(j, "uid"), 1000);
	cr_assert_eq(number_of(j, "gid"), 4294967295LL);
	cr_assert_str_eq(text_of(j, "comm"), "sh");
	cr_assert_str_eq(text_of(j, "exe"), "/usr/bin/dash");
	cr_assert_str_eq(text_of(j, "into"), "/usr/bin/cat");
	cr_assert_str_eq(text_of(j, "entry"), "execve");
	json_decref(j);
}

Test(record, members_come_in_their_order)
{
	static const char *const keys[] = { "fdfence", "event",	   "source", "time",  "id",
					    "host",    "boot_id",  "pid",    "tid",   "ppid",
					    "uid",     "gid",	   "comm",   "exe",   "into",
					    "entry",   "in_child", "argv",   "error", "fds" };
	char *argv[] = { (char *)"cat", NULL };
	const char *key;
	json_t *j, *value;
	size_t i = 0;

	x.argv = argv;
	x.error = 2;
	x.in_child = true;
	j = encode();
	json_object_foreach(j, key, value)
	{
		cr_assert_lt(i, 20);
		cr_assert_str_eq(key, keys[i++]);
	}
	cr_assert_eq(i, 20);
	json_decref(j);
}

Test(record, what_is_not_known_is_left_out)
{
	static const char *const keys[] = { "host", "boot_id", "comm", "exe",	  "into",
					    "argv", "error",   "more", "dropped", "inexact" };
	json_t *j;

	x.host = x.boot_id = x.comm = x.exe = x.into = (struct fdf_str){ NULL, 0 };
	j = encode();
	for (int i = 0; i < 10; i++)
		cr_assert_null(json_object_get(j, keys[i]), "%s", keys[i]);
	json_decref(j);
}

Test(record, the_error_of_a_failed_exec)
{
	json_t *j;

	x.event = "failed";
	x.error = 13;
	j = encode();
	cr_assert_str_eq(text_of(j, "event"), "failed");
	cr_assert_eq(number_of(j, "error"), 13);
	json_decref(j);
}

Test(record, no_descriptors_are_an_empty_array)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	json_t *j;

	fdf_record_begin(&r, &x);
	j = finish(&r);
	cr_assert(json_is_array(json_object_get(j, "fds")));
	cr_assert_eq(json_array_size(json_object_get(j, "fds")), 0);
	json_decref(j);
}

Test(record, drops_and_inexactness_are_told)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	json_t *j;

	fdf_record_begin(&r, &x);
	fdf_record_end(&r, UINT_MAX, "close_range denied");
	j = load(r.buf, r.len);
	cr_assert_eq(number_of(j, "dropped"), UINT_MAX);
	cr_assert_str_eq(text_of(j, "inexact"), "close_range denied");
	json_decref(j);
	free(r.buf);
}

Test(record, a_record_can_be_used_again)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	size_t first;

	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	first = fdf_record_end(&r, 0, NULL);
	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	cr_assert_eq(fdf_record_end(&r, 0, NULL), first);
	free(r.buf);
}

/* Time. */

Test(record, time_has_nanoseconds)
{
	time_is(1700000000, 123456789, "2023-11-14T22:13:20.123456789Z");
	time_is(1700000000, 0, "2023-11-14T22:13:20.000000000Z");
	time_is(1700000000, 999999999, "2023-11-14T22:13:20.999999999Z");
}

Test(record, time_at_the_ends_of_years)
{
	time_is(0, 0, "1970-01-01T00:00:00.000000000Z");
	time_is(946684799, 0, "1999-12-31T23:59:59.000000000Z");
	time_is(946684800, 0, "2000-01-01T00:00:00.000000000Z");
	time_is(1735689599, 0, "2024-12-31T23:59:59.000000000Z");
	time_is(1735689600, 0, "2025-01-01T00:00:00.000000000Z");
	time_is(4102444799, 0, "2099-12-31T23:59:59.000000000Z");
}

Test(record, time_on_leap_days)
{
	time_is(951782400, 0, "2000-02-29T00:00:00.000000000Z");
	time_is(951868800, 0, "2000-03-01T00:00:00.000000000Z");
	time_is(1709164800, 0, "2024-02-29T00:00:00.000000000Z");
	time_is(1740787199, 0, "2025-02-28T23:59:59.000000000Z");
	time_is(1740787200, 0, "2025-03-01T00:00:00.000000000Z");
	time_is(4107542400, 0, "2100-03-01T00:00:00.000000000Z");
}

Test(record, time_that_no_stamp_can_show_is_the_nearest)
{
	time_is(-1, 0, "1970-01-01T00:00:00.000000000Z");
	time_is(253402300799, 0, "9999-12-31T23:59:59.000000000Z");
	time_is(253402300800, 0, "9999-12-31T23:59:59.000000000Z");
	time_is(INT64_MAX, 0, "9999-12-31T23:59:59.000000000Z");
}

Test(record, time_agrees_with_the_libc_on_every_day_of_sixty_years)
{
	char want[40];
	struct tm tm;

	for (time_t t = 86399; t < 60LL * 366 * 86400; t += 86400) {
		gmtime_r(&t, &tm);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000000007Z", &tm);
		time_is(t, 7, want);
	}
}

/* Descriptors. */

Test(record, every_member_of_a_descriptor)
{
	json_t *j;

	v = (struct fdf_decision){ .verdict = FDF_DENY,
				   .reason = FDF_BY_RULE,
				   .by = fdf_str("deny fd=5"),
				   .why = fdf_str("no"),
				   .asked = fdf_str("--fd") };
	j = encode_fd();
	cr_assert_eq(number_of(j, "fd"), 5);
	cr_assert_str_eq(text_of(j, "type"), "file");
	cr_assert_str_eq(text_of(j, "target"), "/etc/passwd");
	cr_assert(json_is_false(json_object_get(j, "cloexec")));
	cr_assert_str_eq(text_of(j, "mode"), "100644");
	cr_assert_str_eq(text_of(j, "dev"), "254:1");
	cr_assert_eq(number_of(j, "ino"), INT64_MAX);
	cr_assert_str_eq(text_of(j, "verdict"), "deny");
	cr_assert_str_eq(text_of(j, "reason"), "rule");
	cr_assert_str_eq(text_of(j, "by"), "deny fd=5");
	cr_assert_str_eq(text_of(j, "why"), "no");
	cr_assert_str_eq(text_of(j, "asked"), "--fd");
	json_decref(j);
}

Test(record, a_descriptor_that_nobody_looked_at)
{
	json_t *j;

	d.have = 0;
	d.cloexec = true;
	j = encode_fd();
	cr_assert_eq(json_object_size(j), 8);
	cr_assert_str_eq(text_of(j, "danger"), "unseen");
	cr_assert_eq(number_of(j, "fd"), 5);
	cr_assert_str_eq(text_of(j, "type"), "unknown");
	cr_assert(json_is_true(json_object_get(j, "cloexec")));
	cr_assert_str_eq(text_of(j, "verdict"), "seal");
	cr_assert_str_eq(text_of(j, "reason"), "default");
	json_decref(j);
}

static void flags_are(uint32_t status, const char *want)
{
	char got[200] = "";
	json_t *j, *f;

	d.status = status;
	j = encode_fd();
	f = json_object_get(j, "flags");
	for (size_t i = 0; i < json_array_size(f); i++) {
		strcat(got, i ? "," : "");
		strcat(got, json_string_value(json_array_get(f, i)));
	}
	cr_assert_str_eq(got, want);
	json_decref(j);
}

Test(record, access_modes)
{
	flags_are(O_RDONLY, "rdonly");
	flags_are(O_WRONLY, "wronly");
	flags_are(O_RDWR, "rdwr");
	flags_are(O_PATH | O_DIRECTORY, "path,directory");
	flags_are(3, "ioctl");
}

Test(record, each_flag_has_its_name)
{
	flags_are(O_APPEND, "rdonly,append");
	flags_are(O_NONBLOCK, "rdonly,nonblock");
	flags_are(O_DSYNC, "rdonly,dsync");
	flags_are(O_SYNC, "rdonly,sync");
	flags_are(O_ASYNC, "rdonly,async");
	flags_are(O_DIRECT, "rdonly,direct");
	flags_are(O_NOFOLLOW, "rdonly,nofollow");
	flags_are(O_NOATIME, "rdonly,noatime");
	flags_are(UINT32_MAX, "path,append,nonblock,sync,async,direct,directory,nofollow,noatime");
}

Test(record, numbers_at_their_limits)
{
	json_t *j;

	d.fd = INT_MAX;
	d.ino = INT64_MAX;
	d.mode = UINT32_MAX;
	d.dev_major = d.dev_minor = UINT32_MAX;
	j = encode_fd();
	cr_assert_eq(number_of(j, "fd"), INT_MAX);
	cr_assert_str_eq(text_of(j, "mode"), "37777777777");
	cr_assert_str_eq(text_of(j, "dev"), "4294967295:4294967295");
	json_decref(j);
}

Test(record, an_inode_of_64_bits_is_written_in_full)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);

	d.ino = UINT64_MAX;
	fdf_record_begin(&r, &x);
	fdf_record_fd(&r, &d, &v);
	r.buf[r.len] = '\0';
	cr_assert(strstr(r.buf, "\"ino\":18446744073709551615,"));
	free(r.buf);
}
