/*
 * ttys.h: which character devices are terminals.
 */
#ifndef FDF_TTYS_H
#define FDF_TTYS_H

#include <stdbool.h>
#include <stdint.h>

/* As /proc/tty/drivers has it, which is read once. */
bool ttys_have(uint32_t major, uint32_t minor);

/* Of which terminal is fd: /dev/tty and /dev/console stand for another.  False: of none. */
bool ttys_number(int fd, uint32_t *major, uint32_t *minor);

/* A number of the kernel, as in /proc/PID/stat (new_encode_dev()). */
static inline void ttys_split(uint32_t number, uint32_t *major, uint32_t *minor)
{
	*major = number >> 8 & 0xfff;
	*minor = (number & 0xff) | (number >> 12 & 0xfff00);
}

#endif
