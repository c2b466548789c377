/*
 * emit.h: hands a finished record on: to a file or to an abstract socket.
 *
 * Never stops an exec: a full disk, a dead or a slow reader cost at most
 * FDF_EMIT_WAIT_S and a count, which the next record carries as "dropped".  A
 * collector that gave a LOG_KEY finds word of it in the session keyring too.
 * Async-signal-safe; raw system calls.
 */
#ifndef FDF_EMIT_H
#define FDF_EMIT_H

#include "preload/core/record.h"
#include "preload/fence/fence.h"
#include "preload/judge/who.h"

/*
 * Close r and hand it on.  inexact as for fdf_record_end().  What was dropped before is said in the
 * record, and counted on if that is lost too.
 */
void fdf_emit(struct fdf_fence *f, struct fdf_record *r, const char *inexact);

/* Fill in time, process, user, host of *x; the strings lie in *who. */
void fdf_emit_fill(struct fdf_fence *f, struct fdf_exec *x, struct fdf_who *who);

/* The record of an image that has just started.  At load only. */
void fdf_emit_start(struct fdf_fence *f);

#endif
