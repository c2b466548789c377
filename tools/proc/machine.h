/*
 * machine.h: which machine this is, and which boot of it.
 */
#ifndef FDF_MACHINE_H
#define FDF_MACHINE_H

#include <stdbool.h>

#include "preload/core/facts.h"

/* As records have it, "" if it cannot be told.  Asked once. */
struct fdf_str machine_host(void);
struct fdf_str machine_boot_id(void);

/*
 * Does this process know processes by other numbers than the kernel's own?  The first pid namespace
 * has a fixed inode (include/linux/proc_ns.h, PROC_PID_INIT_INO).  False without /proc.
 */
bool machine_other_pids(void);

#endif
