/*
 * signals.h: what of a signal that we got is for CMD, and what of CMD's stops for us.
 */
#ifndef FDF_START_SIGNALS_H
#define FDF_START_SIGNALS_H

#include <sys/signalfd.h>

#include "tools/start/child.h"

/* Hand it on, unless CMD has got it by itself. */
void child_hand_on(struct child *c, const struct signalfd_siginfo *info);

/* What process_reap() saw of CMD: was it stopped, or does it go on?  child_stopped() then. */
void child_follow(struct child *c, bool was_stopped);

#endif
