/*
 * The record: its id, by which one that was sent twice is known.
 */
#include "tests/unit/core/record_json.h"

static struct fdf_exec x;

static void init(void)
{
	x = (struct fdf_exec){ .event = "exec",
			       .source = "shim",
			       .entry = "execve",
			       .time_s = 1,
			       .time_ns = 2,
			       .host = fdf_str("h"),
			       .boot_id = fdf_str("01234567-89ab-cdef-0123-456789abcdef"),
			       .pid = 10,
			       .tid = 0x1234,
			       .exe = fdf_str("/usr/bin/dash"),
			       .into = fdf_str("/usr/bin/cat") };
}

TestSuite(record_id, .init = init);

struct id {
	char text[64];
};

static struct id encode(void)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	struct id id;
	json_t *j;

	fdf_record_begin(&r, &x);
	j = finish(&r);
	snprintf(id.text, sizeof(id.text), "%s", text_of(j, "id"));
	json_decref(j);
	return id;
}

static bool differs(const struct id *id)
{
	struct id now = encode();

	init();
	return strcmp(now.text, id->text) != 0;
}

Test(record_id, it_is_time_and_thread_and_a_hash)
{
	struct id id = encode();

	cr_assert_eq(strlen(id.text), 32);
	cr_assert_eq(strspn(id.text, "0123456789abcdef"), 32);
	cr_assert_eq(memcmp(id.text, "000000003b9aca0200001234", 24), 0, "%s", id.text);
}

Test(record_id, those_of_one_exec_differ)
{
	struct id id[3];

	for (x.part = 0; x.part < 3; x.part++)
		id[x.part] = encode();
	cr_assert_str_neq(id[0].text, id[1].text);
	cr_assert_str_neq(id[0].text, id[2].text);
	cr_assert_str_neq(id[1].text, id[2].text);
}

Test(record_id, it_stays_whatever_the_rest_is)
{
	struct id id = encode();

	x.uid++;
	x.comm = fdf_str("sh");
	cr_assert(!differs(&id));
}

Test(record_id, another_time_thread_place_or_event_has_another)
{
	struct id id = encode();

	x.time_s++;
	cr_assert(differs(&id));
	x.time_ns++;
	cr_assert(differs(&id));
	x.tid++;
	cr_assert(differs(&id));
	x.pid++;
	cr_assert(differs(&id));
	x.host = fdf_str("other");
	cr_assert(differs(&id));
	x.boot_id = fdf_str("other");
	cr_assert(differs(&id));
	x.source = "trace";
	cr_assert(differs(&id));
	x.event = "start";
	cr_assert(differs(&id));
	x.exe = fdf_str("/usr/bin/mawk");
	cr_assert(differs(&id));
	x.into = fdf_str("/usr/bin/dog");
	cr_assert(differs(&id));
}

/* A byte that moves from one name to the next makes another record. */
Test(record_id, names_end_somewhere)
{
	struct id id;

	x.exe = fdf_str("ab");
	x.into = fdf_str("c");
	id = encode();
	x.exe = fdf_str("a");
	x.into = fdf_str("bc");
	cr_assert(differs(&id));
}
