/*
 * closing.c: the ways to let no descriptor above 2 reach a program, beside the fence's.
 *
 * In place: what the call takes by itself.  Exec: from vfork to the end of the program, so that
 * what the kernel closes later counts too.
 */
#include "tests/bench/driver.h"

const char *const closings[CLOSINGS + 1] = {
	"no closing", "loop to 1,024", "loop to 65,536", "loop to 1,048,576", "/proc walk",
	"closefrom",  "close_range",   "marking",	 "fdfence",
};
const int closing_fds[2] = { 4, 1000 };

/* Marking is the fence's way, so it is no peer of it; leaving all open is not closing. */
static bool is_peer(int how)
{
	return how != NOTHING && how < MARK;
}

void measure_closing(bool exec, int fds, struct closing_result *to)
{
	static double ns[CLOSINGS + 1][ROUNDS_MAX];
	int n = 0, ours = exec ? CLOSINGS : MARK;
	uint64_t begin = now_ns();

	while (more_rounds(n, begin)) {
		for (int how = 0; how <= CLOSINGS; how++) {
			struct ask a = { exec ? CLOSE_EXEC : CLOSING, how % CLOSINGS, 3 + fds,
					 how == LOOP_1M || how == LOOP_64K ? 1 : 7 };
			bool fence = how == CLOSINGS;

			if (how == LOOP_1M && n) { /* a second each: once will do */
				ns[how][n] = ns[how][0];
				continue;
			}
			if (fence ? exec : exec || how != NOTHING)
				ns[how][n] = (double)ask_peer(WORKER, fence ? FENCE : NONE, &a).ns /
					     1000;
		}
		n++;
	}
	to->best = LOOP_1K;
	for (int how = 0; how <= CLOSINGS; how++) {
		to->us[how] = spread_of(ns[how], n);
		if (is_peer(how) && to->us[how].mid < to->us[to->best].mid)
			to->best = (enum closing)how;
	}
	to->ratio = compared(ns[ours], ns[to->best], n, TIMES);
}
