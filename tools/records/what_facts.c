/*
 * what_facts.c: one descriptor that was looked at, in the words of a record's.
 */
#include <stdlib.h>

#include "preload/core/socket.h"
#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"

/* Each byte of the longest address as an escape, and what a family puts around it. */
#define ADDRESS_MAX (4 * sizeof(((struct fdf_sock *)0)->local) + 32)

static void address(char to[ADDRESS_MAX], int family, const unsigned char *a, size_t n)
{
	struct fdf_text t = { .p = to, .end = to + ADDRESS_MAX - 1, .plain = true };

	fdf_putaddress(&t, family, a, n);
	*t.p = '\0';
}

char *what_facts(const struct fdf_fd *d, bool exact)
{
	const struct fdf_sock *s = d->have & FDF_HAVE_SOCK ? d->sock : NULL;
	char *target = escaped(d->target), *text;
	char local[ADDRESS_MAX] = "", peer[ADDRESS_MAX] = "";
	struct rec_fd f = { .type = (enum fdf_type)d->type,
			    .target = target,
			    .has_socket = s != NULL,
			    .family = s ? fdf_family_name(s) : "",
			    .sock_type = s ? fdf_sock_type_name(s) : "",
			    .protocol = s ? fdf_protocol_name(s) : "",
			    .local = local,
			    .peer = peer };

	if (s) {
		address(local, s->family, s->local, s->local_len);
		address(peer, s->family, s->peer, s->peer_len);
	}
	text = exact ? what_exact(&f) : what_text(&f);
	free(target);
	return text;
}
