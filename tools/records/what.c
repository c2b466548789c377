/*
 * what.c: one descriptor of a record in words and as a rule.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/ports.h"
#include "preload/core/rules.h"
#include "tools/records/what.h"

static int is_ephemeral(const char *port)
{
	struct port_range r = ports_chosen();
	unsigned long n = strtoul(port, NULL, 10);

	return r.low <= n && n <= r.high;
}

/* Where the port of "127.0.0.1:80" or "[::1]:80" starts; NULL for other families. */
static const char *port_of(const struct rec_fd *f, const char *address)
{
	const char *colon = strncmp(f->family, "inet", 4) ? NULL : strrchr(address, ':');

	return colon ? colon + 1 : NULL;
}

/* Without what the kernel chose of an address: a port, a netlink socket's number (netlink(7)). */
static void put_folded(struct fdf_text *t, const struct rec_fd *f, const char *address)
{
	const char *port = port_of(f, address);

	if (!strcmp(f->family, "netlink") && *address > '0') {
		fdf_putc(t, '*');
		fdf_puts(t, address + strcspn(address, ":"));
	} else if (port && is_ephemeral(port)) {
		fdf_put(t, address, (size_t)(port - address));
		fdf_putc(t, '*');
	} else {
		fdf_puts(t, address);
	}
}

/* unix(7), autobind: "@" and five hexadecimal digits that nobody chose. */
static int is_autobound(const struct rec_fd *f, const char *address)
{
	return !strcmp(f->family, "unix") && address[0] == '@' && strlen(address) == 6 &&
	       strspn(address + 1, "0123456789abcdef") == 5;
}

static void put_peer(struct fdf_text *t, const struct rec_fd *f, bool exact)
{
	const char *port = port_of(f, f->peer), *local = port_of(f, f->local);

	/* A server's clients are one cause, whoever they are. */
	if (!exact && port && local && is_ephemeral(port) && !is_ephemeral(local)) {
		fdf_puts(t, " <- a client");
		return;
	}
	if (!*f->peer || (!exact && is_autobound(f, f->peer)))
		return;
	fdf_puts(t, " -> ");
	if (exact || !port)
		fdf_puts(t, f->peer);
	else
		put_folded(t, f, f->peer);
}

static void put_socket(struct fdf_text *t, const struct rec_fd *f, bool exact)
{
	bool named = !strncmp(f->family, "inet", 4);
	const char *proto = *f->protocol ? f->protocol : f->sock_type;

	fdf_puts(t, named && *proto ? proto : f->family);
	if (!named && *f->sock_type) {
		fdf_putc(t, ' ');
		fdf_puts(t, f->sock_type);
	}
	if (*f->local)
		fdf_putc(t, ' ');
	if (exact)
		fdf_puts(t, f->local);
	else if (is_autobound(f, f->local))
		fdf_puts(t, "@*");
	else
		put_folded(t, f, f->local);
	put_peer(t, f, exact);
}

/*
 * The number in a path that changes from run to run: a process in /proc, an
 * unnamed file ("/tmp/#77 (deleted)", open(2) O_TMPFILE).  Returns what stands
 * behind it, *head its place; NULL: there is none.
 */
static const char *behind_number(const char *path, size_t *head)
{
	const char *hash = strstr(path, "/#"), *rest, *bracket = strstr(path, ":[");

	/* "net:[4026531992]" of nsfs, and other names without a place */
	if (path[0] != '/' && bracket && strspn(bracket + 2, "0123456789") &&
	    !strcmp(bracket + 2 + strspn(bracket + 2, "0123456789"), "]")) {
		*head = (size_t)(bracket - path) + 2;
		return path + strlen(path) - 1;
	}
	*head = strncmp(path, "/proc/", 6) ? 0 : 6;
	if (!*head && hash)
		*head = (size_t)(hash - path) + 2;
	rest = path + *head + strspn(path + *head, "0123456789");
	if (!*head || rest == path + *head || (hash && strcmp(rest, " (deleted)") != 0))
		return NULL;
	return rest;
}

/* Whose name is a number.  With O_PATH a socket may have the name that it was bound to. */
static bool is_numbered(const struct rec_fd *f)
{
	return f->type == FDF_PIPE ||
	       ((f->type == FDF_SOCKET || f->type == FDF_LISTENER) && f->target[0] != '/');
}

void what_put(struct fdf_text *t, const struct rec_fd *f)
{
	size_t head;
	const char *rest;

	if (f->has_socket && *f->family) {
		put_socket(t, f, false);
		return;
	}
	if (is_numbered(f)) {
		fdf_puts(t, fdf_type_name(f->type));
		return;
	}
	rest = behind_number(f->target, &head);
	if (rest) {
		fdf_put(t, f->target, head);
		fdf_putc(t, '*');
	}
	fdf_puts(t, rest ? rest : *f->target ? f->target : "?");
}

static struct fdf_text room_of(size_t n)
{
	char *room = must_alloc(n);

	return (struct fdf_text){ .p = room, .end = room + n, .plain = true };
}

/* All texts of a descriptor together are no longer than that, with what stands between them. */
static struct fdf_text room_for(const struct rec_fd *f)
{
	size_t n = strlen(f->target) + strlen(f->family) + strlen(f->sock_type) +
		   strlen(f->protocol) + strlen(f->local) + strlen(f->peer) + 64;

	return room_of(n);
}

char *what_text(const struct rec_fd *f)
{
	struct fdf_text t = room_for(f);
	char *text = t.p;

	what_put(&t, f);
	fdf_putc(&t, '\0');
	return text;
}

char *what_type(enum fdf_type type, const char *access)
{
	return must_printf("%s%s%s", fdf_type_name(type), *access ? " " : "", access);
}

char *what_exact(const struct rec_fd *f)
{
	struct fdf_text t = room_for(f);
	char *text = t.p;

	if (f->has_socket && *f->family)
		put_socket(&t, f, true);
	else
		fdf_puts(&t, *f->target ? f->target : fdf_type_name(f->type));
	fdf_putc(&t, '\0');
	return text;
}

#define GLOB_BYTES 4 /* "\xHH", the longest that a byte becomes in a GLOB */

/*
 * A GLOB that matches text of a record and nothing else.  Special bytes stand behind a backslash; a
 * byte that would harm a terminal stays \xHH, which is the same in both.
 */
static void put_glob(struct fdf_text *t, const char *text, size_t len)
{
	for (size_t i = 0; i < len && text[i]; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\\' && len - i >= GLOB_BYTES && text[i + 1] == 'x' &&
		    strspn(text + i + 2, "0123456789abcdef") >= 2) {
			fdf_put(t, text + i, GLOB_BYTES);
			i += GLOB_BYTES - 1;
		} else if (c < 0x20 || c == 0x7f) {
			fdf_putbyte(t, c);
		} else {
			if (strchr("*?[]\\ ;#\"'", c))
				fdf_putc(t, '\\');
			fdf_putc(t, (char)c);
		}
	}
}

char *what_glob(const char *plain)
{
	struct fdf_text t = room_of(GLOB_BYTES * strlen(plain) + 1);
	char *text = t.p;

	put_glob(&t, plain, strlen(plain));
	fdf_putc(&t, '\0');
	return text;
}

static void put_path(struct fdf_text *t, const struct rec_fd *f)
{
	size_t head;
	const char *rest = behind_number(f->target, &head);

	if (f->has_socket || is_numbered(f))
		return; /* "pipe:[7]", "socket:[7]" */
	fdf_puts(t, " path=");
	put_glob(t, f->target, rest ? head : strlen(f->target));
	if (rest) {
		fdf_putc(t, '*');
		put_glob(t, rest, strlen(rest));
	}
}

/* Did somebody choose its address, and is it all there is?  Of a connection a rule sees one end. */
static bool has_own_address(const struct rec_fd *f)
{
	const char *port = port_of(f, f->local);

	return f->has_socket && *f->local && !*f->peer && strcmp(f->family, "netlink") != 0 &&
	       !is_autobound(f, f->local) && !(port && is_ephemeral(port));
}

/* Would a rule be of all that is like it?  Of pipes it is, which are all alike. */
static bool is_nameless(const struct rec_fd *f)
{
	if (f->has_socket || (is_numbered(f) && f->type != FDF_PIPE))
		return !has_own_address(f);
	return f->type != FDF_PIPE && !*f->target;
}

static void put_rule_of(struct fdf_text *t, const char *verdict, const char *exe, const char *into,
			enum fdf_type type)
{
	fdf_puts(t, verdict);
	if (*exe) {
		fdf_puts(t, " exe=");
		put_glob(t, exe, fdf_stored(fdf_str(exe)).len);
	}
	if (*into) {
		fdf_puts(t, " into=");
		put_glob(t, into, strlen(into));
	}
	if (type != FDF_UNKNOWN) {
		fdf_puts(t, " type=");
		fdf_puts(t, fdf_type_name(type));
	}
}

/* No rule with these patterns is longer. */
static struct fdf_text room_for_rule(const char *verdict, const char *exe, const char *into,
				     enum fdf_type type, const char *path, const char *address)
{
	size_t patterns = strlen(exe) + strlen(into) + strlen(path) + strlen(address);

	return room_of(strlen(verdict) + GLOB_BYTES * patterns +
		       sizeof(" exe= into= type= path=* addr=") + strlen(fdf_type_name(type)));
}

/* A cause keeps it: without the room that it did not need. */
static char *fitted(char *text, const struct fdf_text *t)
{
	char *smaller = realloc(text, (size_t)(t->p - text));

	return smaller ? smaller : text;
}

char *what_rule_of(const char *verdict, const char *exe, const char *into, enum fdf_type type)
{
	struct fdf_text t = room_for_rule(verdict, exe, into, type, "", "");
	char *text = t.p;

	put_rule_of(&t, verdict, exe, into, type);
	fdf_putc(&t, '\0');
	return text;
}

char *what_rule(const char *verdict, const char *exe, const char *into, const struct rec_fd *f)
{
	struct fdf_text t;
	char *text;

	if (is_nameless(f))
		return must_dup("");
	t = room_for_rule(verdict, exe, into, f->type, f->target, f->local);
	text = t.p;
	put_rule_of(&t, verdict, exe, into, f->type);
	put_path(&t, f);
	if (f->has_socket) {
		fdf_puts(&t, " addr=");
		put_glob(&t, f->local, strlen(f->local));
	}
	fdf_putc(&t, '\0');
	return fitted(text, &t);
}

char *what_severity(struct fdf_severity s)
{
	return must_printf("%s%s", fdf_level_name((enum fdf_level)s.level), s.at_least ? "+" : "");
}

const char *what_severity_color(const char *severity)
{
	static const char *const colors[FDF_LEVELS] = { [FDF_LOW] = "cyan",
							[FDF_MEDIUM] = "yellow",
							[FDF_HIGH] = "red",
							[FDF_CRITICAL] = "lightred" };
	int level = fdf_level_from((struct fdf_str){ severity, strcspn(severity, "+") });

	return level < 0 ? NULL : colors[level];
}

char *what_reason(const struct rec_fd *f)
{
	const char *why = *f->why ? f->why : f->asked;

	switch (f->reason) {
	case FDF_BY_DEFAULT:
		return must_printf("nobody meant it%s%s", *why ? ": " : "", why);
	case FDF_BY_KEEP:
		return must_dup("the setting keep names it");
	case FDF_BY_RULE:
		return must_printf("rule '%s'%s%s", f->by, *f->why ? ": " : "", f->why);
	case FDF_BY_GIVEN:
		return must_dup("it was open when the program started");
	case FDF_BY_IMAGE:
		return must_printf("the program is special: %s", f->by);
	case FDF_BY_ACT:
		return must_printf("an act of the program: %s", f->by);
	case FDF_BY_PRECISE:
	case FDF_BY_GENERIC:
		return must_printf("%s names it (%s convention)", f->by,
				   fdf_reason_name(f->reason));
	case FDF_BY_PAIR:
		return must_printf("one end of a pair made for this program, and %s names it",
				   f->by);
	case FDF_BY_CLOEXEC:
		return must_dup("it is close-on-exec already");
	default:
		return must_dup(fdf_reason_name(f->reason));
	}
}
