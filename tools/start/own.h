/*
 * own.h: what fdfence itself was given, judged before CMD gets it.
 */
#ifndef FDF_START_OWN_H
#define FDF_START_OWN_H

#include "tools/options/config.h"

/*
 * Mark the descriptors that CMD shall not have close-on-exec, and hand a record of
 * it to the log (launch_exec() tells by which policy).  Call in the process that
 * becomes CMD, with c finished.
 */
void own_judge(const struct config *c, char **cmd);

#endif
