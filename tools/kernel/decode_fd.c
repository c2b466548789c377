/*
 * decode_fd.c: one descriptor of the kernel to facts, its target as
 * /proc/PID/fd/N would read; and the texts of an exec.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "preload/core/type.h"
#include "tools/base/base.h"
#include "tools/kernel/decode.h"

/* As fstat() shows it: files of no kind have none there, whatever the inode says. */
static uint32_t shown_mode(const struct fdt_fd *e)
{
	return e->magic == FDT_ANONFS || e->magic == FDT_PIDFS ? e->mode & ~(uint32_t)S_IFMT
							       : e->mode;
}

static bool is_socket(const struct fdt_fd *e, size_t len)
{
	return e->magic == FDT_SOCKFS && (e->mode & S_IFMT) == S_IFSOCK &&
	       len == sizeof(struct fdt_sock);
}

static void take_socket(struct trace_fd *f, const char *text)
{
	struct fdt_sock s;

	memcpy(&s, text, sizeof(s));
	f->sock.family = (int)s.family;
	f->sock.type = (int)s.type;
	f->sock.protocol = (int)s.protocol;
	f->sock.listening =
		s.state == TCP_LISTEN && (s.type == SOCK_STREAM || s.type == SOCK_SEQPACKET);
	f->sock.connected = s.connected;
	f->sock.local_len = (unsigned char)s.local_len;
	f->sock.peer_len = (unsigned char)s.peer_len;
	memcpy(f->sock.local, s.local, sizeof(f->sock.local));
	memcpy(f->sock.peer, s.peer, sizeof(f->sock.peer));
	f->d.have |= FDF_HAVE_SOCK;
}

/* Files without a path are named by their file system (d_dname in the kernel). */
static char *target_of(const struct fdt_fd *e, const char *text)
{
	unsigned long long ino = e->ino;

	if (e->magic == FDT_SOCKFS)
		return must_printf("socket:[%llu]", ino);
	if (e->magic == FDT_PIPEFS)
		return must_printf("pipe:[%llu]", ino);
	if (e->magic == FDT_PIDFS)
		return must_printf("anon_inode:[pidfd]");
	if (e->magic == FDT_ANONFS)
		return must_printf("anon_inode:%s", text);
	if (e->magic == FDT_NSFS && e->head.flags & FDT_PSEUDO)
		return must_printf("%s:[%llu]", text, ino);
	if (e->magic == FDT_DMABUFFS)
		return must_printf("/dmabuf:");
	if (e->head.flags & FDT_PSEUDO)
		return must_printf("/%s (deleted)", text);
	return must_printf("%s%s%s", e->head.flags & FDT_CUT ? "..." : "", text,
			   e->head.flags & FDT_DELETED ? " (deleted)" : "");
}

static uint8_t signs(uint32_t s)
{
	return (uint8_t)((s & FDT_GIVEN ? FDF_SIGN_GIVEN : 0) | (s & FDT_ACT ? FDF_SIGN_ACT : 0) |
			 (s & FDT_PLACED ? FDF_SIGN_PLACED : 0) |
			 (s & FDT_PAIR ? FDF_SIGN_PAIR : 0));
}

void decode_fd(struct trace_fd *f, const struct fdt_fd *e, const char *text, size_t len)
{
	char path[FDT_PATH_MAX + 1] = "";
	bool sock = is_socket(e, len);
	struct fdf_fd here;

	if (!sock)
		memcpy(path, text, len); /* len <= FDT_PATH_MAX: decode_feed() */
	f->d = (struct fdf_fd){
		.fd = (int)e->fd,
		.have = FDF_HAVE_TYPE | FDF_HAVE_STATUS,
		.sign = signs(e->sign),
		/* The kernel's O_LARGEFILE is what F_GETFL shows as well. */
		.status = e->status,
		.mode = shown_mode(e),
		.dev_major = e->dev >> 20,
		.dev_minor = e->dev & 0xfffff,
		.rdev_major = e->rdev >> 20,
		.rdev_minor = e->rdev & 0xfffff,
		.ino = e->ino,
	};
	f->would = e->sign & FDT_WOULD;
	f->group = e->group;
	f->uid = e->uid;
	f->gid = e->gid;
	f->way = e->head.flags;
	f->facts = e->facts;
	f->seals = e->seals;
	if (sock)
		take_socket(f, text);
	f->target = target_of(e, path);
	f->d.target = fdf_str(f->target);
	f->d.have |= FDF_HAVE_TARGET;
	here = f->d;
	here.sock = sock ? &f->sock : NULL; /* *f may move yet: decode_feed() sets it there */
	f->d.type = (uint8_t)fdf_type_of(&here, e->head.flags & FDT_PSEUDO, f->d.target);
	if (f->d.type == FDF_FILE && e->magic != FDT_PROCFS &&
	    !(e->head.flags & (FDT_CUT | FDT_DELETED | FDT_PSEUDO | FDT_SHUT)))
		f->d.have |= FDF_HAVE_PUBLIC;
}

char **decode_vector(const struct decode_text *t)
{
	size_t n = 0, i, at = 0;
	char **v;

	for (i = 0; i < t->len; i++)
		n += t->s[i] == '\0';
	v = must_alloc((n + 2) * sizeof(*v));
	for (i = 0; at < t->len; at += strlen(t->s + at) + 1)
		v[i++] = t->s + at;
	return v;
}

/* Take out "./" and doubled slashes; ".." may pass through a link, so it stays. */
static void tidy(char *p)
{
	char *to = p;

	while (*p) {
		if (p[0] == '/' && (p[1] == '/' || (p[1] == '.' && (p[2] == '/' || !p[2])))) {
			p += p[1] == '/' ? 1 : 2;
			continue;
		}
		*to++ = *p++;
	}
	*to = '\0';
}

char *decode_into(const struct trace_exec *x)
{
	char *p;

	if (!x->name.s || !x->name.len)
		return must_dup(x->exe.s ? x->exe.s : "");
	if (x->name.s[0] == '/')
		p = must_dup(x->name.s);
	else
		p = must_printf("%s/%s", x->cwd.s ? x->cwd.s : "", x->name.s);
	tidy(p);
	return p;
}
