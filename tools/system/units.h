/*
 * units.h: what systemd reads for a service: its file, and the drop-ins behind it.
 */
#ifndef FDF_UNITS_H
#define FDF_UNITS_H

#define UNITS_OWN "/etc/systemd/system" /* the administrator's */

/*
 * Would Environment="LD_PRELOAD=..." in a drop-in called own hold for unit, which ends in
 * ".service", replace nothing, and be of use?  Refused: a unit that is not there or masked, another
 * name of one, a file of it or a drop-in that has LD_PRELOAD itself or, behind own, empties the
 * environment or has FDFENCE_*; and one that keeps the library or the way to the log (NULL: there
 * is none) from the service (tools/system/sandbox.h).  That another has FDFENCE_* is told.  Files that an
 * EnvironmentFile= names are not read.  Returns 0, or -1 after a message.
 */
int units_check(const char *unit, const char *own, const char *library, const char *log);

#endif
