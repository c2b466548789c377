/*
 * test_entry.c: lines of a baseline, and the leaks that are theirs.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/report/entry.h"

static struct cause a_cause(const char *access, enum fdf_level level, bool at_least)
{
	return (struct cause){ .exe = (char *)"/usr/bin/make",
			       .into = (char *)"/bin/sh",
			       .access = (char *)access,
			       .type = FDF_FILE,
			       .target = (char *)"/srv/a b",
			       .local = (char *)"",
			       .what = (char *)"/srv/a b",
			       .rule = (char *)"keep exe=/usr/bin/make path=/srv/a\\ b",
			       .severity = { .level = (uint8_t)level, .at_least = at_least } };
}

static bool fits_cause(const char *line, struct cause c)
{
	struct entry e;
	struct entry_facts f;
	bool fits;

	cr_assert_eq(entry_parse(&e, line, "file", 1), 0, "%s", line);
	entry_facts_of(&f, &c);
	fits = entry_fits(&e, &f);
	entry_facts_free(&f);
	entry_free(&e);
	return fits;
}

static bool fits(const char *words, const char *access, enum fdf_level level, bool at_least)
{
	char line[200];

	snprintf(line, sizeof(line), "report type=file %s  # why", words);
	return fits_cause(line, a_cause(access, level, at_least));
}

Test(entry, a_line_allows_no_more_access_than_it_says)
{
	cr_expect(fits("access=r", "r", FDF_LOW, false));
	cr_expect_not(fits("access=r", "w", FDF_LOW, false));
	cr_expect_not(fits("access=r", "rw", FDF_LOW, false));
	cr_expect(fits("access=rw", "r", FDF_LOW, false));
	cr_expect(fits("access=rw", "w", FDF_LOW, false));
	cr_expect(fits("access=rw", "rw", FDF_LOW, false));
	cr_expect_not(fits("access=rw", "path", FDF_LOW, false));
	cr_expect_not(fits("access=path", "r", FDF_LOW, false));
}

Test(entry, a_line_is_of_nothing_worse_than_it_says)
{
	cr_expect(fits("severity=medium", "r", FDF_LOW, false));
	cr_expect(fits("severity=medium", "r", FDF_MEDIUM, false));
	cr_expect_not(fits("severity=medium", "r", FDF_HIGH, false));
	cr_expect_not(fits("severity=medium", "r", FDF_MEDIUM, true));
	cr_expect_not(fits("severity=high", "r", FDF_MEDIUM, true)); /* it may be critical */
	cr_expect(fits("severity=high+", "r", FDF_MEDIUM, true));
	cr_expect(fits("severity=critical", "r", FDF_MEDIUM, true));
	cr_expect(fits("severity=medium+", "r", FDF_MEDIUM, true));
	cr_expect_not(fits("severity=medium+", "r", FDF_HIGH, false));
}

static bool fits_outcome(const char *line, enum leak_outcome outcome)
{
	struct cause c = a_cause("r", FDF_LOW, false);

	c.outcome = outcome;
	return fits_cause(line, c);
}

Test(entry, a_line_of_what_was_sealed_or_refused_is_of_nothing_that_leaks)
{
	cr_expect(fits_outcome("report outcome=sealed", LEAK_SEALED));
	cr_expect(fits_outcome("report outcome=sealed", LEAK_REFUSED));
	cr_expect_not(fits_outcome("report outcome=sealed", LEAK_LEAKED));
	cr_expect(fits_outcome("report outcome=refused", LEAK_SEALED));
	cr_expect_not(fits_outcome("report outcome=refused", LEAK_LEAKED));
}

/* Older runs wrote no outcome, of what was sealed either. */
Test(entry, without_them_it_is_of_all)
{
	cr_expect(fits("", "rw", FDF_CRITICAL, true));
	cr_expect(fits_outcome("report type=file", LEAK_LEAKED));
	cr_expect(fits_outcome("report type=file", LEAK_SEALED));
	cr_expect(fits_outcome("report type=file", LEAK_REFUSED));
}

Test(entry, what_it_writes_it_reads)
{
	struct cause c = a_cause("rw", FDF_HIGH, true);
	char *text = entry_text(&c);

	cr_expect_str_eq(text, "report exe=/usr/bin/make path=/srv/a\\ b access=rw severity=high+");
	cr_expect(fits_cause(text, c));
	free(text);
	c.outcome = LEAK_SEALED;
	text = entry_text(&c);
	cr_expect_str_eq(
		text,
		"report exe=/usr/bin/make path=/srv/a\\ b access=rw severity=high+ outcome=sealed");
	cr_expect(fits_cause(text, c));
	free(text);
	c.access = (char *)"";
	c.rule = (char *)"";
	text = entry_text(&c);
	cr_expect_str_eq(text, "");
	free(text);
}

static struct cause a_socket(enum fdf_type type, const char *what, const char *local)
{
	struct cause c = a_cause("", FDF_HIGH, false);

	c.type = type;
	c.what = (char *)what;
	c.local = (char *)local;
	c.target = (char *)"socket:[7]";
	c.rule = (char *)"";
	return c;
}

/* Neither a socket that has a name, nor another connection, nor a port that somebody chose. */
Test(entry, what_has_no_name_is_known_by_how_it_reads_and_hides_nothing_else)
{
	const struct cause all[] = {
		a_socket(FDF_SOCKET, "unix stream", ""),
		a_socket(FDF_SOCKET, "unix stream -> /run/x.sock", ""),
		a_socket(FDF_LISTENER, "tcp 127.0.0.1:*", "127.0.0.1:50123"),
		a_socket(FDF_LISTENER, "tcp 127.0.0.1:18085", "127.0.0.1:18085"),
		a_socket(FDF_SOCKET, "tcp 127.0.0.1:* -> 127.0.0.1:80", "127.0.0.1:50124"),
		a_socket(FDF_SOCKET, "tcp 127.0.0.1:* -> 127.0.0.1:443", "127.0.0.1:50125"),
		a_socket(FDF_SOCKET, "tcp 127.0.0.1:80 <- a client", "127.0.0.1:80"),
		a_socket(FDF_SOCKET, "\\x0a[a]*?", ""),
	};
	size_t n = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < n; i++) {
		char *line = entry_text(&all[i]);

		for (size_t k = 0; k < n; k++)
			cr_expect_eq(fits_cause(line, all[k]), i == k, "%s: %s", line, all[k].what);
		free(line);
	}
}

Test(entry, a_person_may_write_it_wider)
{
	struct cause c = a_socket(FDF_SOCKET, "tcp 127.0.0.1:* -> 127.0.0.1:80", "127.0.0.1:50124");

	cr_expect(fits_cause("report type=socket what=tcp\\ *:80", c));
	cr_expect_not(fits_cause("report type=socket what=tcp\\ *:81", c));
	cr_expect(fits_cause("report type=socket addr=127.0.0.1:*", c));
}

/* Its type alone would be of all. */
Test(entry, a_socket_of_which_nothing_is_known_has_no_line)
{
	struct cause c = a_socket(FDF_SOCKET, "socket", "");
	char *text = entry_text(&c);

	cr_expect_str_eq(text, "");
	free(text);
}

Test(entry, words_stand_anywhere_and_the_comment_stays)
{
	struct entry e;

	cr_assert_eq(entry_parse(&e, "report access=w type=pipe  severity=low # a # b", "f", 1), 0);
	cr_expect_str_eq(e.text, "report access=w type=pipe  severity=low");
	cr_expect_str_eq(e.comment, "# a # b");
	cr_expect_str_eq(e.access, "w");
	entry_free(&e);
	/* of a name with a blank in it they are no words */
	cr_assert_eq(entry_parse(&e, "report path=/a\\ access=r", "f", 1), 0);
	cr_expect_null(e.access);
	entry_free(&e);
}

Test(entry, the_current_directory_is_itself_alone)
{
	struct cause c = a_cause("r", FDF_LOW, false);

	cr_assert_eq(chdir("/usr/share"), 0);
	c.target = (char *)"/usr/share/data";
	cr_expect(fits_cause("report path=./data", c));
	c.target = (char *)"/other/data";
	cr_expect_not(fits_cause("report path=./data", c));
	cr_assert_eq(chdir("/"), 0);
	c.target = (char *)"/data";
	cr_expect(fits_cause("report exe=/usr/bin/make path=./data type=file", c));
}

Test(entry, what_it_does_not_know_is_told)
{
	static const char *const wrong[] = { "report access=rwx",
					     "report access=",
					     "report severity=worst",
					     "report severity=low++",
					     "report severity=",
					     "report access=r access=r",
					     "report severity=low severity=low",
					     "keep access=r",
					     "report fd=3",
					     "report what=",
					     "report what=a what=a",
					     "access=r" };
	struct entry e;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cr_expect_eq(entry_parse(&e, wrong[i], "file", 1), -1, "%s", wrong[i]);
		entry_free(&e);
	}
}
