/*
 * The quick way to read a record: it takes what an encoder of ours writes, to the same record as the
 * other way, and nothing that takes more.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/record.h"
#include "tests/helpers/same_record.h"

static struct quick q;

static void is_taken(const char *line)
{
	bool took;

	cr_expect(reads_the_same(&q, line, strlen(line), &took), "not the same: %s", line);
	cr_expect(took, "not taken: %s", line);
}

static void is_left(const char *line)
{
	struct rec r;

	cr_expect(!rec_quick(&q, &r, line, strlen(line)), "taken: %s", line);
}

static void fini(void)
{
	quick_free(&q);
}

TestSuite(quick, .fini = fini);

#define HEAD "{\"fdfence\":1,\"event\":\"exec\",\"pid\":7"
#define FD                                           \
	"{\"fd\":5,\"type\":\"file\",\"target\":\"/" \
	"x\",\"verdict\":\"seal\",\"reason\":\"default\"}"
#define WITH(fds) HEAD ",\"fds\":[" fds "]}"

#define TEXT(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static struct fdf_sock sock = { .family = 2,
				.type = 1,
				.protocol = 6,
				.local_len = 16,
				.local = { 2, 0, 0, 80, 127, 0, 0, 1 } };
static struct fdf_fd d[] = {
	{ .fd = 5,
	  .have = 15,
	  .type = FDF_LISTENER,
	  .status = 2,
	  .mode = 0140777,
	  .target = TEXT("socket:[9]"),
	  .sock = &sock },
	{ .fd = 6,
	  .have = 7,
	  .type = FDF_CHR,
	  .status = 02000002,
	  .mode = 0020666,
	  .ino = 7,
	  .rdev_major = 136,
	  .rdev_minor = 3,
	  .cloexec = true,
	  .target = TEXT("/dev/pts/3") },
	{ .fd = 7,
	  .have = 7,
	  .type = FDF_FILE,
	  .status = 0,
	  .mode = 0100600,
	  .target = TEXT("/srv/\"a\\\n") },
};

Test(quick, takes_all_that_an_encoder_writes)
{
	static char buf[FDF_RECORD_MIN];
	struct fdf_decision v = { .verdict = FDF_KEEP,
				  .reason = FDF_BY_RULE,
				  .by = fdf_str("keep x"),
				  .why = fdf_str("so"),
				  .asked = fdf_str("Y") };
	char *argv[] = { "sh", "-c", "echo \033[31m \"x\"", NULL };
	struct fdf_exec x = { .event = "exec",
			      .source = "shim",
			      .entry = "execve",
			      .pid = 7,
			      .tid = 8,
			      .ppid = 1,
			      .uid = 4294967294,
			      .gid = 5,
			      .in_child = true,
			      .error = 2,
			      .host = fdf_str("h"),
			      .boot_id = fdf_str("b"),
			      .comm = fdf_str("c"),
			      .exe = fdf_str("/a\nb\\"),
			      .into = fdf_str("/bin/sh"),
			      .argv = argv };
	struct fdf_record rec = { .buf = buf, .cap = sizeof(buf), .argv_max = 100 };

	fdf_record_begin(&rec, &x);
	for (size_t i = 0; i < 6; i++) {
		v.verdict = i < 3 ? FDF_KEEP : FDF_SEAL;
		fdf_record_fd(&rec, &d[i % 3], &v);
	}
	rec.more = rec.more_kept = 3;
	buf[fdf_record_end(&rec, 3, "why not") - 1] = '\0';
	is_taken(buf);
}

Test(quick, takes_what_inspect_and_the_tracer_add)
{
	is_taken(
		HEAD
		",\"cgroup\":\"/"
		"x\",\"unit\":\"a.service\",\"container\":\"c\",\"mnt_ns\":4026531840,"
		"\"pid_ns\":1,\"into_cred\":\"1:2\",\"killed\":true,\"fds\":[{\"fd\":5,\"type\":"
		"\"memfd\",\"target\":\"/memfd:x\",\"verdict\":\"report\",\"reason\":\"default\","
		"\"severity\":\"high\",\"danger\":\"memfd\",\"at_least\":true,\"state\":"
		"\"connected\","
		"\"tty\":\"other\",\"seals\":[\"seal\",\"grow\"],\"same_as\":4,\"fenced\":true}]}");
}

/* Any value of such a member, as text of JSON; NULL: an object.  The caller frees. */
static char *value_of(json_t *schema)
{
	json_t *one = json_object_get(schema, "const");
	const char *type = json_string_value(json_object_get(schema, "type"));
	const char *ref = json_string_value(json_object_get(schema, "$ref"));

	if (!one)
		one = json_array_get(json_object_get(schema, "enum"), 0);
	if (one)
		return json_dumps(one, JSON_ENCODE_ANY);
	if (ref && !strcmp(ref, "#/$defs/text"))
		type = "string";
	if ((type && !strcmp(type, "object")) || (ref && !strcmp(ref, "#/$defs/socket")))
		return NULL;
	return strdup(type && !strcmp(type, "string")	 ? "\"x\""
		      : type && !strcmp(type, "array")	 ? "[]"
		      : type && !strcmp(type, "boolean") ? "true"
							 : "7");
}

/* head, a member that head has not, and what ends it. */
static void takes_all_of(json_t *properties, const char *head, const char *end)
{
	json_t *schema;
	const char *name;

	cr_assert_gt(json_object_size(properties), 15);
	json_object_foreach(properties, name, schema)
	{
		char line[512], quoted[64], *value = value_of(schema);

		snprintf(quoted, sizeof(quoted), "\"%s\":", name);
		snprintf(line, sizeof(line), "%s,%s%s%s", head, quoted, value ? value : "", end);
		if (value && !strstr(head, quoted))
			is_taken(line);
		free(value);
	}
}

Test(quick, takes_each_member_of_the_schema)
{
	json_t *schema = json_load_file("docs/record.schema.json", JSON_DECODE_INT_AS_REAL, NULL);
	json_t *fd = json_object_get(json_object_get(schema, "$defs"), "fd");

	cr_assert(schema);
	takes_all_of(json_object_get(schema, "properties"), HEAD, "}");
	takes_all_of(json_object_get(fd, "properties"),
		     HEAD ",\"fds\":[{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\"", "}]}");
	json_decref(schema);
}

Test(quick, takes_members_in_any_order_and_any_of_them_missing)
{
	is_taken(HEAD "}");
	is_taken("{\"fdfence\":1,\"pid\":7,\"event\":\"failed\",\"argv\":[],\"error\":2}");
	is_taken(WITH(
		"{\"reason\":\"rule\",\"verdict\":\"deny\",\"by\":\"x\",\"fd\":3,\"flags\":[]}"));
	is_taken(WITH(FD "," FD));
}

Test(quick, judges_what_says_no_severity_as_the_other_way_does)
{
	is_taken(WITH(FD));
	is_taken(WITH(
		"{\"fd\":5,\"type\":\"chr\",\"target\":\"/dev/null\",\"flags\":[\"rdwr\"],\"mode\":"
		"\"20666\",\"rdev\":\"1:3\",\"verdict\":\"keep\",\"reason\":\"given\"}"));
	is_taken(WITH("{\"fd\":5,\"type\":\"file\",\"target\":\"/"
		      "x\",\"flags\":[\"path\",\"rdonly\"],\"mode\":"
		      "\"100644\",\"verdict\":\"seal\",\"reason\":\"default\"}"));
	is_taken(WITH("{\"fd\":5,\"type\":\"socket\",\"flags\":[\"rdwr\"],\"socket\":{\"family\":"
		      "\"inet\","
		      "\"peer\":\"1.2.3.4:5\"},\"verdict\":\"seal\",\"reason\":\"default\"}"));
}

/* Some of it is a record and some is none: the other way tells. */
Test(quick, leaves_all_else)
{
	is_left("");
	is_left("hello");
	is_left("{}");
	is_left("{\"pid\":7,\"event\":\"exec\",\"fdfence\":1}");
	is_left(HEAD);
	is_left(HEAD "} ");
	is_left(HEAD "}}");
	is_left(HEAD ", \"exe\":\"/x\"}");
	is_left(HEAD ",\"news\":1}");
	is_left(HEAD ",\"pid\":7}");
	is_left(HEAD ",\"exe\":\"/\xc3\xa4\"}");
	is_left(HEAD ",\"exe\":\"/\x01\"}");
	is_left(HEAD ",\"exe\":\"/\\u0041\"}");
	is_left(HEAD ",\"exe\":\"/\\n\"}");
	is_left(HEAD ",\"exe\":\"/x");
	is_left(HEAD ",\"exe\":\"/x\\");
	is_left(HEAD ",\"exe\":1}");
	is_left(HEAD ",\"argv\":[1]}");
	is_left(HEAD ",\"in_child\":false}");
	is_left(HEAD ",\"uid\":4294967296}");
	is_left(HEAD ",\"uid\":-1}");
	is_left(HEAD ",\"uid\":01}");
	is_left(HEAD ",\"uid\":1.0}");
	is_left(HEAD ",\"uid\":1e3}");
	is_left(HEAD ",\"tid\":1000000000000000000}");
	is_left("{\"fdfence\":0,\"event\":\"exec\",\"pid\":7}");
	is_left("{\"fdfence\":1,\"event\":\"dance\",\"pid\":7}");
	is_left("{\"fdfence\":1,\"event\":\"exec\",\"pid\":0}");
	is_left(WITH("{\"verdict\":\"seal\",\"reason\":\"default\"}"));
	is_left(WITH("{\"fd\":5,\"verdict\":\"seal\"}"));
	is_left(WITH("{\"fd\":5,\"verdict\":\"none\",\"reason\":\"default\"}"));
	is_left(WITH("{\"fd\":5,\"type\":\"door\",\"verdict\":\"seal\",\"reason\":\"default\"}"));
	is_left(WITH("{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\",\"severity\":\"\"}"));
	is_left(WITH("{\"fd\":5,\"verdict\":\"seal\",\"reason\":\"default\",\"origin\":{}}"));
	is_left(WITH(FD ","));
}
