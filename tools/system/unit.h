/*
 * unit.h: a drop-in that puts the fence around one service of systemd.
 */
#ifndef FDF_UNIT_H
#define FDF_UNIT_H

#include "tools/options/config.h"

/*
 * Write /etc/systemd/system/NAME.service.d/50-fdfence.conf with the library at path and the
 * settings of c, which is finished.  Refused: a name that is none, a unit that is not there, a
 * file that somebody else wrote.  Returns 0, or -1 after a message.
 */
int unit_write(const struct config *c, const char *name, const char *library);

/* Remove it.  Returns 0, where there is none too; -1 after a message. */
int unit_remove(const char *name);

#endif
