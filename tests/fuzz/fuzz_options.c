/*
 * Command lines, a NUL between two words: taken or refused, in the same way twice.  What names files is
 * left out: fuzz_profile.c and fuzz_rules.c have what stands in them.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tools/options/config.h"

#define check(x)  ((x) ? (void)0 : abort())
#define WORDS_MAX 32

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	switch (row->id) {
	case OPT_RULES:
	case OPT_PROFILE:
	case OPT_OUTPUT:
	case OPT_LOG:
		return 0;
	default:
		return config_take(ctx, row, arg);
	}
}

static const struct option_row *const tables[] = {
	config_launch_rows,  config_supervise_rows,
	config_policy_rows,  config_fence_rows,
	config_log_rows,     config_output_rows,
	config_message_rows, config_filter_rows,
	config_into_rows,    NULL,
};
static const struct options fuzzed = {
	.name = "fuzz",
	.about = "For a fuzzer",
	.usage = "-- CMD",
	.tables = tables,
	.take = take,
	.mixed = true,
};

/* What became of them, and whether the settings hold together. */
static int parse(const unsigned char *data, size_t len, size_t *nwords)
{
	char *text = malloc(len + 1), *argv[WORDS_MAX + 2] = { "fuzz" }, *words[4], *filter;
	struct config c;
	int argc = 1, r;

	memcpy(text, data, len);
	text[len] = '\0';
	for (size_t at = 0; at < len && argc <= WORDS_MAX; at += strlen(text + at) + 1)
		argv[argc++] = text + at;
	config_init(&c);
	optind = 0;
	*nwords = 0;
	r = options_words(&fuzzed, argc, argv, &c, words, 4, nwords);
	check(*nwords <= 4);
	if (r == OPTIONS_CONTINUE)
		r = config_finish(&c) ? 1000 : OPTIONS_CONTINUE;
	filter = filter_text(&c.filter);
	check(!filter == filter_is_none(&c.filter));
	free(filter);
	config_free(&c);
	free(text);
	return r;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	size_t n, m;
	int r = parse(data, len, &n);

	check(r == parse(data, len, &m) && n == m);
	return 0;
}
