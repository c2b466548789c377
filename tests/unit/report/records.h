/*
 * records.h: records made by hand for an aggregate, and its report.
 */
#ifndef FDF_UNIT_REPORT_RECORDS_H
#define FDF_UNIT_REPORT_RECORDS_H

#include <stdarg.h>
#include <stdio.h>

#include "tools/report/aggregate.h"

static struct aggregate *a;
static struct report *rep;

static void init(void)
{
	a = aggregate_new();
}

static void fini(void)
{
	aggregate_free(a);
}

static void record(int pid, const char *event, const char *fmt, ...)
{
	char rest[4096], line[8192];
	va_list ap;
	int n;

	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	n = snprintf(line, sizeof(line),
		     "{\"fdfence\":1,\"event\":\"%s\",\"source\":\"shim\",\"pid\":%d%s}", event,
		     pid, rest);
	aggregate_take(a, pid, line, (size_t)n);
}

#define FD(n, type, target, verdict)                                                           \
	"{\"fd\":" #n ",\"type\":\"" type "\",\"target\":\"" target "\",\"flags\":[\"rdwr\"]," \
	"\"verdict\":\"" verdict "\",\"reason\":\"default\"}"
#define EXEC(into, fds) ",\"exe\":\"/bin/a\",\"into\":\"" into "\",\"fds\":[" fds "]"
#define LEAK		FD(5, "file", "/srv/db", "report")

static void started(int pid, const char *exe)
{
	record(pid, "start", ",\"exe\":\"%s\"", exe);
}

static void finish(void)
{
	rep = aggregate_finish(a, NULL, NULL);
}

#endif
