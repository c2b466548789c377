/*
 * The rule parser: whatever the text, it takes it or says where it does not; what
 * it takes can be judged; and a rule's own text is the same rule again.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/rules.h"

#define check(x) ((x) ? (void)0 : abort())

static struct fdf_rule rules[FDF_RULES_MAX], again[1];

static bool same(struct fdf_str a, struct fdf_str b)
{
	return !a.s == !b.s && fdf_str_eq(a, b);
}

static void inside(struct fdf_str part, const char *text, size_t len)
{
	if (part.s)
		check(part.s >= text && part.s + part.len <= text + len);
}

/* Judge it against itself and against what stands in the text. */
static void judge(const struct fdf_rule *r, struct fdf_str text)
{
	struct fdf_exec x = { .exe = text, .into = r->text };
	struct fdf_fd d = {
		.fd = 5, .have = FDF_HAVE_TYPE | FDF_HAVE_TARGET, .type = FDF_FILE, .target = text
	};
	unsigned needs = fdf_rule_needs(r);

	fdf_rule_matches(r, &x, &d);
	d.have = 0;
	if (needs)
		check(!fdf_rule_matches(r, &x, &d));
}

static void ranges(struct fdf_str r)
{
	int last = fdf_ranges_last(r), fd = fdf_ranges_next(r, 0);

	if (!r.s)
		return;
	check(last >= 0 && fd >= 0 && fd <= last && fdf_ranges_have(r, last));
	for (int i = 0; i < 100 && fd >= 0 && fd < INT_MAX; i++) {
		check(fdf_ranges_have(r, fd));
		fd = fdf_ranges_next(r, fd + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fdf_error err;
	char *text = malloc(size + !size);
	int n;

	memcpy(text, data, size);
	n = fdf_rules_parse((struct fdf_str){ text, size }, rules, FDF_RULES_MAX, &err);
	if (n < 0) {
		check(err.pos <= size && err.line >= 1 && err.expected && *err.expected);
		free(text);
		return 0;
	}
	check(n <= FDF_RULES_MAX);
	for (int i = 0; i < n; i++) {
		const struct fdf_rule *r = &rules[i];

		check(r->verdict > FDF_NONE && r->verdict < FDF_VERDICTS);
		inside(r->text, text, size);
		inside(r->exe, text, size);
		inside(r->into, text, size);
		inside(r->path, text, size);
		inside(r->fds, text, size);
		inside(r->why, text, size);
		judge(r, (struct fdf_str){ text, size < 300 ? size : 300 });
		ranges(r->fds);
		check(fdf_rules_parse(r->text, again, 1, &err) == 1);
		check(again->verdict == r->verdict && again->types == r->types && !again->why.s);
		check(same(again->text, r->text) && same(again->exe, r->exe) &&
		      same(again->into, r->into) && same(again->path, r->path) &&
		      same(again->fds, r->fds));
	}
	free(text);
	return 0;
}
