/*
 * format.h: the formats of a report by name.
 */
#ifndef FDF_BASE_FORMAT_H
#define FDF_BASE_FORMAT_H

#include <stdbool.h>

/* In the order of the enum, for the table of an option. */
#define FORMAT_WORDS "text json sarif junit github markdown gitlab otlp prometheus html"

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_SARIF,
	FORMAT_JUNIT,
	FORMAT_GITHUB,
	FORMAT_MARKDOWN,
	FORMAT_GITLAB,
	FORMAT_OTLP,
	FORMAT_PROMETHEUS,
	FORMAT_HTML,
	FORMATS
};

/* May it stand among other words?  Text is for people, and of GitHub's lines each says what it is. */
static inline bool format_is_for_logs(enum format f)
{
	return f == FORMAT_TEXT || f == FORMAT_GITHUB;
}

#endif
