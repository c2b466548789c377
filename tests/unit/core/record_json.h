/*
 * record_json.h: reads back what the encoder wrote, for the tests of the record.
 */
#ifndef RECORD_JSON_H
#define RECORD_JSON_H

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/record.h"

/* A record on the heap, just as large as cap, so that a sanitizer sees a byte too much. */
static inline struct fdf_record new_record(size_t cap, size_t argv_max)
{
	struct fdf_record r = { .buf = malloc(cap), .cap = cap, .argv_max = argv_max };

	memset(r.buf, '#', cap);
	return r;
}

/* One whole line, no byte in it that a terminal or a reader of lines could stumble over. */
static inline json_t *load(const char *buf, size_t len)
{
	json_error_t e;
	json_t *j;

	cr_assert_gt(len, 0);
	cr_assert_eq(buf[len - 1], '\n');
	for (size_t i = 0; i + 1 < len; i++)
		cr_assert((unsigned char)buf[i] >= ' ' && buf[i] != 0x7f, "byte %zu is 0x%02x", i,
			  (unsigned char)buf[i]);
	j = json_loadb(buf, len - 1, JSON_REJECT_DUPLICATES, &e);
	cr_assert(j, "%s at %d: %.*s", e.text, e.position, (int)len, buf);
	cr_assert_eq(memcmp(buf, "{\"fdfence\":1,", 13), 0);
	return j;
}

static inline json_t *finish(struct fdf_record *r)
{
	size_t len = fdf_record_end(r, 0, NULL);
	json_t *j;

	cr_assert_leq(len, r->cap);
	cr_assert_eq(len, r->len);
	j = load(r->buf, len);
	free(r->buf);
	return j;
}

static inline const char *text_of(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	cr_assert(json_is_string(v), "no string \"%s\"", key);
	return json_string_value(v);
}

static inline long long number_of(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	cr_assert(json_is_integer(v), "no number \"%s\"", key);
	return json_integer_value(v);
}

/* The bytes that an escaped text stands for; *cut: it ends in the mark of a cut. */
static inline size_t unescape(const char *s, unsigned char *out, bool *cut)
{
	size_t n = 0;

	*cut = false;
	while (*s) {
		unsigned byte;

		if (*s != '\\') {
			out[n++] = (unsigned char)*s++;
		} else if (s[1] == 'x') {
			cr_assert_eq(sscanf(s + 2, "%2x", &byte), 1);
			out[n++] = (unsigned char)byte;
			s += 4;
		} else {
			cr_assert_str_eq(s, "\\...");
			*cut = true;
			break;
		}
	}
	return n;
}

#endif
