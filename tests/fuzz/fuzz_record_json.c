/*
 * Records as strangers may send them: what rec_read() takes is plain text, and
 * every rule that is made of it parses; and there are not two opinions about any of them.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tests/helpers/same_record.h"
#include "tools/report/causes.h"
#include "tools/records/record_json.h"
#include "tools/records/what.h"
#include "preload/core/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			abort();
}

static void use(const struct rec *r, const struct rec_fd *f)
{
	char *what = what_text(f), *rule = what_rule("keep", r->exe, r->into, f);
	char *reason = what_reason(f);
	struct fdf_rule parsed;
	struct fdf_error err;

	plain(what);
	plain(rule);
	plain(reason);
	/* "" for one whose name is not known: a rule for it would match all of its type. */
	if (*rule && fdf_rules_parse(fdf_str(rule), &parsed, 1, &err) != 1)
		abort();
	free(what);
	free(rule);
	free(reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct causes causes = { 0 };
	struct quick q = { 0 };
	const char *why;
	struct rec r;
	bool took;
	size_t i;

	if (!reads_the_same(&q, (const char *)data, size, &took))
		abort();
	quick_free(&q);
	if (rec_read(&r, (const char *)data, size, &why))
		return 0;
	for (i = 0; i < r.nfds; i++) {
		use(&r, &r.fds[i]);
		causes_get(&causes, &r, &r.fds[i]);
	}
	causes_free(&causes);
	rec_free(&r);
	return 0;
}
