/*
 * supervisor.h: how the process of a supervisor (tools/supervise/) is known to others: its name in
 * /proc/PID/comm says what it does.
 */
#ifndef FDF_SUPERVISOR_H
#define FDF_SUPERVISOR_H

/* At most 15 bytes: PR_SET_NAME. */
#define SUPERVISOR_SEALS   "fdfence-seals"
#define SUPERVISOR_REPORTS "fdfence-reports"

#endif
