/* shape.c: see shape.h. */
#include "tests/torture/shape.h"

#include <stdio.h>
#include <string.h>

#define AS_WORD(dim, word)  #word,
#define AS_WORDS(dim, list) static const char *const words_##dim[] = { list(AS_WORD) };
DIMENSIONS(AS_WORDS)

#define AS_ROW(dim, list) { #dim, words_##dim, dim##_count },
static const struct {
	const char *name;
	const char *const *words;
	int values;
} dimension[] = { DIMENSIONS(AS_ROW) };

/* splitmix64, Steele et al. 2014 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Where, how and what are drawn evenly; the rest is plain two times of three. */
union shape shape_draw(uint64_t seed)
{
	union shape s;
	uint64_t state = seed;

	for (int i = 0; i < DIMENSION_COUNT; i++) {
		uint64_t r = next(&state);
		int even =
			dimension[i].words == words_context || dimension[i].words == words_entry ||
			dimension[i].words == words_target || dimension[i].words == words_count ||
			dimension[i].words == words_meaning || dimension[i].words == words_then;

		s.as[i] = even || r % 3 == 0 ? (uint8_t)((r >> 8) % (uint64_t)dimension[i].values)
					     : 0;
	}
	shape_settle(&s);
	return s;
}

/* The task that execs is no process of its own that starts with a copy of this one's memory. */
static int borrows(const union shape *s)
{
	return s->context >= context_vfork && s->context <= context_clonectid;
}

static int is_child(const union shape *s)
{
	return s->context >= context_fork;
}

/* It depends on what stands in a file whether the kernel runs it. */
static int is_format(const union shape *s)
{
	return s->target == target_text || s->target == target_deepscript ||
	       (s->target >= target_noexec && s->target <= target_badinterp) ||
	       s->entry == entry_fexecve;
}

/* A shell may be on the way to the target, which it is given for a script. */
static int by_shell(const union shape *s)
{
	int searches = s->entry == entry_execvp || s->entry == entry_execvpe ||
		       s->entry == entry_execlp || s->entry >= entry_spawn;

	return s->target == target_text ||
	       (searches && s->target >= target_noexec && s->target <= target_badinterp);
}

/* What docs/limits.md says, or a libc or a shell makes of its own. */
static void settle_more(union shape *s)
{
	if (s->deny == deny_none)
		s->denyerror = denyerror_ENOSYS;
	if (s->count == count_0)
		s->numbers = s->kinds = s->meaning = 0;
	if (s->meaning != meaning_meant && s->meaning != meaning_thirds && s->means != means_action)
		s->means = means_fcntl;
	if (s->means == means_action && s->entry != entry_spawn && s->entry != entry_spawnp)
		s->means = means_fcntl;
	if (s->means == means_action) /* which says nothing about an exec after it */
		s->then = then_exit;
	/* docs/limits.md, surprise: what cannot be looked at is found out by failing */
	if (is_format(s) && (s->root || s->limit || s->deny)) {
		s->root = s->limit = 0;
		s->deny = deny_none;
	}
	/* docs/limits.md, own-program: the child reads the file in the table that holds the lock */
	if (s->lock == lock_self && (s->context == context_clonefiles || s->entry >= entry_spawn))
		s->lock = lock_none;
	/* likewise: a child of vfork() looks at the file before it asks whether it may be run */
	if (s->lock == lock_self && s->context == context_vfork && s->target == target_busy)
		s->lock = lock_none;
	/* a shell takes signals, tracers and children that ended for itself, when it happens to run */
	if (by_shell(s)) {
		s->pending = s->tracer = 0;
		if (s->children == children_zombie)
			s->children = children_none;
	}
	/* docs/limits.md, wordexp: no thread can be had; with a shell two runs without the fence differ */
	if (s->context == context_newpid &&
	    (s->entry == entry_wordexp || s->entry == entry_popen || s->entry == entry_system))
		s->entry = entry_spawn;
	/* the fence starts a program where libc gives up */
	if ((s->deny == deny_clone3 || s->deny == deny_clone) && s->entry >= entry_spawn)
		s->deny = deny_none;
	/* musl's posix_spawn wants two descriptors for itself */
	if (s->entry >= entry_spawn)
		s->limit = limit_usual;
	/* the target opens a file to see them, and has room for that without leaks alone */
	if (s->limit == limit_below)
		s->children = children_none;
	/* docs/limits.md, linked-script: with no number left to look with its own file stays */
	if (s->limit == limit_below && s->target == target_script)
		s->limit = limit_usual;
	/* A program's own file: its header is what the fence may want to read. */
	if (s->lock == lock_self && s->entry >= entry_system)
		s->lock = lock_posix;
}

void shape_settle(union shape *s)
{
	/* These allocate or run handlers of libc's, and nobody may do that on borrowed memory. */
	if (borrows(s) && s->entry > entry_sysexecveat)
		s->entry = (uint8_t)(s->entry % (entry_sysexecveat + 1));
	if (s->context == context_handler && s->entry > entry_spawnp)
		s->entry = entry_execve;
	/* libc follows a pointer before the kernel does. */
	if (s->target >= target_badpath && s->entry != entry_execve &&
	    s->entry != entry_sysexecve && s->entry != entry_sysexecveat &&
	    s->entry != entry_execveat)
		s->target = target_missing;
	if (s->entry >= entry_system &&
	    (s->target == target_bigarg || s->target == target_manyargs))
		s->target = target_missing;
	/* A tracer sees what a child, a namespace or a shower makes of its own time. */
	if (s->tracer && (is_child(s) || s->context == context_newpid || s->entry >= entry_spawn))
		s->tracer = tracer_none;
	if (s->tracer)
		s->shower = shower_none;
	if (s->context == context_newpid) {
		s->shower = s->children = 0; /* no thread and but one child can be had */
		if (s->attr == attr_uid)     /* nor a namespace by one who is not root */
			s->attr = attr_none;
	}
	if (s->deny == deny_clone) /* somebody has to send the signals */
		s->shower = shower_none;
	if (s->shower && s->handlers == handlers_none)
		s->handlers = handlers_plain;
	/* A child inherits no lock, no timer, nothing pending, and has no children. */
	if (is_child(s))
		s->pending = s->timer = s->children = s->shower = s->ring = 0;
	if (s->pending && s->blocked == blocked_none)
		s->blocked = blocked_some;
	/* what waits for a thread while another one is free to take it is nobody's */
	if (s->context == context_thread)
		s->pending = s->pending == pending_none ? pending_none : pending_thread;
	/* a tracer hears of threads as they end, in any order */
	if (s->tracer && (s->context == context_thread || s->context == context_threads))
		s->then = then_good;
	settle_more(s);
}

void shape_print(const union shape *s, char text[SHAPE_TEXT])
{
	int n = 0;

	text[0] = 0;
	for (int i = 0; i < DIMENSION_COUNT; i++)
		if (s->as[i])
			n += snprintf(text + n, SHAPE_TEXT - (size_t)n, "%s%s=%s", n ? " " : "",
				      dimension[i].name, dimension[i].words[s->as[i]]);
}

int shape_word(const char *word, int *at, int *value)
{
	const char *equals = strchr(word, '=');

	for (int i = 0; equals && i < DIMENSION_COUNT; i++) {
		size_t len = strlen(dimension[i].name);

		if (len != (size_t)(equals - word) || strncmp(word, dimension[i].name, len))
			continue;
		for (int v = 0; v < dimension[i].values; v++)
			if (!strcmp(equals + 1, dimension[i].words[v])) {
				*at = i;
				*value = v;
				return 0;
			}
	}
	return -1;
}

int shape_parse(union shape *s, char *const *words, const char **bad)
{
	union shape out = { { 0 } };
	int at, value;

	for (; *words; words++) {
		if (shape_word(*words, &at, &value)) {
			*bad = *words;
			return -1;
		}
		out.as[at] = (uint8_t)value;
	}
	shape_settle(&out);
	*s = out;
	return 0;
}

void shape_spell(const union shape *s, char letters[SHAPE_LETTERS])
{
	for (int i = 0; i < DIMENSION_COUNT; i++)
		letters[i] = (char)('A' + s->as[i]);
	letters[DIMENSION_COUNT] = 0;
}

int shape_read(union shape *s, const char *letters)
{
	if (strlen(letters) != DIMENSION_COUNT)
		return -1;
	for (int i = 0; i < DIMENSION_COUNT; i++) {
		int v = letters[i] - 'A';

		if (v < 0 || v >= dimension[i].values)
			return -1;
		s->as[i] = (uint8_t)v;
	}
	return 0;
}

void spell_number(unsigned long n, char out[20])
{
	for (int i = 9; i >= 0; i--, n /= 10)
		out[i] = (char)('a' + n % 10);
	out[10] = 0;
}

unsigned long read_number(const char *letters)
{
	unsigned long n = 0;

	while (*letters >= 'a' && *letters <= 'j')
		n = n * 10 + (unsigned long)(*letters++ - 'a');
	return n;
}

int shape_given(const union shape *s)
{
	static const int given[] = { 0, 1, 3 };

	return given[s->given];
}

static enum meaning meaning_of(const union shape *s, int i)
{
	switch (s->meaning) {
	case meaning_leak:
		return LEAK;
	case meaning_cloexec:
		return CLOSES;
	case meaning_meant:
		return MEANT;
	default:
		return i % 3 == 0 ? LEAK : i % 3 == 1 ? CLOSES : MEANT;
	}
}

int shape_plan(const union shape *s, struct planned plan[PLAN_MAX])
{
	static const int counts[] = { 0, 1, 3, 20, 60, 66, 150, 300, 700 };
	static const struct {
		int base, step;
	} at[] = { { 6, 1 }, { 7, 4 }, { 1000, 1 }, { 7, 1 } };
	int count = counts[s->count], fd = at[s->numbers].base;

	for (int i = 0; i < count; i++) {
		plan[i] = (struct planned){ .fd = fd, .meaning = meaning_of(s, i), .kind = i };
		fd += at[s->numbers].step;
		while (fd >= SINK && fd < OWN_END)
			fd += at[s->numbers].step;
	}
	if (s->numbers == numbers_top)
		plan[count - 1].fd = 19990;
	return count;
}
