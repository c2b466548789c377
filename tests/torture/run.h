/* run.h: runs a shape without the fence and with it, and compares. */
#ifndef TORTURE_RUN_H
#define TORTURE_RUN_H

#include "tests/torture/shape.h"

#include <sys/types.h>

enum { OUTPUT_MAX = 1 << 18 };

struct outcome {
	int differs;
	int unsteady; /* two runs without the fence are not alike either, or it cannot be run */
	long sealed;  /* descriptors that crossed without it, unmeant */
	char plain[OUTPUT_MAX], fenced[OUTPUT_MAX];
	char difference[2000]; /* the first lines that are not alike */
};

/* An option of the command line, l, b, h, t or e; -1 if it is none. */
int run_option(int option, char *value);
/* What to type before the words of a shape. */
const char *command_line(void);

/* A directory for all jobs.  0, or -1 and a message. */
int run_prepare(void);
void run_finish(void);

/*
 * As fork(): the child runs shapes, in a directory of its own with every kind of target.  It is the
 * first process of a pid namespace, so that whatever a shape leaves behind ends with it, and it ends
 * with its parent.
 */
pid_t run_job(int job);

void run_shape(const union shape *s, struct outcome *out);

#endif
