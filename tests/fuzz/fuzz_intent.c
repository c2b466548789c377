/*
 * Environment, arguments and images from an attacker: the list stays within its
 * bounds, names no stdio, and a generic convention always carries its condition.
 *
 * The first byte chooses the members, the second the pid; then come texts, each
 * ended by a NUL: exe, into, and arguments up to an empty one, then variables.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/intent.h"

#define TEXTS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct fdf_intent *in, unsigned members)
{
	if (in->n > FDF_MEANT_MAX || (in->image && (!(members & FDF_IMAGE) || !*in->image)))
		abort();
	for (const struct fdf_meant *m = in->meant; m < in->meant + in->n; m++) {
		if (m->first < 3 || m->last < m->first || !(m->member & members))
			abort();
		if (m->member != FDF_PRECISE && m->member != FDF_GENERIC && m->member != FDF_IMAGE)
			abort();
		if (m->member == FDF_GENERIC && m->only_if != FDF_IF_HARMLESS)
			abort();
		if (!m->by.len || memchr(m->by.s, 0, m->by.len))
			abort();
		if (m->last > fdf_intent_last(in))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text[TEXTS] = { 0 }, *argv[TEXTS + 1] = { 0 }, *envp[TEXTS + 1] = { 0 };
	struct fdf_exec x = { .argv = argv, .envp = envp };
	unsigned members;
	struct fdf_intent in;
	int n = 0, argc = 0, envc = 0;
	bool in_argv = true;

	if (size < 2)
		return 0;
	members = data[0] & 63;
	x.pid = data[1] & 127;
	x.same_image = data[1] >> 7;
	data += 2;
	size -= 2;
	/* Each in a block of its own, so that a byte too much is seen. */
	while (size && n < TEXTS) {
		const uint8_t *end = memchr(data, 0, size);
		size_t len = end ? (size_t)(end - data) : size;

		text[n] = malloc(len + 1);
		memcpy(text[n], data, len);
		text[n][len] = 0;
		if (n == 0)
			x.exe = fdf_str(text[n]);
		else if (n == 1)
			x.into = fdf_str(text[n]);
		else if (!len && in_argv)
			in_argv = false;
		else if (in_argv)
			argv[argc++] = text[n];
		else
			envp[envc++] = text[n];
		n++;
		data += len + !!end;
		size -= len + !!end;
	}
	memset(&in, 0xff, sizeof(in));
	fdf_intent_read(&in, &x, members);
	check(&in, members);
	while (n)
		free(text[--n]);
	return 0;
}
