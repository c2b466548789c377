/* What images were given and did: tools/supervise/born.c. */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "preload/core/facts.h"
#include "tests/helpers/surround.h"
#include "tools/proc/task.h"
#include "tools/supervise/born.h"

static const struct born_key one = { 1, 2, 3, 4, 5 }, other = { 1, 2, 3, 4, 6 };
static const struct born_fd five = { 5, 100, 200, false }, its_reuse = { 5, 100, 201, false },
			    six = { 6, 100, 200, false };

Test(born, what_was_given_is_the_number_and_the_file)
{
	struct born *b = born_new();

	cr_assert_not(born_any(b));
	born_start(b, &one, &five, 1, 0);
	cr_assert(born_any(b));
	cr_assert_eq(born_signs(b, &one, 7, true, five), FDF_SIGN_GIVEN);
	cr_assert_eq(born_signs(b, &one, 7, true, its_reuse), 0);
	cr_assert_eq(born_signs(b, &one, 7, true, six), 0);
	cr_assert_eq(born_signs(b, &other, 7, true, five), 0);
	cr_assert_eq(born_last(b, &one), 5);
	cr_assert_eq(born_last(b, &other), -1);
	born_free(b);
}

Test(born, what_is_addressed_to_one_process_is_not_given_to_its_children)
{
	struct born *b = born_new();

	born_start(b, &one, &five, 1, 3);
	cr_assert_eq(born_signs(b, &one, 7, false, five), FDF_SIGN_GIVEN);
	cr_assert_eq(born_signs(b, &one, 8, true, five), 0);
	born_free(b);
}

Test(born, an_image_that_starts_with_nothing_forgets_who_had_its_places)
{
	struct born *b = born_new();

	born_start(b, &one, &five, 1, 0);
	born_start(b, &one, NULL, 0, 0);
	cr_assert_not(born_any(b));
	born_free(b);
}

Test(born, a_dup2_is_of_one_process_and_a_cleared_flag_of_all)
{
	struct born *b = born_new();

	born_act(b, &one, 7, FDF_SIGN_PLACED, five);
	born_act(b, &one, 7, FDF_SIGN_ACT, six);
	cr_assert_eq(born_signs(b, &one, 7, true, five), FDF_SIGN_PLACED);
	cr_assert_eq(born_signs(b, &one, 8, true, five), 0);
	cr_assert_eq(born_signs(b, &one, 8, true, six), FDF_SIGN_ACT);
	cr_assert_eq(born_last(b, &one), 6);
	cr_assert(born_hold(b, &one));
	born_let_go(b, &one, 7, true);
	cr_assert_eq(born_signs(b, &one, 7, true, five), 0, "it left by an exec");
	cr_assert_eq(born_signs(b, &one, 7, true, six), FDF_SIGN_ACT);
	born_free(b);
}

Test(born, what_is_held_outlives_a_new_image_in_its_places)
{
	struct born *b = born_new();

	born_start(b, &one, &five, 1, 0);
	cr_assert(born_hold(b, &one));
	born_start(b, &one, &six, 1, 0);
	born_let_go(b, &one, 7, true);
	cr_assert_eq(born_signs(b, &one, 7, true, six), FDF_SIGN_GIVEN);
	cr_assert_eq(born_signs(b, &one, 7, true, five), 0);
	born_free(b);
}

/* The key of this very process, which lives. */
static struct born_key ours(void)
{
	struct task_stat task;
	struct born_key key;

	cr_assert_eq(task_stat(getpid(), &task), 0);
	cr_assert(born_key(&key, getpid(), &task));
	return key;
}

/* A thousand images, which no process runs, are given something: how many are remembered? */
static int remembered(void)
{
	struct born *b = born_new();
	struct born_key key = one;
	int found = 0;

	for (uint64_t i = 0; i < 1000; i++) {
		key.args = i;
		born_start(b, &key, &six, 1, 0);
	}
	for (uint64_t i = 0; i < 1000; i++) {
		key.args = i;
		found += born_signs(b, &key, 7, true, six) == FDF_SIGN_GIVEN;
	}
	born_free(b);
	return found;
}

Test(born, where_it_cannot_be_asked_who_lives_none_is_forgotten)
{
	struct rlimit some, none;
	int found;

	getrlimit(RLIMIT_NOFILE, &some);
	none = (struct rlimit){ 0, some.rlim_max };
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	found = remembered();
	setrlimit(RLIMIT_NOFILE, &some);
	cr_assert_eq(found, 1000);
	cr_assert_lt(remembered(), 1000);
}

Test(born, where_a_filter_denies_the_list_of_who_lives_none_is_forgotten)
{
	surround((char *[]){ "deny=getdents:EPERM", NULL });
	cr_assert_eq(remembered(), 1000);
}

Test(born, thousands_come_and_go_and_who_lives_is_not_forgotten)
{
	struct born *b = born_new();
	struct born_key key = one, lives = ours();

	born_start(b, &lives, &five, 1, 0);
	cr_assert_not(born_hold(b, &one));
	born_start(b, &one, &five, 1, 0);
	cr_assert(born_hold(b, &one));
	for (uint64_t i = 1000; i < 6000; i++) {
		key.args = i;
		born_start(b, &key, &six, 1, 0);
	}
	cr_assert_eq(born_signs(b, &lives, 7, true, five), FDF_SIGN_GIVEN);
	cr_assert_eq(born_signs(b, &one, 7, true, five), FDF_SIGN_GIVEN, "it is on its way out");
	key.args = 1000;
	cr_assert_eq(born_signs(b, &key, 7, true, six), 0, "nobody runs it");
	born_free(b);
}

Test(born, of_ten_thousand_acts_and_given_ones_each_is_found_and_one_process_leaves_with_its_own)
{
	struct born *b = born_new();
	struct born_fd *given = calloc(10000, sizeof(*given)), f;
	pid_t us = getpid(), parent = getppid();
	int found = 0;

	for (int i = 0; i < 10000; i++) {
		given[i] = f =
			(struct born_fd){ .fd = 3 + i, .dev = 1, .ino = (uint64_t)(7 * i % 10000) };
		born_act(b, &one, i % 2 ? us : parent, FDF_SIGN_PLACED, f);
		f.ino += 10000;
		born_act(b, &one, us, FDF_SIGN_ACT, f);
	}
	born_start(b, &other, given, 10000, 0);
	for (int i = 0; i < 10000; i++) {
		f = given[i];
		found += born_signs(b, &one, us, true, f) == (i % 2 ? FDF_SIGN_PLACED : 0);
		found += born_signs(b, &one, parent, true, f) == (i % 2 ? 0 : FDF_SIGN_PLACED);
		found += born_signs(b, &other, us, true, f) == FDF_SIGN_GIVEN;
		f.ino += 10000;
		found += born_signs(b, &one, us, true, f) == FDF_SIGN_ACT;
		found += born_signs(b, &other, us, true, f) == 0;
	}
	cr_assert_eq(found, 50000);
	cr_assert_eq(born_last(b, &one), 10002);
	cr_assert_eq(born_last(b, &other), 10002);
	cr_assert(born_hold(b, &one));
	born_let_go(b, &one, us, true);
	found = 0;
	for (int i = 1; i < 10000; i += 2)
		found += born_signs(b, &one, us, true, given[i]) != 0;
	cr_assert_eq(found, 0, "it left by an exec");
	cr_assert_eq(born_signs(b, &one, parent, true, given[0]), FDF_SIGN_PLACED);
	cr_assert_eq(born_signs(b, &one, us, true, f), FDF_SIGN_ACT);
	born_free(b);
	free(given);
}

Test(born, acts_of_processes_that_are_gone_make_room)
{
	struct born *b = born_new();
	struct born_fd f = { .fd = 9, .dev = 1, .ino = 1 };
	pid_t gone = fork();

	if (!gone)
		_exit(0);
	waitpid(gone, NULL, 0);
	for (int i = 0; i < 1000; i++) {
		f.fd = 10 + i;
		born_act(b, &one, gone, FDF_SIGN_PLACED, f);
	}
	f.fd = 10;
	cr_assert_eq(born_signs(b, &one, gone, true, f), 0);
	born_act(b, &one, getpid(), FDF_SIGN_PLACED, f);
	cr_assert_eq(born_signs(b, &one, getpid(), true, f), FDF_SIGN_PLACED);
	born_free(b);
}

Test(born, what_was_given_and_is_moved_is_known_by_its_file)
{
	struct born *b = born_new();

	born_start(b, &one, &five, 1, 0);
	cr_assert_eq(born_given_as(b, &one, six), 5);
	cr_assert_eq(born_given_as(b, &one, its_reuse), -1);
	born_move(b, &one, 5);
	cr_assert_eq(born_signs(b, &one, 7, true, six), FDF_SIGN_GIVEN);
	cr_assert_eq(born_signs(b, &one, 7, true, its_reuse), 0);
	cr_assert_eq(born_last(b, &one), INT_MAX);
	born_free(b);
}

Test(born, what_is_addressed_to_one_process_stays_so_where_it_is_moved)
{
	struct born *b = born_new();

	born_start(b, &one, &five, 1, 3);
	cr_assert_eq(born_given_as(b, &one, five), -1);
	born_free(b);
}

Test(born, what_was_done_before_an_orphan_was_forked_is_its_own)
{
	struct born *b = born_new();

	cr_assert_not(born_places(b, &one));
	born_act(b, &one, 7, FDF_SIGN_PLACED, five);
	cr_assert(born_places(b, &one));
	cr_assert_eq(born_signs_before(b, &one, ULLONG_MAX, five), FDF_SIGN_PLACED);
	cr_assert_eq(born_signs_before(b, &one, 0, five), 0);
	cr_assert_eq(born_signs_before(b, &one, ULLONG_MAX, six), 0);
	born_free(b);
}
