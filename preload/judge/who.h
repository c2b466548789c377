/* who.h: room for the strings of a record that say who asked. */
#ifndef FDF_WHO_H
#define FDF_WHO_H

#define FDF_BOOT_ID_LEN 36 /* of a UUID, without its NUL */

struct fdf_who {
	char host[65], boot_id[FDF_BOOT_ID_LEN + 1], comm[16]; /* utsname's and prctl(2)'s sizes */
};

#endif
