/* Which part of a log is older: tools/commands/rotated.c. */
#include <criterion/criterion.h>

#include "tools/commands/rotated.h"

static struct rotated parsed(const char *name)
{
	struct rotated r;

	cr_assert(rotated_parse(&r, name), "%s", name);
	return r;
}

static int order(const char *a, const char *b)
{
	struct rotated x = parsed(a), y = parsed(b);
	int r = rotated_order(&x, &y);

	return (r > 0) - (r < 0);
}

/* The oldest first. */
static const char *const parts[] = {
	"f.jsonl.100",
	"f.jsonl.10",
	"f.jsonl.3",
	"f.jsonl.2.gz",
	"f.jsonl.1",
	"f.jsonl-20261123",
	"f.jsonl-20261124.zst",
	"f.jsonl-2026112407",
	"f.jsonl.2026-11-24",
	"f.jsonl.2026-11-25",
	"f.jsonl.20261123",
	"f.jsonl.20261124",
	"f.jsonl",
};

#define N (sizeof(parts) / sizeof(*parts))

Test(rotated, numbers_and_dates_are_one_order)
{
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++)
			cr_expect_eq(order(parts[i], parts[j]), (i > j) - (i < j), "%s, %s",
				     parts[i], parts[j]);
}

Test(rotated, the_next_number_follows)
{
	struct rotated two = parsed("f.jsonl.2"), one = parsed("f.jsonl.1"),
		       now = parsed("f.jsonl"), day = parsed("f.jsonl.20261124"),
		       next = parsed("f.jsonl.20261125");

	cr_expect(rotated_follows(&two, &one));
	cr_expect(rotated_follows(&one, &now));
	cr_expect_not(rotated_follows(&two, &now));
	cr_expect_not(rotated_follows(&one, &two));
	cr_expect(rotated_follows(&day, &next));
	cr_expect_not(rotated_follows(&next, &day));
	cr_expect(rotated_follows(&next, &now));
	cr_expect_not(rotated_follows(&one, &day), "a number tells nothing of a date");
}
