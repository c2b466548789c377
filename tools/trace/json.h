/*
 * json.h: an exec that the kernel told as a record.
 */
#ifndef FDF_TRACE_JSON_H
#define FDF_TRACE_JSON_H

#include <stddef.h>

#include "tools/trace/judge.h"

/* A buffer that grows with the largest record; start with zeros, free .buf. */
struct trace_json {
	char *buf;
	size_t cap;
};

/* The record of j, in t->buf until the next one; returns its length in bytes. */
size_t trace_json(struct trace_json *t, const struct trace_judged *j, const struct trace_opts *o);

#endif
