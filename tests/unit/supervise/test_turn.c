/* Which thread listens: tools/supervise/turn.c. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdint.h>

#include "tools/supervise/turn.h"

static void *take(void *turn)
{
	return (void *)(uintptr_t)turn_take(turn);
}

/* The number of the turn that another thread has got. */
static unsigned taken_by(pthread_t other)
{
	void *number;

	pthread_join(other, &number);
	return (unsigned)(uintptr_t)number;
}

Test(turn, who_is_alone_keeps_it, .timeout = 20)
{
	struct turn t;
	unsigned mine;

	turn_init(&t);
	mine = turn_take(&t);
	cr_assert_neq(mine, 0);
	for (int i = 0; i < 3; i++) {
		cr_assert(turn_received(&t, i == 1), "somebody has to be started");
		cr_assert(turn_done(&t, mine));
	}
}

Test(turn, what_takes_long_loses_it_to_who_watches, .timeout = 20)
{
	pthread_t other;
	struct turn t;
	unsigned mine;

	turn_init(&t);
	mine = turn_take(&t);
	turn_received(&t, false);
	pthread_create(&other, NULL, take, &t);
	cr_assert_gt(taken_by(other), mine);
	cr_assert_not(turn_done(&t, mine));
}

Test(turn, where_there_is_more_somebody_else_has_it, .timeout = 20)
{
	struct turn t;

	turn_init(&t);
	turn_take(&t);
	turn_received(&t, false);
	cr_assert_not(t.open);
	turn_received(&t, true);
	cr_assert(t.open, "another thread would have to watch first");
}

static void *take_and_pass(void *turn)
{
	void *number = take(turn);

	turn_over(turn);
	return number;
}

Test(turn, all_hear_that_it_is_over, .timeout = 20)
{
	pthread_t others[3];
	struct turn t;

	turn_init(&t);
	turn_take(&t);
	for (int i = 0; i < 3; i++)
		pthread_create(&others[i], NULL, take_and_pass, &t);
	turn_over(&t);
	for (int i = 0; i < 3; i++)
		cr_assert_neq(taken_by(others[i]), 0);
}
