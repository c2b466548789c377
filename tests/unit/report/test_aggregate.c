/*
 * From records to causes: what counts as having happened, what is one cause,
 * and which images the fence did not reach.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/report/records.h"
#include "tools/report/headline.h"
#include "tools/report/select.h"
#include "tools/records/unseen.h"

TestSuite(aggregate, .init = init, .fini = fini);

Test(aggregate, one_cause_however_often)
{
	int pid;

	for (pid = 100; pid < 150; pid++) {
		record(pid, "exec", EXEC("/bin/b", LEAK));
		started(pid, "/bin/b");
	}
	finish();
	cr_assert_eq(rep->execs, 50);
	cr_assert_eq(rep->leaks, 50);
	cr_assert_eq(rep->ncauses, 1);
	cr_assert_eq(rep->causes[0]->times, 50);
	cr_assert_str_eq(rep->causes[0]->what, "/srv/db");
	cr_assert_eq(rep->nuncovered, 0);
}

/* What a supervisor tells of an exec that it could not look at, into b. */
static void unseen(int pid)
{
	char line[512];
	int n = snprintf(line, sizeof(line),
			 "{\"fdfence\":1,\"event\":\"exec\",\"source\":\"supervisor\","
			 "\"pid\":%d,\"inexact\":\"%s\"" EXEC("/bin/b", ) "}",
			 pid, unseen_text(UNSEEN_NOT_DUMPABLE));

	aggregate_take(a, pid, line, (size_t)n);
}

Test(aggregate, an_exec_that_the_shim_has_told_is_one_also_where_the_supervisor_could_not_look)
{
	record(1, "exec", EXEC("/bin/b", LEAK));
	unseen(1);
	started(1, "/bin/b");
	unseen(2);
	finish();
	cr_assert_eq(rep->execs, 2);
	cr_assert_eq(rep->leaks, 1);
	cr_assert_eq(rep->nuncovered, 1);
	cr_assert_eq(rep->uncovered[0]->times, 2);
}

Test(aggregate, another_target_or_program_is_another_cause)
{
	record(1, "exec", EXEC("/bin/b", LEAK));
	started(1, "/bin/b");
	record(2, "exec", EXEC("/bin/c", LEAK));
	started(2, "/bin/c");
	record(3, "exec", EXEC("/bin/b", FD(5, "file", "/srv/other", "report")));
	started(3, "/bin/b");
	finish();
	cr_assert_eq(rep->ncauses, 3);
}

Test(aggregate, files_of_a_directory_become_one_cause)
{
	for (int i = 0; i < 7; i++) {
		record(1 + i, "exec",
		       ",\"exe\":\"/bin/a\",\"into\":\"/bin/"
		       "b\",\"fds\":[{\"fd\":%d,\"type\":\"file\","
		       "\"target\":\"/srv/base/"
		       "%d\",\"verdict\":\"report\",\"reason\":\"default\"}]",
		       5 + i, 1000 + i);
		started(1 + i, "/bin/b");
	}
	record(20, "exec", EXEC("/bin/b", LEAK));
	started(20, "/bin/b");
	finish();
	cr_assert_eq(rep->leaks, 8);
	cr_assert_eq(rep->ncauses, 2);
	cr_assert_eq(rep->causes[0]->times, 7);
	cr_assert_str_eq(rep->causes[0]->what, "/srv/base/* (7 files)");
	/* A rule for each: the next file there is a finding again. */
	for (int i = 0; i < 7; i++) {
		char rule[128];

		snprintf(rule, sizeof(rule),
			 "%skeep exe=/bin/a into=/bin/b type=file path=/srv/base/%d%s",
			 i ? "\n" : "", 1000 + i, i < 6 ? "\n" : "");
		cr_assert_not_null(strstr(rep->causes[0]->rule, rule));
	}
	cr_assert_null(strchr(rep->causes[0]->rule, '*'));
	cr_assert_str_eq(rep->causes[1]->what, "/srv/db");
}

/* One mistake opens in one way: files for writing and for both are two, and as bad as one another. */
Test(aggregate, files_that_are_open_in_different_ways_stay_apart)
{
	for (int i = 0; i < 6; i++) {
		record(1 + i, "exec",
		       ",\"exe\":\"/bin/a\",\"into\":\"/bin/b\",\"fds\":[{\"fd\":5,"
		       "\"type\":\"file\",\"target\":\"/srv/base/%d\",\"flags\":[\"%s\"],"
		       "\"verdict\":\"report\",\"reason\":\"default\"}]",
		       i, i % 2 ? "rdwr" : "wronly");
		started(1 + i, "/bin/b");
	}
	finish();
	cr_assert_eq(rep->ncauses, 6);
}

/* What the image is cannot be told, so a start is believed to be its own. */
Test(aggregate, a_start_behind_an_image_that_cannot_be_seen_is_its_own)
{
	record(1, "exec", EXEC("/no/such/image", LEAK));
	started(1, "/bin/true");
	finish();
	cr_assert_eq(rep->execs, 1);
	cr_assert_eq(rep->nuncovered, 0);
}

Test(aggregate, what_weak_reasons_kept_is_counted_when_the_exec_happened)
{
	static const char kept[] = ",\"exe\":\"/bin/a\",\"into\":\"/bin/b\",\"fds\":["
				   "{\"fd\":5,\"type\":\"file\",\"target\":\"/a\",\"verdict\":"
				   "\"keep\",\"reason\":\"given\"},"
				   "{\"fd\":6,\"type\":\"file\",\"target\":\"/b\",\"verdict\":"
				   "\"keep\",\"reason\":\"image\",\"by\":\"shell: why\"},"
				   "{\"fd\":7,\"type\":\"file\",\"target\":\"/c\",\"verdict\":"
				   "\"keep\",\"reason\":\"precise\",\"by\":\"X\"}]";
	struct tally t[2];

	record(1, "exec", kept);
	record(1, "failed", ",\"exe\":\"/bin/a\",\"into\":\"/bin/b\",\"error\":2");
	record(1, "exec", kept);
	started(1, "/bin/b");
	finish();
	cr_assert_eq(rep->leaks, 0);
	cr_assert_eq(rep->nkept, 2);
	cr_assert_eq(causes_tally(rep->kept, rep->nkept, t), 2);
	cr_assert_str_eq(t[0].label, "given");
	cr_assert_str_eq(t[1].label, "shell");
	cr_assert_eq(t[0].n + t[1].n, 2);
}

Test(aggregate, most_frequent_first)
{
	int pid;

	record(1, "exec", EXEC("/bin/b", LEAK));
	started(1, "/bin/b");
	for (pid = 2; pid < 5; pid++) {
		record(pid, "exec", EXEC("/bin/z", LEAK));
		started(pid, "/bin/z");
	}
	finish();
	cr_assert_str_eq(rep->causes[0]->into, "/bin/z");
	cr_assert_eq(rep->causes[0]->times, 3);
	cr_assert_str_eq(rep->causes[1]->into, "/bin/b");
}

Test(aggregate, numbers_of_a_cause_are_sorted_and_bounded)
{
	int i;

	for (i = 0; i < 3 * CAUSE_FDS; i++) {
		record(7, "exec",
		       ",\"exe\":\"/bin/a\",\"into\":\"/bin/"
		       "b\",\"fds\":[{\"fd\":%d,\"type\":\"pipe\",\"target\":"
		       "\"pipe:[%d]\",\"verdict\":\"report\",\"reason\":\"default\"}]",
		       100 - i, i);
		started(7, "/bin/b");
	}
	finish();
	cr_assert_eq(rep->ncauses, 1);
	cr_assert_eq(rep->causes[0]->nfds, CAUSE_FDS);
	cr_assert_eq(rep->causes[0]->fds[0], 100 - 3 * CAUSE_FDS + 1, "the lowest");
	cr_assert_eq(rep->causes[0]->fds[CAUSE_FDS - 1], 100 - 2 * CAUSE_FDS);
	cr_assert(rep->causes[0]->more_fds);
}

Test(aggregate, a_failed_exec_leaks_nothing)
{
	record(1, "exec", EXEC("/usr/local/bin/x", LEAK));
	record(1, "failed", ",\"error\":2");
	record(1, "exec", EXEC("/usr/bin/x", LEAK));
	started(1, "/usr/bin/x");
	finish();
	cr_assert_eq(rep->execs, 1);
	cr_assert_eq(rep->leaks, 1);
	cr_assert_eq(rep->ncauses, 1);
	cr_assert_eq(rep->nuncovered, 0);
}

Test(aggregate, a_denied_exec_failed_and_counts)
{
	record(1, "exec", EXEC("/bin/x", FD(5, "file", "/srv/db", "deny")));
	record(1, "failed", ",\"error\":1");
	finish();
	cr_assert_eq(rep->leaks, 1);
	cr_assert_eq(rep->ncauses, 1);
}

Test(aggregate, what_is_kept_or_close_on_exec_is_no_leak)
{
	record(1, "exec",
	       EXEC("/bin/b", FD(5, "file", "/x",
				 "keep") ","
					 "{\"fd\":6,\"cloexec\":true,\"verdict\":\"seal\","
					 "\"reason\":\"close-on-exec\"},"
					 "{\"fd\":1,\"verdict\":\"seal\",\"reason\":\"default\"}"));
	started(1, "/bin/b");
	finish();
	cr_assert_eq(rep->leaks, 0);
	cr_assert_eq(rep->ncauses, 0);
}

Test(aggregate, what_the_command_was_given_is_told_apart)
{
	record(1, "exec",
	       ",\"source\":\"x\"" EXEC("/bin/b", LEAK)); /* twice the same member: refused */
	aggregate_take(a, 1,
		       "{\"fdfence\":1,\"event\":\"exec\",\"source\":\"command\",\"pid\":1,"
		       "\"into\":\"/bin/a\","
		       "\"fds\":[" LEAK "]}",
		       strlen("{\"fdfence\":1,\"event\":\"exec\",\"source\":\"command\",\"pid\":1,"
			      "\"into\":\"/bin/a\","
			      "\"fds\":[" LEAK "]}"));
	started(1, "/bin/a");
	finish();
	cr_assert_eq(rep->broken, 1);
	cr_assert_eq(rep->leaks, 0);
	cr_assert_eq(rep->ncauses, 0);
	cr_assert_eq(rep->noutside, 1);
	cr_assert_eq(rep->outside[0]->times, 1);
}

static int script(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	int ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return ok;
}

Test(aggregate, a_start_as_the_interpreter_of_a_script_is_covered)
{
	char path[] = "/tmp/fdfence-unit-XXXXXX";

	close(mkstemp(path));
	cr_assert(script(path, "#!/bin/sh\n"));
	record(1, "exec", ",\"exe\":\"/bin/a\",\"into\":\"%s\"", path);
	started(1, "/usr/bin/dash");
	unlink(path);
	finish();
	cr_assert_eq(rep->nuncovered, 0);
}

Test(aggregate, an_exec_without_start_is_not_covered)
{
	record(1, "exec", EXEC("/sbin/ldconfig", LEAK)); /* static on Debian */
	record(2, "exec", EXEC("/sbin/ldconfig", ""));
	record(3, "exec", EXEC("/bin/sh", ""));
	finish();
	cr_assert_eq(rep->leaks, 1, "it crossed all the same");
	cr_assert_eq(rep->nuncovered, 2);
	cr_assert_eq(rep->uncovered[0]->times + rep->uncovered[1]->times, 3);
}

/* A static program in the middle: covered again behind it, and said. */
Test(aggregate, a_static_image_that_executes_a_covered_one)
{
	record(1, "exec", EXEC("/sbin/ldconfig", ""));
	started(1, "/usr/bin/dash");
	finish();
	cr_assert_eq(rep->nuncovered, 2);
	cr_assert_str_eq(rep->uncovered[0]->path, "/sbin/ldconfig");
	cr_assert_str_eq(rep->uncovered[0]->why, "static");
	cr_assert_str_eq(rep->uncovered[1]->path, "/usr/bin/dash", "nobody looked at that exec");
}

Test(aggregate, a_start_that_no_exec_announced_was_not_looked_at)
{
	record(1, "exec", EXEC("/bin/b", ""));
	started(1, "/bin/b");
	started(1, "/bin/c");
	started(2, "/bin/c");
	finish();
	cr_assert_str_eq(rep->uncovered[0]->path, "/bin/c");
	cr_assert_eq(rep->uncovered[0]->times, 2);
}

/* The number of a process that ended uncovered comes back. */
Test(aggregate, a_reused_process_id)
{
	record(1, "exec", EXEC("/sbin/ldconfig", LEAK));
	record(1, "exec", EXEC("/bin/b", LEAK));
	started(1, "/bin/b");
	finish();
	cr_assert_eq(rep->execs, 2);
	cr_assert_eq(rep->leaks, 2);
	cr_assert_eq(rep->nuncovered, 1);
}

Test(aggregate, chains_in_one_process)
{
	int i;

	for (i = 0; i < 5; i++) {
		record(1, "exec", EXEC("/bin/b", ""));
		started(1, "/bin/b");
	}
	finish();
	cr_assert_eq(rep->execs, 5);
	cr_assert_eq(rep->nuncovered, 0);
}

/* In another pid namespace the record names a number of its own; the kernel's counts. */
Test(aggregate, processes_are_told_apart_by_the_kernels_number)
{
	const char *e = "{\"fdfence\":1,\"event\":\"exec\",\"pid\":2,\"into\":\"/bin/b\"}";
	const char *s = "{\"fdfence\":1,\"event\":\"start\",\"pid\":2,\"exe\":\"/bin/b\"}";

	aggregate_take(a, 1000, e, strlen(e));
	aggregate_take(a, 2000, e, strlen(e));
	aggregate_take(a, 1000, s, strlen(s));
	aggregate_take(a, 2000, s, strlen(s));
	finish();
	cr_assert_eq(rep->execs, 2);
	cr_assert_eq(rep->nuncovered, 0);
}

Test(aggregate, uncovered_programs_are_bounded)
{
	int i;

	for (i = 0; i < UNCOVERED_MAX + 7; i++)
		record(1, "exec", ",\"into\":\"/no/such/%d\"", i);
	finish();
	cr_assert_eq(rep->nuncovered, UNCOVERED_MAX + 1);
	cr_assert_eq(rep->execs, UNCOVERED_MAX + 7);
}

Test(aggregate, losses_are_counted)
{
	record(1, "exec", ",\"more\":4,\"dropped\":2,\"inexact\":\"no /proc\"");
	started(1, "/bin/b");
	record(1, "start", ",\"dropped\":3");
	aggregate_take(a, 1, "junk", 4);
	finish();
	cr_assert_eq(rep->more, 4);
	cr_assert_eq(rep->dropped, 5);
	cr_assert_eq(rep->inexact, 1);
	cr_assert_str_eq(rep->inexact_why, "no /proc");
	cr_assert_eq(rep->broken, 1);
}

Test(aggregate, causes_are_bounded)
{
	int i;

	for (i = 0; i < CAUSES_MAX + 7; i++) {
		record(1, "exec",
		       ",\"into\":\"/bin/b\",\"fds\":[{\"fd\":5,\"type\":\"file\",\"target\":\"/%d/"
		       "x\","
		       "\"verdict\":\"report\",\"reason\":\"default\"}]",
		       i);
		started(1, "/bin/b");
	}
	/* what is worse has room of its own */
	record(1, "exec", EXEC("/bin/b", FD(6, "listener", "socket:[1]", "report")));
	started(1, "/bin/b");
	finish();
	cr_assert_eq(rep->ncauses, CAUSES_MAX + 1);
	cr_assert_eq(rep->causes[0]->type, FDF_LISTENER);
	cr_assert_eq(rep->leaks, CAUSES_MAX + 8);
	cr_assert_eq(rep->lost_causes, 7);
	cr_assert_eq(rep->lost_of[rep->causes[1]->severity.level][LEAK_LEAKED], 7);
	cr_assert_eq(outcomes_of(rep).n[LEAK_LEAKED], CAUSES_MAX + 8);
	select_severity(rep, (enum fdf_level)rep->causes[0]->severity.level);
	cr_assert_eq(rep->ncauses, 1);
	cr_assert_eq(rep->leaks, 1);
	cr_assert_eq(rep->lost_causes, 0);
	cr_assert_eq(rep->below, CAUSES_MAX + 7);
}
