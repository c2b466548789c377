/*
 * relay.h: a collector below another one hands on to it what it gets, so that
 * the outer one sees what it would have seen without the inner one.
 */
#ifndef FDF_RELAY_H
#define FDF_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct relay {
	char *log, *key; /* of the collector outside; NULL: there is none */
	bool all;	 /* it asked for every exec and start */
};

/* From the settings that this process was started with: before its own go into the environment. */
void relay_open(struct relay *r);

/* What cannot be handed on is told in the outer one's key (records/key.h). */
void relay_record(const struct relay *r, pid_t pid, const char *record, size_t len);

void relay_close(struct relay *r);

#endif
