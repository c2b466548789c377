/* Records of what has more descriptors than one holds: tools/view/json.c. */
#include "tests/unit/core/record_json.h"
#include "tools/view/json.h"

static const struct fdf_decision leak = { .verdict = FDF_SEAL, .reason = FDF_BY_DEFAULT };

/* Each of the records in t, whole and no longer than one may be.  How many descriptors they tell of. */
static size_t told(const struct view_json *t, size_t len)
{
	size_t n = 0, one;

	for (const char *line = t->buf; len; line += one, len -= one) {
		const char *end = memchr(line, '\n', len);
		json_t *j;

		cr_assert(end);
		one = (size_t)(end - line) + 1;
		cr_assert_leq(one, FDF_RECORD_MAX);
		j = load(line, one);
		n += json_array_size(json_object_get(j, "fds"));
		json_decref(j);
	}
	return n;
}

Test(view_json, members_as_long_as_may_be_stand_in_records_that_are_whole)
{
	static const struct fdf_exec x = { .event = "exec", .source = "trace", .pid = 10 };
	static const struct view_place nowhere = { .cgroup = "" };
	struct view_json t = { 0 };
	char members[513], target[257] = "";
	size_t len;

	snprintf(members, sizeof(members), ",\"x\":\"%0505d\"", 0);
	cr_assert_eq(strlen(members), 512);
	for (size_t n = 0; n < sizeof(target) - 1; n++) {
		struct fdf_fd d = { .fd = 3, .have = FDF_HAVE_TARGET };

		target[n] = 'x';
		d.target = (struct fdf_str){ target, n + 1 };
		view_json_begin(&t, &x, &nowhere, members, false);
		for (int i = 0; i < 150; i++)
			view_json_fd(&t, &d, &leak, members);
		len = view_json_end(&t, 0, NULL);
		cr_assert_eq(told(&t, len), 150);
	}
	free(t.buf);
}
