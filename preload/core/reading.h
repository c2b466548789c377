/*
 * reading.h: the ways in which a value or a word names descriptors, read into
 * a list of meant numbers.  intent.c says which way belongs to what.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.  All text
 * ends in NUL and may come from an attacker; work is linear in its bytes.
 */
#ifndef FDF_READING_H
#define FDF_READING_H

#include "preload/core/intent.h"

/* Where one reading stands. */
struct fdf_reader {
	struct fdf_intent *out;
	const struct fdf_exec *x;
	unsigned members; /* the ones that are asked for */
	/* What the next numbers count as, and what names them. */
	uint8_t member, only_if;
	struct fdf_str by;
	int listen;		 /* LISTEN_FDS */
	struct fdf_str variable; /* LISTEN_FDS where it stands; s == NULL: not seen */
	bool stale;		 /* LISTEN_PID names another process */
	bool cgi;		 /* a client wrote what is asked */
	bool shell;		 /* the target is a shell */
	int skip;		 /* words before the applet of a target that is many in one */
	bool trust, operands;	 /* fdf_enc: FDF_ENC_TRUST, FDF_ENC_OPERANDS */
};

/* first..last, both included, without 0, 1, 2; nothing if it is empty or its member is not asked
 * for. */
void fdf_add(struct fdf_reader *r, int first, int last);

/* The number at *s in base 10 or 16, *s moved behind its digits; -1: none, or above INT_MAX. */
int fdf_number(const char **s, int base);

/* How fdf_read_list() reads. */
struct fdf_list {
	uint8_t base; /* 10 or 16 */
	bool wide;    /* also ; and : stand between numbers, not only , white space and brackets */
	bool one;     /* one number */
	char unless;  /* a number that this follows is none; NUL: there is no such */
};
#define FDF_LIST_ALL   ((struct fdf_list){ .base = 10, .wide = true })
#define FDF_LIST_ONE   ((struct fdf_list){ .base = 10, .wide = true, .one = true })
#define FDF_LIST_COMMA ((struct fdf_list){ .base = 10 })

/*
 * Numbers up to the first that is none or that goes on as something else ("7x"
 * is none).  Negative ones are skipped.  Returns where it stopped.
 */
const char *fdf_read_list(struct fdf_reader *r, const char *s, struct fdf_list how);

/* A list behind each place in s that reads as mark: hexadecimal if that ends in x; a number that
 * mark's last byte follows is none. */
void fdf_read_after(struct fdf_reader *r, const char *s, struct fdf_str mark);

/* One number at the start of each line. */
void fdf_read_lines(struct fdf_reader *r, const char *s);

/* make's flags. */
void fdf_read_jobserver(struct fdf_reader *r, const char *s);

/* "3-4", "3-". */
void fdf_read_range(struct fdf_reader *r, const char *range);

/* The number that s ends in. */
void fdf_read_tail(struct fdf_reader *r, const char *s);

/*
 * Where the code stands that Python is given by -c; 0: there is none.  What comes behind it, or
 * behind a script's name, is for the script.
 */
int fdf_code_at(char *const *argv);

enum fdf_text {
	FDF_TEXT_WORD,	   /* /dev/fd/N, --a-fd=N, --a-fd N, a,fd=N, fd:N, fd://N, fd@N */
	FDF_TEXT_VARIABLE, /* /dev/fd/N, NAME_FD=N */
	FDF_TEXT_VALUE,	   /* a variable that is known better: /dev/fd/N */
};

/*
 * The generic conventions in a word or a variable.  next: the word behind it,
 * or NULL.  r->member and r->only_if hold for all but the paths.
 */
void fdf_read_text(struct fdf_reader *r, const char *text, const char *next, enum fdf_text kind);

/* <&N and >&N in a command for a shell. */
void fdf_read_redirections(struct fdf_reader *r, const char *command);

/* What follows counts as a generic convention. */
static inline void fdf_generic(struct fdf_reader *r)
{
	r->member = FDF_GENERIC;
	r->only_if = FDF_IF_HARMLESS;
}

/* True if s begins with with. */
static inline bool fdf_starts(const char *s, const char *with)
{
	while (*with && *s == *with) {
		s++;
		with++;
	}
	return !*with;
}

/* True if c is one of the bytes of a string, NUL is not. */
bool fdf_is_any(char c, const char *of);

/* May a client choose the name of this variable?  CGI, and what sshd lets through. */
static inline bool fdf_by_client(const char *variable)
{
	return fdf_starts(variable, "HTTP_") || fdf_starts(variable, "REDIRECT_") ||
	       fdf_starts(variable, "LC_");
}

static inline bool fdf_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

#endif
