/* origin.c: see origin.h. */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/report/origin.h"

static const char *text_of(json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

/* One frame, "2+1a40"; the caller frees both texts. */
static char *frame(struct symbols *s, json_t *facts, const char *text, char **function)
{
	char *end;
	unsigned long i = strtoul(text, &end, 10);
	unsigned long long at = *end == '+' ? strtoull(end + 1, NULL, 16) : 0;
	const char *module =
		json_string_value(json_array_get(json_object_get(facts, "modules"), i));
	const char *build = json_string_value(json_array_get(json_object_get(facts, "builds"), i));
	char *path, *place, *plain;

	if (end == text || !module || !at) {
		*function = must_dup("");
		return must_dup(text);
	}
	path = must_dup(module);
	rec_unescape(path);
	place = symbols_place(s, path, build ? build : "", at, function);
	plain = escaped(fdf_str(place));
	free(place);
	free(path);
	return plain;
}

/* The places of a stack, the innermost first; *function: of the first. */
static json_t *places(struct symbols *s, json_t *facts, const char *name, char **function)
{
	json_t *list = json_array(), *item, *stack = json_object_get(facts, name);
	size_t i;

	json_array_foreach(stack, i, item)
	{
		const char *text = json_string_value(item);
		char *f, *place = frame(s, facts, text ? text : "", &f);

		json_array_append_new(list, json_string(place));
		if (i == 0 && function) {
			free(*function);
			*function = must_dup(f);
		}
		free(f);
		free(place);
	}
	return list;
}

/* FILE:LINE at the head of a place. */
static void split(struct origin *o, const char *place)
{
	const char *blank = strstr(place, " ("), *end = blank ? blank : place + strlen(place);
	const char *colon = end;

	while (colon > place && *colon != ':')
		colon--;
	if (colon == place || !strtoul(colon + 1, NULL, 10))
		return;
	free(o->file);
	o->file = must_printf("%.*s", (int)(colon - place), place);
	o->line = (unsigned)strtoul(colon + 1, NULL, 10);
}

/* Who sent it: no number of a process, which is another one in each run. */
static void add_sender(struct origin *o)
{
	json_t *sender = json_object_get(o->facts, "sender");
	char *exe, *plain, *more;

	if (!*text_of(sender, "exe"))
		return;
	exe = must_dup(text_of(sender, "exe"));
	rec_unescape(exe);
	plain = escaped(fdf_str(exe));
	more = must_printf(strcmp(text_of(sender, "by"), "peer") ? "%s, sent by %s"
								 : "%s, over a socket of %s",
			   o->place, plain);
	free(exe);
	free(plain);
	free(o->place);
	o->place = more;
}

static void read_facts(struct origin *o, struct symbols *s)
{
	const char *script = text_of(o->facts, "script"), *relay = text_of(o->facts, "relay");
	json_t *opened = places(s, o->facts, "stack", &o->function);
	const char *first = json_string_value(json_array_get(opened, 0));
	long long line = json_integer_value(json_object_get(o->facts, "line"));

	free(o->place);
	if (json_is_true(json_object_get(o->facts, "evicted")))
		o->place = must_dup("not known: forgotten for a later one");
	else
		o->place = *script ? must_printf("%s:%lld", script, line)
				   : must_dup(first ? first : text_of(o->facts, "call"));
	split(o, o->place);
	add_sender(o);
	if (*relay) {
		json_t *handed = places(s, o->facts, "relayed", NULL);
		const char *at = json_string_value(json_array_get(handed, 0));
		char *more = must_printf("%s, %s at %s", o->place, relay, at ? at : "?");

		free(o->place);
		o->place = more;
		json_object_set_new(o->facts, "handed_on", handed);
	}
	json_object_set_new(o->facts, "opened", opened);
}

void origin_read(struct origin *to, struct symbols *s, const struct rec_fd *f)
{
	json_t *facts = json_object_get(f->json, "origin");

	*to = (struct origin){ .place = must_dup(""),
			       .function = must_dup(""),
			       .file = must_dup("") };
	if (!json_is_object(facts))
		return;
	to->facts = json_deep_copy(facts);
	read_facts(to, s);
}

void origin_copy(struct origin *to, const struct origin *from)
{
	*to = (struct origin){ .place = must_dup(from->place),
			       .function = must_dup(from->function),
			       .file = must_dup(from->file),
			       .line = from->line,
			       .facts = json_incref(from->facts) };
}

void origin_free(struct origin *o)
{
	free(o->place);
	free(o->function);
	free(o->file);
	json_decref(o->facts);
}
