/*
 * Numbers in text: too large is never another, smaller one.
 */
#include <criterion/criterion.h>

#include "preload/core/facts.h"

static void reads(const char *text, uint32_t n, const char *rest)
{
	const char *s = text;
	uint32_t got = fdf_take_number(&s);

	cr_expect_eq(got, n, "%s: %u", text, got);
	cr_expect_str_eq(s, rest, "%s: at %s", text, s);
}

Test(facts, a_number_ends_at_the_first_byte_that_is_no_digit)
{
	reads("", 0, "");
	reads("x", 0, "x");
	reads("-1", 0, "-1");
	reads("0", 0, "");
	reads("12/34", 12, "/34");
	reads("000000000000000007", 7, "");
}

Test(facts, too_large_a_number_is_the_largest)
{
	reads("4294967294.", 4294967294U, ".");
	reads("4294967295", UINT32_MAX, "");
	reads("4294967296", UINT32_MAX, "");
	reads("4294967299", UINT32_MAX, "");
	reads("42949672950", UINT32_MAX, "");
	reads("99999999999999999999999999999999/", UINT32_MAX, "/");
}

static void addresses(const char *listen_fds, const char *listen_pid, int n)
{
	int got = fdf_addressed(listen_fds, listen_pid, 100);

	cr_expect_eq(got, n, "LISTEN_FDS=%s LISTEN_PID=%s: %d", listen_fds ? listen_fds : "(none)",
		     listen_pid ? listen_pid : "(none)", got);
}

Test(facts, so_many_are_addressed_to_the_process_that_is_named)
{
	addresses("2", "100", 2);
	addresses("65535", "100", 65535);
	addresses("2147483647", "100", 65535);
	addresses("0", "100", 0);
	addresses("2", "99", 0);
	addresses(NULL, "100", 0);
	addresses("2", NULL, 0);
	addresses("", "100", 0);
	addresses("2", "", 0);
	addresses("2x", "100", 0);
	addresses("2", "100x", 0);
	cr_expect_eq(fdf_addressed("2", "0", 0), 0); /* who is not known */
}

Test(facts, what_is_too_large_is_addressed_to_nobody)
{
	addresses("4294967298", "100", 0); /* 2^32 + 2 */
	addresses("2", "4294967396", 0);   /* 2^32 + 100 */
	addresses("65538", "100", 65535);  /* 2^16 + 2 */
	addresses("2147483648", "100", 0);
	addresses("18446744073709551618", "100", 0);
}
