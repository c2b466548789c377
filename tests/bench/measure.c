/* measure.c: the rounds in which the peers take turns, and their statistics. */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/driver.h"

static bool wanted(const struct row *row, enum peer p)
{
	return (p == BEFORE || row->peers & 1u << p) && have_peer(p);
}

/* One round: everybody once, each round beginning with another. */
static void one_round(const struct row *row, struct result *to)
{
	double per = row->ask.work >= GETFD && row->ask.work <= CLOSE ? CALLS : 1;

	for (int k = 0; k < PEERS; k++) {
		enum peer p = (enum peer)((k + to->rounds) % PEERS);
		struct answer r;

		if (!wanted(row, p))
			continue;
		r = ask_peer(row->place, p, &row->ask);
		to->ns[p][to->rounds] = (double)r.ns / per;
		to->cpu[p][to->rounds] = (double)r.cpu;
	}
	to->rounds++;
}

bool more_rounds(int done, uint64_t begin)
{
	double spent = (double)(now_ns() - begin) / 1e9 / options.row_seconds;

	return done < 1 || (done < options.rounds && spent < (done < ROUNDS_MIN ? 3 : 1));
}

void measure(const struct row *row, struct result *to)
{
	struct ask warm = row->ask;
	uint64_t begin;

	warm.times = 1;
	for (enum peer p = 0; p < PEERS; p++)
		if (wanted(row, p) && warm.work != SCRIPT)
			ask_peer(row->place, p, &warm);
	begin = now_ns();
	while (more_rounds(to->rounds, begin))
		one_round(row, to);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

struct spread spread_of(const double *v, int n)
{
	double s[ROUNDS_MAX];

	memcpy(s, v, (size_t)n * sizeof *s);
	qsort(s, (size_t)n, sizeof *s, by_size);
	return (struct spread){ s[n / 4], (s[(n - 1) / 2] + s[n / 2]) / 2, s[n - 1 - n / 4] };
}

struct spread compared(const double *a, const double *b, int n, enum measure m)
{
	double v[ROUNDS_MAX];

	for (int i = 0; i < n; i++)
		v[i] = m == TIMES ? a[i] / b[i] : (a[i] - b[i]) / (m == PLUS_US ? 1000 : 1);
	return spread_of(v, n);
}
