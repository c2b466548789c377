/* numbers.h: system calls by number, also those newer than the headers.  Numbers alone, for C and
 * assembler. */
#ifndef FDF_NUMBERS_H
#define FDF_NUMBERS_H

#include <asm/unistd.h>

/* the same everywhere */
#ifndef __NR_clone3
#define __NR_clone3 435 /* since Linux 5.3 */
#endif
#ifndef __NR_close_range
#define __NR_close_range 436 /* since Linux 5.9 */
#endif
#ifndef __NR_openat2
#define __NR_openat2 437 /* since Linux 5.6 */
#endif
#ifndef __NR_faccessat2
#define __NR_faccessat2 439 /* since Linux 5.8 */
#endif

#endif
