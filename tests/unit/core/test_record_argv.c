/*
 * The record: arguments.
 */
#include "tests/unit/core/record_json.h"

static struct fdf_exec x;

static void init(void)
{
	x = (struct fdf_exec){ .event = "exec", .source = "shim", .entry = "execve" };
}

TestSuite(record_argv, .init = init);

static json_t *encode(void)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 1000);

	fdf_record_begin(&r, &x);
	return finish(&r);
}

Test(record_argv, arguments_are_an_array)
{
	char *argv[] = { (char *)"cat", (char *)"", (char *)"a \"b\"\n", NULL };
	json_t *j, *a;

	x.argv = argv;
	j = encode();
	a = json_object_get(j, "argv");
	cr_assert_eq(json_array_size(a), 3);
	cr_assert_str_eq(json_string_value(json_array_get(a, 0)), "cat");
	cr_assert_str_eq(json_string_value(json_array_get(a, 1)), "");
	cr_assert_str_eq(json_string_value(json_array_get(a, 2)), "a \"b\"\\x0a");
	cr_assert_null(json_object_get(j, "argv_more"));
	json_decref(j);
}

Test(record_argv, an_empty_vector_is_an_empty_array)
{
	char *argv[] = { NULL };
	json_t *j;

	x.argv = argv;
	j = encode();
	cr_assert_eq(json_array_size(json_object_get(j, "argv")), 0);
	cr_assert(json_is_array(json_object_get(j, "argv")));
	json_decref(j);
}

Test(record_argv, arguments_can_be_left_out)
{
	struct fdf_record r = new_record(FDF_RECORD_MIN, 0);
	char *argv[] = { (char *)"secret", NULL };
	json_t *j;

	x.argv = argv;
	fdf_record_begin(&r, &x);
	j = finish(&r);
	cr_assert_null(json_object_get(j, "argv"));
	json_decref(j);
}

Test(record_argv, arguments_that_do_not_fit_are_counted)
{
	char *argv[101];
	json_t *j;
	size_t n;

	for (int i = 0; i < 100; i++)
		argv[i] = (char *)"twenty bytes of text";
	argv[100] = NULL;
	x.argv = argv;
	j = encode();
	n = json_array_size(json_object_get(j, "argv"));
	cr_assert_gt(n, 30);
	cr_assert_eq(number_of(j, "argv_more"), (long long)(100 - n));
	json_decref(j);
}

Test(record_argv, a_long_argument_is_cut_and_says_so)
{
	char *big = malloc(100001), *argv[] = { (char *)"sh", big, (char *)"x", NULL };
	unsigned char out[4096];
	const char *got;
	bool cut;
	json_t *j;

	memset(big, 'a', 100000);
	big[100000] = '\0';
	x.argv = argv;
	j = encode();
	cr_assert_eq(json_array_size(json_object_get(j, "argv")), 2);
	got = json_string_value(json_array_get(json_object_get(j, "argv"), 1));
	cr_assert_gt(unescape(got, out, &cut), 900);
	cr_assert(cut);
	cr_assert_eq(number_of(j, "argv_more"), 1);
	json_decref(j);
	free(big);
}

Test(record_argv, arguments_keep_to_their_bound)
{
	static char *argv[] = { "0123456789", "0123456789\x01", "0", NULL };

	x.argv = argv;
	for (size_t max = 1; max < 120; max++) {
		struct fdf_record r = new_record(FDF_RECORD_MIN, max);
		const char *p, *e;
		size_t more;
		json_t *j;

		fdf_record_begin(&r, &x);
		r.buf[r.len] = '\0';
		p = strstr(r.buf, ",\"argv\":[");
		e = strchr(p, ']');
		cr_assert_leq((size_t)(e - p), max < 9 ? 9 : max, "%zu", max);
		j = finish(&r);
		more = json_array_size(json_object_get(j, "argv"));
		cr_assert_eq(json_integer_value(json_object_get(j, "argv_more")),
			     (long long)(3 - more));
		json_decref(j);
	}
}
