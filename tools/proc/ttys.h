/*
 * ttys.h: which character devices are terminals.
 */
#ifndef FDF_TTYS_H
#define FDF_TTYS_H

#include <stdbool.h>
#include <stdint.h>

/* As /proc/tty/drivers has it, which is read once. */
bool ttys_have(uint32_t major, uint32_t minor);

#endif
