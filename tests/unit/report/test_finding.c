/*
 * What stays the same of a finding from run to run.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/report/finding.h"

static void stable(const char *plain, const char *expected)
{
	char *text = finding_stable(plain);

	cr_expect_str_eq(text, expected, "%s: %s", plain, text);
	free(text);
}

Test(finding, folds_what_temporary_names_are_made_of)
{
	unsetenv("TMPDIR");
	stable("/tmp/tmp.AbCdEfGhIj/x", "/tmp/tmp.*/x");
	stable("/tmp/tmpq3x_8kd1", "/tmp/*");
	stable("/tmp/app-A8dkQz.log", "/tmp/app-*.log");
	stable("/var/tmp/pid-77.lock (deleted)", "/var/tmp/pid-*.lock (deleted)");
	stable("/dev/shm/sem.a12b", "/dev/shm/sem.a*b");
	stable("/run/app/1234.sock", "/run/app/*.sock");
	stable("unix stream /tmp/x-123456/s -> /tmp/y-7/t", "unix stream /tmp/x-*/s -> /tmp/y-*/t");
	stable("unix dgram @ab12", "unix dgram @ab*");
	stable("/tmp/\\xff\\xfe/x", "/tmp/\\xff\\xfe/x");
	stable("/tmp", "/tmp");
}

Test(finding, leaves_other_names_alone)
{
	unsetenv("TMPDIR");
	stable("/srv/database/77", "/srv/database/77");
	stable("/tmpfiles/AbCdEfGh", "/tmpfiles/AbCdEfGh");
	stable("/srv/tmp/AbCdEfGh", "/srv/tmp/AbCdEfGh");
	stable("tcp 127.0.0.1:8080", "tcp 127.0.0.1:8080");
	stable("", "");
}

Test(finding, knows_the_folder_of_the_user)
{
	setenv("TMPDIR", "/srv/scratch/", 1);
	stable("/srv/scratch/AbCdEf", "/srv/scratch/*");
	stable("/srv/other/AbCdEf", "/srv/other/AbCdEf");
	setenv("TMPDIR", "/", 1); /* not all there is */
	stable("/srv/scratch/AbCdEf", "/srv/scratch/AbCdEf");
	setenv("TMPDIR", "relative", 1);
	stable("relative/AbCdEf", "relative/AbCdEf");
}

static struct cause a_cause(const char *exe, const char *what)
{
	return (struct cause){ .exe = (char *)exe,
			       .into = (char *)"/bin/sh",
			       .what = (char *)what,
			       .access = (char *)"r",
			       .type = FDF_FILE,
			       .rule = (char *)"" };
}

static bool same_print(struct cause a, struct cause b)
{
	char *x = finding_print(&a), *y = finding_print(&b);
	bool same = !strcmp(x, y);

	cr_expect_eq(strlen(x), 32);
	free(x);
	free(y);
	return same;
}

Test(finding, prints_are_of_names_alone)
{
	struct cause one = a_cause("/usr/bin/make", "/tmp/x-AbCdEf"), other = one;

	cr_expect(same_print(one, a_cause("/opt/bin/make", "/tmp/x-GhIjKl")));
	cr_expect_not(same_print(one, a_cause("/usr/bin/gmake", "/tmp/x-AbCdEf")));
	cr_expect_not(same_print(one, a_cause("/usr/bin/make", "/tmp/y-AbCdEf")));
	other.access = (char *)"w";
	cr_expect_not(same_print(one, other));
	other = one;
	other.type = FDF_DIR;
	cr_expect_not(same_print(one, other));
	other = one;
	other.into = (char *)"/bin/dash";
	cr_expect_not(same_print(one, other));
	other = one;
	other.severity.level = FDF_CRITICAL; /* another user ran it */
	other.fds[0] = 9;
	other.nfds = 1;
	cr_expect(same_print(one, other));
}

static void rule_is(const char *keep, const char *expected)
{
	struct cause c = { .rule = (char *)keep };
	char *text = finding_rule(&c);

	cr_expect_str_eq(text, expected, "%s", text);
	free(text);
}

Test(finding, the_process_that_leaks_is_a_star_in_names_that_stay)
{
	struct cause c = { .rule = (char *)"keep addr=/srv/u27381.sock path=/srv/273811/x27381",
			   .first.pid = 27381 };
	char *text = finding_rule(&c);

	cr_expect_str_eq(text, "report addr=/srv/u*.sock path=/srv/273811/x*", "%s", text);
	free(text);
	c.first.pid = 12; /* too many names have a 12 */
	c.rule = (char *)"keep path=/srv/u12";
	text = finding_rule(&c);
	cr_expect_str_eq(text, "report path=/srv/u12", "%s", text);
	free(text);
	/* a child that system() made holds what its parent has named after itself */
	c.first.ppid = 27381;
	c.rule = (char *)"keep addr=/srv/u27381.sock";
	text = finding_rule(&c);
	cr_expect_str_eq(text, "report addr=/srv/u*.sock", "%s", text);
	free(text);
}

Test(finding, rules_have_stars_and_the_checkout)
{
	unsetenv("TMPDIR");
	cr_assert_eq(chdir("/usr/share"), 0);
	rule_is("keep exe=/usr/bin/make into=/bin/sh type=file path=/srv/a\\ b12",
		"report exe=/usr/bin/make into=/bin/sh type=file path=/srv/a\\ b12");
	rule_is("keep exe=/tmp/go-build77/b001/x.test type=pipe",
		"report exe=/tmp/go-*/b*/x.test type=pipe");
	rule_is("keep type=listener addr=/tmp/AbCdEf/s", "report type=listener addr=/tmp/*/s");
	rule_is("keep exe=/usr/share/tests/t12 path=/usr/share/data path=/usr/shared/x",
		"report exe=./tests/t12 path=./data path=/usr/shared/x");
	rule_is("keep path=/tmp/AbCdEf\\ (deleted)", "report path=/tmp/*\\ (deleted)");
	rule_is("keep path=/usr/share/AbCdEf/x1AbCdEf\\ (deleted)",
		"report path=./AbCdEf/*\\ (deleted)");
	rule_is("keep path=/srv/AbCdEf/a\\ b9\\ (deleted) # x",
		"report path=/srv/AbCdEf/a\\ b*\\ (deleted) # x");
	rule_is("keep path=/tmp/a\\ (deleted)x", "report path=/tmp/a\\ (*)x");
	rule_is("keep path=/tmp/\\xffabcde", "report path=/tmp/\\xffabcde");
	rule_is("", "");
	cr_assert_eq(chdir("/tmp"), 0); /* full of names that pass: no checkout */
	rule_is("keep path=/tmp/AbCdEf", "report path=/tmp/*");
}
