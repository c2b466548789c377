/*
 * limits.h: limits of the supervisor's own processes.
 */
#ifndef FDF_SUPERVISE_LIMITS_H
#define FDF_SUPERVISE_LIMITS_H

/*
 * What is set for the command is not for this process, which serves all that run below it: its own are
 * raised as far as it may, without end with CAP_SYS_RESOURCE, else to the hard ones.
 */
void limits_raise(void);

/* Seconds of processor time after which the kernel kills this process; 0: none. */
unsigned long limits_life_s(void);

#endif
