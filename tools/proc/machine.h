/*
 * machine.h: which machine this is, and which boot of it.
 */
#ifndef FDF_MACHINE_H
#define FDF_MACHINE_H

#include "preload/core/facts.h"

/* As records have it, "" if it cannot be told.  Asked once. */
struct fdf_str machine_host(void);
struct fdf_str machine_boot_id(void);

#endif
