/*
 * The key: what a collector reads is what was left in it, and nothing before that.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/keyctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/paths.h"
#include "tools/records/key.h"

#define LOG "@fdfence-test-key"

static long key;

static void make_key(void)
{
	/* A session keyring of this test's own, which ends with it. */
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		cr_skip_test("no keyring here: %s", strerror(errno));
	key = key_new(LOG);
	cr_assert_gt(key, 0);
}

static void take_key(void)
{
	key_remove(key);
}

static void word_is(int expected, const char *name)
{
	int error = -1;
	char *exe = NULL;

	cr_assert_eq(key_read(key, &error, &exe), 0);
	cr_expect_eq(error, expected);
	cr_expect_str_eq(exe, name);
	free(exe);
}

static void write_key(const char *word, size_t len)
{
	cr_assert_eq(syscall(SYS_keyctl, KEYCTL_UPDATE, key, word, len), 0);
}

TestSuite(key, .init = make_key, .fini = take_key, .timeout = 20);

Test(key, holds_nothing_before_somebody_wrote)
{
	int error = -1;
	char *exe = NULL;

	cr_expect_eq(key_read(key, &error, &exe), -1);
	cr_expect_eq(error, -1);
	cr_expect_null(exe);
}

Test(key, holds_the_word_that_was_left)
{
	key_leave_word(LOG, 111);
	word_is(111, paths_self());
}

/* The mark of an empty key is one byte: what is longer was written by somebody. */
Test(key, longer_than_the_mark_is_a_word)
{
	write_key("-\0", 2);
	word_is(0, "-");
	write_key("-\0 longer than the mark", 23);
	word_is(0, "-");
}
