/*
 * units.h: what systemd reads for a service: its file, and the drop-ins behind it.
 */
#ifndef FDF_UNITS_H
#define FDF_UNITS_H

#define UNITS_OWN "/etc/systemd/system" /* the administrator's */

/*
 * Would Environment="LD_PRELOAD=..." in a drop-in called own hold for unit, which ends in
 * ".service", and replace nothing?  Refused: a unit that is not there or masked, a file of it or
 * a drop-in that has LD_PRELOAD itself or, behind own, empties the environment or has FDFENCE_*.
 * That another has FDFENCE_* is told.  Files that an
 * EnvironmentFile= names are not read.  Returns 0, or -1 after a message.
 */
int units_check(const char *unit, const char *own);

#endif
