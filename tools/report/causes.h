/*
 * causes.h: the distinct causes of leaks: who, into whom, what, and why.
 */
#ifndef FDF_CAUSES_H
#define FDF_CAUSES_H

#include <stdint.h>

#include "tools/records/record_json.h"
#include "tools/report/leak.h"
#include "tools/report/origin.h"

/*
 * Distinct ones of a severity; what comes after is only counted.  Each severity has its own room: a
 * flood of what is low hides nothing that is worse.
 */
#define CAUSES_MAX 10000
#define CAUSE_FDS  16 /* distinct numbers that a cause remembers */

/* Of the first exec with a cause, as in its record. */
struct cause_first {
	char *time, *entry;
	long long pid, ppid;
	json_t *argv;	 /* NULL: argv_text */
	char *argv_text; /* JSON; NULL if there is none either */
};

struct cause {
	char *key;     /* what makes it one cause */
	uint64_t hash; /* of it */
	enum fdf_type type;
	enum fdf_verdict verdict;
	enum fdf_reason reason;
	enum leak_outcome outcome;
	char *exe, *into, *access, *what, *note, *by;
	char *target, *local; /* of the first descriptor, as in its record; "" if there is none */
	char *rule;	      /* what would keep it; of what is kept, seal it */
	struct fdf_severity severity;
	bool known;    /* causes_mark() says so */
	bool unlisted; /* it stands for all of a severity and outcome that found no room */
	bool outside;  /* CMD's first process had it from outside */
	unsigned long times;
	int fds[CAUSE_FDS]; /* the lowest, ascending */
	unsigned nfds;
	bool more_fds;
	struct origin origin; /* of the first */
	struct cause_first first;
};

struct causes {
	struct cause **places;			      /* a hash table; NULL before the first */
	size_t n, of[FDF_LEVELS];		      /* of each severity */
	struct cause rest[FDF_LEVELS][LEAK_OUTCOMES]; /* unlisted; their times alone count */
	char *key; /* room for the key of one that is looked for */
	size_t room;
	struct symbols *symbols; /* NULL until a record has an origin */
};

/*
 * The cause of one descriptor of an exec, new or known; its number is added.
 * Where CAUSES_MAX of that severity are there one that is unlisted.  Nothing is counted.
 */
struct cause *causes_get(struct causes *all, const struct rec *r, const struct rec_fd *f);

/* {"time", "pid", "ppid", "entry", "argv"}.  The caller gives it up. */
json_t *cause_first(const struct cause *c);

/* Ask of each with times > 0, but of what came from outside, whether it is known. */
void causes_mark(const struct causes *all, bool (*known)(void *ctx, const struct cause *c),
		 void *ctx);

/*
 * Those with times > 0, the worst first, of those the most frequent; outside: which kind,
 * and that one by number.  Five and
 * more files of one directory that leak the same way become one cause of that directory: call it
 * once.  The caller frees the array.
 */
struct cause **causes_list(const struct causes *all, bool outside, size_t *n);

/* How often each reason decided, "given" or, of special programs, "shell" and the like. */
struct tally {
	char label[32];
	unsigned long n;
};

/* Into room for as many as causes.  Returns how many labels there are, most frequent first. */
size_t causes_tally(struct cause *const *list, size_t n, struct tally *to);

/* Is a worse than b?  What may be worse than its level stands above what may not. */
bool severity_above(struct fdf_severity a, struct fdf_severity b);

/* May a be worse than what is known?  medium+ may be worse than high. */
bool severity_exceeds(struct fdf_severity a, struct fdf_severity known);

void causes_free(struct causes *all);

#endif
