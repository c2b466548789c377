/*
 * severity_json.c: how bad a leak is, from the record that tells of it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tools/records/severity_json.h"

static void take_device(const char *text, uint32_t *major, uint32_t *minor)
{
	if (!text || sscanf(text, "%u:%u", major, minor) != 2)
		*major = *minor = 0;
}

static void take_status(struct fdf_fd *d, const struct rec_fd *f)
{
	static const struct {
		const char *access;
		uint32_t status;
	} known[] = { { "r", O_RDONLY }, { "w", O_WRONLY }, { "rw", O_RDWR }, { "path", O_PATH } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(f->access, known[i].access) != 0)
			continue;
		d->status = known[i].status;
		d->have |= FDF_HAVE_STATUS;
	}
}

/* What a severity asks of a socket, and no more. */
static void take_socket(struct fdf_fd *d, const struct rec_fd *f, struct fdf_sock *s)
{
	if (!f->has_socket)
		return;
	*s = (struct fdf_sock){ .family = !strcmp(f->family, "packet") ? AF_PACKET : AF_UNSPEC,
				.type = !strcmp(f->sock_type, "raw") &&
							strcmp(f->family, "netlink") != 0
						? SOCK_RAW
						: 0,
				.connected = *f->peer != '\0' };
	/* "0.0.0.0:0", "[::]:0" and "" are what a socket has that is not bound. */
	if (strspn(f->local, "0.:[]") != strlen(f->local)) {
		s->local_len = 3;
		s->local[2] = 1;
	}
	d->sock = s;
	d->have |= FDF_HAVE_SOCK;
}

struct fdf_severity rec_severity(const struct rec_fd *f, const char *mode, const char *rdev)
{
	struct fdf_fd d = { .fd = f->fd, .type = (uint8_t)f->type, .target = fdf_str(f->target) };
	struct fdf_sock sock;

	d.have = (uint8_t)(FDF_HAVE_TYPE | (*f->target ? FDF_HAVE_TARGET : 0));
	d.mode = mode ? (uint32_t)strtoul(mode, NULL, 8) : 0;
	take_device(rdev, &d.rdev_major, &d.rdev_minor);
	take_status(&d, f);
	take_socket(&d, f, &sock);
	return fdf_severity_of(&d);
}

bool rec_read_severity(struct rec_fd *f, json_t *o)
{
	json_t *level = json_object_get(o, "severity"), *danger = json_object_get(o, "danger");
	json_t *at_least = json_object_get(o, "at_least");
	int l = fdf_level_from(fdf_str(json_string_value(level)));

	if ((level && l < 0) || (danger && !json_is_string(danger)) ||
	    (at_least && !json_is_boolean(at_least)))
		return false;
	if (!level) {
		f->severity = rec_severity(f, json_string_value(json_object_get(o, "mode")),
					   json_string_value(json_object_get(o, "rdev")));
		return true;
	}
	f->severity = (struct fdf_severity){ .level = (uint8_t)l,
					     .danger = (uint8_t)fdf_danger_from(
						     fdf_str(json_string_value(danger))),
					     .at_least = json_is_true(at_least) };
	return true;
}
