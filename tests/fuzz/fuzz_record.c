/*
 * The encoder: out of any bytes comes one line of JSON without a control byte,
 * within the buffer, whatever its size; and escaped texts come back.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/record.h"

#define check(x) ((x) ? (void)0 : abort())

static const uint8_t *in;
static size_t left;

static void take(void *where, size_t n)
{
	size_t m = n < left ? n : left;

	memset(where, 0, n);
	memcpy(where, in, m);
	in += m;
	left -= m;
}

static unsigned number(unsigned below)
{
	uint32_t n;

	take(&n, sizeof(n));
	return n % below;
}

/* Up to 255 bytes of the input, now and then made long by repetition. */
static struct fdf_str text(char *where)
{
	size_t n = number(256), times = number(16) ? 1 : 20;
	char part[256];

	take(part, n);
	for (size_t i = 0; i < times; i++)
		memcpy(where + i * n, part, n);
	where[n * times] = '\0';
	return (struct fdf_str){ where, n * times };
}

/* The escaped text stands for a start of bytes, and for all of it unless it says that it is cut. */
static void comes_back(const char *s, struct fdf_str bytes)
{
	size_t n = 0;

	while (*s && strcmp(s, "\\...")) {
		char byte = *s;
		char hex[3] = { 0 };

		if (byte == '\\') {
			check(s[1] == 'x');
			memcpy(hex, s + 2, 2);
			byte = (char)strtoul(hex, NULL, 16);
			s += 3;
		}
		s++;
		check(n < bytes.len && bytes.s[n] == byte);
		n++;
	}
	check(*s || n == bytes.len);
}

static void fill_fd(struct fdf_fd *d, struct fdf_sock *s, struct fdf_decision *v,
		    char texts[4][5200])
{
	take(s, sizeof(*s));
	s->listening = number(2);
	s->connected = number(2);
	if (number(2))
		s->family = (int)number(50);
	*d = (struct fdf_fd){ .fd = (int)number(1U << 31),
			      .have = (uint8_t)number(16),
			      .type = (uint8_t)number(FDF_TYPES),
			      .cloexec = number(2),
			      .status = number(UINT32_MAX),
			      .mode = number(UINT32_MAX),
			      .target = text(texts[0]),
			      .sock = number(8) ? s : NULL };
	take(&d->ino, sizeof(d->ino));
	d->ino >>= 1; /* jansson's integers are signed */
	*v = (struct fdf_decision){ .verdict = (uint8_t)number(FDF_VERDICTS),
				    .reason = (uint8_t)number(FDF_REASONS),
				    .by = text(texts[1]),
				    .why = text(texts[2]),
				    .asked = text(texts[3]) };
}

static void look(const char *buf, size_t len, struct fdf_str exe)
{
	json_t *j, *value;

	check(len && buf[len - 1] == '\n' && !memcmp(buf, "{\"fdfence\":1,", 13));
	check(!memmem(buf + 1, len - 1, "{\"fdfence\":", 11));
	for (size_t i = 0; i + 1 < len; i++)
		check((unsigned char)buf[i] >= ' ' && buf[i] != 0x7f);
	j = json_loadb(buf, len - 1, JSON_REJECT_DUPLICATES, NULL);
	check(j);
	value = json_object_get(j, "exe");
	check(exe.len ? json_is_string(value) : !value);
	if (exe.len)
		comes_back(json_string_value(value), exe);
	json_decref(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char t[5][5200], args[3][5200], of_fd[4][5200];
	char *argv[] = { args[0], args[1], args[2], NULL };
	struct fdf_record r = { 0 };
	struct fdf_exec x = { .event = "exec", .source = "shim", .entry = "execve" };
	size_t len;

	in = data;
	left = size;
	r.cap = FDF_RECORD_MIN + number(16384);
	r.argv_max = number(8192);
	r.buf = malloc(r.cap);
	for (int i = 0; i < 3; i++)
		text(args[i]);
	x.argv = number(4) ? argv : NULL;
	take(&x.time_s, sizeof(x.time_s));
	x.time_ns = number(1000000000);
	x.pid = (int32_t)number(UINT32_MAX);
	x.error = (int)number(200);
	x.host = text(t[0]);
	x.boot_id = text(t[1]);
	x.comm = text(t[2]);
	x.exe = text(t[3]);
	x.into = text(t[4]);
	fdf_record_begin(&r, &x);
	while (left) {
		struct fdf_decision v;
		struct fdf_sock s;
		struct fdf_fd d;

		fill_fd(&d, &s, &v, of_fd);
		fdf_record_fd(&r, &d, &v);
	}
	len = fdf_record_end(&r, number(3), number(2) ? "why" : NULL);
	check(len == r.len && len <= r.cap);
	look(r.buf, len, x.exe);
	free(r.buf);
	return 0;
}
