/*
 * intent.c: which conventions of environment, arguments and images name
 * descriptors, and what that counts as.  The conventions are data
 * (conventions.def), their encodings are read in reading.c and generic.c.
 *
 * Runs in whatever context an exec is asked for, vfork children and signal
 * handlers included: no call outside the core, nothing writable, work linear in the
 * bytes that are read.
 */
#include <limits.h>

#include "preload/core/conventions.h"
#include "preload/core/names.h"
#include "preload/core/reading.h"

/* count numbers from first on. */
static void add_count(struct fdf_reader *r, int first, int count)
{
	if (first >= 0 && count > 0)
		fdf_add(r, first, count > INT_MAX - first ? INT_MAX : first + count - 1);
}

/* The number that value is; -1: it is none. */
static int whole(const char *value)
{
	int n = fdf_number(&value, 10);

	return *value ? -1 : n;
}

/* A range; with a reason behind it, that of an image. */
static void read_fixed(struct fdf_reader *r, const char *param)
{
	const char *why = param;

	while (*why && *why != ' ')
		why++;
	if (*why) {
		r->member = FDF_IMAGE;
		r->by = fdf_str(why + 1);
		if (why[-1] == '-') {
			if (r->members & FDF_IMAGE && !r->out->image)
				r->out->image = why + 1;
			return;
		}
	}
	fdf_read_range(r, param);
}

static void read_code(struct fdf_reader *r, const char *begins, const char *code,
		      struct fdf_str param)
{
	if (param.s == begins)
		fdf_read_after(r, code, param);
	else if (fdf_starts(code, begins))
		read_fixed(r, param.s);
}

/* A value by a row's encoding; r->by is its name. */
static void read_value(struct fdf_reader *r, const struct fdf_row *row, const char *value)
{
	struct fdf_str param = fdf_str(row->text);

	if (param.len + 1 < row->size)
		param = fdf_str(row->text + param.len + 1);
	r->member = FDF_PRECISE;
	r->only_if = row->only_if;
	switch (row->how) {
	case FDF_ENC_NONE:
		break;
	case FDF_ENC_CODE:
		read_code(r, row->text, value, param);
		break;
	case FDF_ENC_AFTER:
		fdf_read_after(r, value, param);
		break;
	case FDF_ENC_FIRST:
		fdf_read_lines(r, value);
		break;
	case FDF_ENC_WORDS:
		fdf_read_text(r, value, NULL, FDF_TEXT_WORD);
		break;
	case FDF_ENC_JOBS:
		fdf_read_jobserver(r, value);
		break;
	case FDF_ENC_BASE:
		add_count(r, whole(value), 3);
		break;
	case FDF_ENC_COUNT:
		add_count(r, 3 + r->listen, whole(value));
		break;
	case FDF_ENC_FIXED:
		read_fixed(r, param.s);
		break;
	case FDF_ENC_OPTION_ONE:
		fdf_read_list(r, value, FDF_LIST_ONE);
		break;
	case FDF_ENC_TAIL:
		fdf_read_tail(r, value);
		break;
	case FDF_ENC_LISTEN:
		/* getenv() finds the first one. */
		if (!r->variable.s) {
			r->listen = whole(value);
			r->variable = r->by;
		}
		break;
	case FDF_ENC_LISTEN_PID:
		r->stale |= !r->x->pid || whole(value) != r->x->pid;
		break;
	case FDF_ENC_CGI:
		r->cgi = true;
		break;
	case FDF_ENC_DIGIT:
		if (!*value || value[1])
			break;
		/* fallthrough */
	default:
		fdf_read_list(r, value, FDF_LIST_ALL);
	}
}

/* The value of a variable, if its name fits; else NULL. */
static const char *value_of(const char *text, const char *variable)
{
	for (; *text && *text == *variable; text++)
		variable++;
	while (*text == '*' ? *variable && *variable != '='
			    : *text == '#' && fdf_is_digit(*variable))
		variable++;
	if (*text && *text != '*' && *text != '#')
		return NULL;
	return *variable == '=' ? variable + 1 : NULL;
}

static void environment(struct fdf_reader *r)
{
	char *const *e;

	for (e = r->x->envp; e && *e; e++) {
		const char *variable = *e, *value = NULL;
		const struct fdf_row *row = fdf_conv_env(*variable);

		for (; row->size && row->text[0] == *variable; row = fdf_row_next(row)) {
			value = value_of(row->text, variable);
			if (!value)
				continue;
			r->by = (struct fdf_str){ variable, (size_t)(value - 1 - variable) };
			read_value(r, row, value);
			break;
		}
		fdf_generic(r);
		fdf_read_text(r, variable, NULL, value ? FDF_TEXT_VALUE : FDF_TEXT_VARIABLE);
	}
	if (r->stale || r->listen < 0)
		r->listen = 0;
	if (r->listen > INT_MAX - 3)
		r->listen = INT_MAX - 3;
	r->member = FDF_PRECISE;
	r->only_if = 0;
	r->by = r->variable;
	add_count(r, 3, r->listen);
}

/* What a row reads of argv[i]; NULL: nothing. */
static const char *argument(const struct fdf_row *row, char *const *argv, int i)
{
	const char *word = argv[i], *name = row->text, *param = name + 1;
	const char *before = i ? argv[i - 1] : "";
	const char *behind = fdf_starts(word, name) ? word + fdf_str(name).len : NULL;
	bool digits = i && fdf_is_digit(*word);

	switch (row->how) {
	case FDF_ENC_AFTER:
		return word;
	case FDF_ENC_CODE:
		return i && i == fdf_code_at(argv) ? word : NULL;
	case FDF_ENC_COUNT:
	case FDF_ENC_OPTION:
	case FDF_ENC_OPTION_ONE:
		return !behind ? NULL : *behind == '=' ? behind + 1 : *behind ? NULL : argv[i + 1];
	case FDF_ENC_BARE: /* no value of an option before it */
		return digits && i >= *param - '0' && *before != '-' ? word : NULL;
	case FDF_ENC_LAST: /* behind options and their numbers only: flock -w 5 9 */
		return digits && !argv[i + 1] && (i == 1 || *before == '-' || fdf_is_digit(*before))
			       ? word
			       : NULL;
	default:
		return *name ? behind : NULL;
	}
}

static void arguments(struct fdf_reader *r, const struct fdf_row *words)
{
	char *const *argv = r->x->argv ? r->x->argv + r->skip : NULL;
	const struct fdf_row *row;
	bool own = true; /* the target's word: none behind "--" is */
	int i;

	for (i = 0; argv && argv[i]; i++) {
		const char *word = argv[i], *value;
		bool option = *word == '-' || (i && *argv[i - 1] == '-');

		own &= word[0] != '-' || word[1] != '-' || word[2];
		fdf_generic(r);
		if (own && ((r->trust && option) || r->operands)) {
			r->member = FDF_PRECISE;
			r->only_if = 0;
		}
		fdf_read_text(r, word, argv[i + 1], FDF_TEXT_WORD);
		r->by = (struct fdf_str){ word, 2 };
		if (fdf_starts(word, "-&"))
			fdf_read_list(r, word + 2, FDF_LIST_ONE);
		fdf_generic(r);
		r->by.len = sizeof("adopt:") - 1;
		if (fdf_starts(word, "adopt:"))
			fdf_read_list(r, word + r->by.len, FDF_LIST_ONE);
		if (r->shell)
			fdf_read_redirections(r, word);
		for (row = words; own && fdf_row_is_word(row); row = fdf_row_next(row)) {
			value = argument(row, argv, i);
			r->by = fdf_str(*row->text ? row->text : word);
			if (value)
				read_value(r, row, value);
		}
	}
}

bool fdf_is_many(struct fdf_str path)
{
	return fdf_conv_from(path)->how == FDF_WHY_MANY;
}

bool fdf_is_loader(struct fdf_str path)
{
	return fdf_conv_from(path)->how == FDF_WHY_LOADER;
}

/* Which word a loader takes for its program's name; 0: none. */
static int loaded_at(char *const *argv)
{
	static const char with_value[][24] = { "--argv0",
					       "--audit",
					       "--glibc-hwcaps-mask",
					       "--glibc-hwcaps-prepend",
					       "--inhibit-rpath",
					       "--library-path",
					       "--preload" };
	int i = 1;

	if (!argv || !argv[0])
		return 0;
	while (argv[i] && argv[i][0] == '-')
		i += FDF_FIND(with_value, fdf_str(argv[i])) >= 0 && argv[i + 1] ? 2 : 1;
	return argv[i] ? i : 0;
}

struct fdf_str fdf_applet(const char *first, const char *second)
{
	struct fdf_str name = fdf_base(fdf_str(first));

	if (name.len && *name.s == '-')
		name = (struct fdf_str){ name.s + 1, name.len - 1 };
	return fdf_is_many(name) ? fdf_base(fdf_str(second)) : name;
}

/* Why the program at path keeps what it holds. */
static unsigned why_of(struct fdf_str path)
{
	return fdf_conv_from(path)->how;
}

/* Returns the words that the target takes. */
static const struct fdf_row *images(struct fdf_reader *r)
{
	const struct fdf_exec *x = r->x;
	const char *first = x->argv ? x->argv[0] : NULL;
	struct fdf_str into = x->into.len ? x->into : fdf_str(first);
	unsigned why = why_of(fdf_stored(x->exe)), next = why_of(into);
	int at = next == FDF_WHY_LOADER ? loaded_at(x->argv) : 0;
	const struct fdf_row *words, *row;

	if (why == FDF_WHY_MANY)
		why = why_of(x->applet);
	if (at) {
		first = x->argv[at];
		into = fdf_str(first);
		next = why_of(into);
		r->skip = at;
	}
	if (next == FDF_WHY_MANY) {
		into = fdf_applet(first, first ? x->argv[at + 1] : NULL);
		next = why_of(into);
		r->skip += first && fdf_is_many(fdf_str(first));
	}
	words = fdf_conv_into(into);
	r->shell = next == FDF_WHY_SHELL;
	r->member = FDF_IMAGE;
	r->only_if = 0;
	if (why == FDF_WHY_UCSPI) {
		r->by = fdf_str(fdf_why_text(why));
		fdf_add(r, 6, 7);
		why = FDF_WHY_NONE;
	}
	if (why == FDF_WHY_MANY || why == FDF_WHY_LOADER || (why == FDF_WHY_MC && !r->shell))
		why = FDF_WHY_NONE;
	if (!why && x->same_image)
		why = FDF_WHY_SAME;
	if (why && r->members & FDF_IMAGE)
		r->out->image = fdf_why_text(why);
	while (words->how == FDF_ENC_INTO)
		words = fdf_row_next(words);
	for (row = words; fdf_row_is_word(row); row = fdf_row_next(row)) {
		r->trust |= row->how == FDF_ENC_TRUST;
		r->operands |= row->how == FDF_ENC_OPERANDS;
		r->only_if = row->only_if;
		if (row->how == FDF_ENC_FIXED && !*row->text)
			read_fixed(r, row->text + 1);
	}
	return words;
}

/* What a client may have written is none: a CGI's query reaches its arguments, too. */
static void forget_generic(struct fdf_intent *out)
{
	uint16_t i, n = 0;

	for (i = 0; i < out->n; i++)
		if (out->meant[i].member != FDF_GENERIC)
			out->meant[n++] = out->meant[i];
	out->n = n;
}

void fdf_intent_read(struct fdf_intent *out, const struct fdf_exec *x, unsigned members)
{
	struct fdf_reader r = { .out = out, .x = x, .members = members };
	const struct fdf_row *words;

	out->image = NULL;
	out->n = 0;
	out->overflow = false;
	out->cgi = false;
	words = images(&r);
	if (members & (FDF_PRECISE | FDF_GENERIC | FDF_PAIR))
		environment(&r);
	arguments(&r, words);
	out->cgi = r.cgi;
	if (r.cgi)
		forget_generic(out);
}

int fdf_intent_last(const struct fdf_intent *in)
{
	int last = -1;
	unsigned i;

	for (i = 0; i < in->n; i++)
		if (in->meant[i].last > last)
			last = in->meant[i].last;
	return last;
}

#define MEMBER(m) [__builtin_ctz(m)]
static const char members[][8] = {
	MEMBER(FDF_GIVEN) = "given",	 MEMBER(FDF_IMAGE) = "image",	  MEMBER(FDF_ACT) = "act",
	MEMBER(FDF_PRECISE) = "precise", MEMBER(FDF_GENERIC) = "generic", MEMBER(FDF_DUP2) = "dup2",
	MEMBER(FDF_PAIR) = "pair",
};
#undef MEMBER

const char *fdf_member_name(enum fdf_member m)
{
	return m ? FDF_NAME(members, __builtin_ctz(m)) : "";
}

enum fdf_member fdf_member_from(struct fdf_str name)
{
	int i = FDF_FIND(members, name);

	return i < 0 ? 0 : (enum fdf_member)(1U << i);
}
