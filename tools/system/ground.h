/*
 * ground.h: programs started as they would be once the library is named in
 * /etc/ld.so.preload, before it is: that file and the settings are there for them alone, in a
 * mount namespace of their own.
 */
#ifndef FDF_GROUND_H
#define FDF_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ground {
	int machine;	     /* a descriptor of the machine's "/", opened before any chroot */
	const char *root;    /* of the system, seen from there */
	const char *name;    /* of the library, as it would be written */
	const char *library; /* its path */
	const char *text;    /* of the new /etc/ld.so.preload */
	size_t len;
	const char *settings; /* of the new FDF_MACHINE_SETTINGS */
	size_t settings_len;
};

enum ground_how {
	GROUND_PLAIN,	 /* as things are */
	GROUND_PLACE,	 /* with the new /etc/ld.so.preload */
	GROUND_VARIABLE, /* with LD_PRELOAD, where nothing can be mounted */
};

struct ground_program {
	const char *const *argv;     /* argv[0] is a path */
	const char *const *settings; /* NAME=VALUE, NULL behind the last; or NULL */
	uid_t uid;		     /* that starts it */
};

struct ground_end {
	int status;	 /* as of wait(2) */
	char *out, *err; /* what it wrote */
};

/*
 * Start p and wait for its end, which comes after 20 s at the latest.  It has /dev/null as its
 * input, and no environment but a path and p->settings.  Where it could not be started, *end
 * has the exit status 125, 126 (found, but cannot be executed) or 127 with the reason in err.
 */
void ground_start(const struct ground *g, enum ground_how how, const struct ground_program *p,
		  struct ground_end *end);

bool ground_ended_well(const struct ground_end *end);
void ground_end_free(struct ground_end *end);

#endif
