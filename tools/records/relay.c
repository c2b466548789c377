/*
 * relay.c: a collector below another one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/records/relay.h"
#include "tools/records/send.h"

/* Is there a collector outside, which those below this process write to until they are told another? */
static bool is_due(void)
{
	const char *log = getenv("FDFENCE_LOG"), *key = getenv("FDFENCE_LOG_KEY");

	return log && log[0] == '@' && key && *key;
}

void relay_open(struct relay *r)
{
	const char *what = getenv("FDFENCE_LOG_WHAT");

	*r = (struct relay){ 0 };
	if (!is_due())
		return;
	r->log = must_dup(getenv("FDFENCE_LOG"));
	r->key = must_dup(getenv("FDFENCE_LOG_KEY"));
	r->all = what && !strcmp(what, "all");
}

/* Quotation marks in texts are escaped, so that these stand for members alone. */
static bool has_leak(const char *record, size_t len)
{
	static const char any[] = "\"verdict\":\"", kept[] = "\"verdict\":\"keep\"";
	const char *at = record, *end = record + len;

	for (; (at = memmem(at, (size_t)(end - at), any, sizeof(any) - 1)); at++)
		if ((size_t)(end - at) < sizeof(kept) - 1 ||
		    memcmp(at, kept, sizeof(kept) - 1) != 0)
			return true;
	return false;
}

void relay_record(const struct relay *r, pid_t pid, const char *record, size_t len)
{
	static const char ours[] = "\"source\":\"command\"";
	char head[16] = "";

	/* What we say about CMD the shim in us has told already. */
	if (!r->log || memmem(record, len, ours, sizeof(ours) - 1) ||
	    !(r->all || has_leak(record, len)))
		return;
	if (pid > 0)
		snprintf(head, sizeof(head), "%d", (int)pid);
	record_send(r->log, r->key, head, record, len);
}

void relay_close(struct relay *r)
{
	free(r->log);
	free(r->key);
}
