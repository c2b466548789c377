/*
 * bench.c: measures what the fence costs, beside its peers, and writes docs/performance.md.
 *
 *	bench --shim FILE [--before FILE] [--snoopy FILE] [--rounds N] [--row-seconds N] [--only TEXT]
 *	      [--command TEXT] [-o FILE]
 *
 * To be run from the top of the source tree: its files are what is compiled in "Real work".
 * --before FILE: an older shim, a peer in every row.
 * --only TEXT: only rows and sections whose name holds TEXT.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/driver.h"

struct options options = { .only = "", .command = "bench", .rounds = 25, .row_seconds = 10 };

static const char *parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "shim", required_argument, NULL, 's' },
		{ "before", required_argument, NULL, 'b' },
		{ "snoopy", required_argument, NULL, 'n' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "row-seconds", required_argument, NULL, 't' },
		{ "only", required_argument, NULL, 'O' },
		{ "command", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	const char *out = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "o:", longs, NULL)) != -1)
		switch (c) {
		case 's':
			options.shim = optarg;
			break;
		case 'b':
			options.before = optarg;
			break;
		case 'n':
			options.snoopy = optarg;
			break;
		case 'r':
			options.rounds = atoi(optarg);
			break;
		case 't':
			options.row_seconds = atof(optarg);
			break;
		case 'O':
			options.only = optarg;
			break;
		case 'c':
			options.command = optarg;
			break;
		case 'o':
			out = optarg;
			break;
		default:
			exit(2);
		}
	if (options.rounds < 1 || options.rounds > ROUNDS_MAX || !options.shim ||
	    access(options.shim, R_OK)) {
		fprintf(stderr, "bench: --shim FILE, and --rounds from 1 to %d\n", ROUNDS_MAX);
		exit(2);
	}
	return out;
}

int main(int argc, char **argv)
{
	static struct result results[64];
	const char *out;
	FILE *f = stdout;

	if (argc == 2 && !strcmp(argv[1], "worker"))
		return worker();
	if (argc == 3 && !strcmp(argv[1], "once"))
		return worker_once(atoi(argv[2]));
	out = parse(argc, argv);
	close_range(3, ~0u, 0); /* what a worker is given, it would give on */
	for (int i = 0; i < nrows; i++)
		if (strstr(rows[i].section, options.only) || strstr(rows[i].name, options.only)) {
			measure(&rows[i], &results[i]);
			progress(&rows[i], &results[i]);
		}
	if (out) {
		f = fopen(out, "we"); /* or what is counted below would be given it */
		if (!f)
			die(out);
	}
	report(f, results);
	end_workers();
	if (fflush(f) || ferror(f))
		die(out ? out : "stdout");
	return 0;
}
