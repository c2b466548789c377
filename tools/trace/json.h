/*
 * json.h: an exec that the kernel told as a record.
 */
#ifndef FDF_TRACE_JSON_H
#define FDF_TRACE_JSON_H

#include "tools/trace/judge.h"
#include "tools/view/json.h"

/* The record of j, or several, in t->buf until the next one; returns the length in bytes. */
size_t trace_json(struct view_json *t, const struct trace_judged *j, const struct trace_opts *o);

#endif
