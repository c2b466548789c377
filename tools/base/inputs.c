/*
 * inputs.c: see inputs.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/base/inputs.h"
#include "tools/base/paths.h"

static struct input {
	const char *who;
	dev_t dev;
	ino_t ino;
} * inputs;
static size_t n, cap;

static bool is_file(const char *path, struct stat *st)
{
	return !stat(path, st) && S_ISREG(st->st_mode);
}

void inputs_add(const char *who, const char *path)
{
	struct stat st;

	if (!is_file(path, &st))
		return;
	if (n == cap) {
		cap = cap ? 2 * cap : 16;
		inputs = reallocarray(inputs, cap, sizeof(*inputs));
		if (!inputs)
			out_of_memory();
	}
	inputs[n++] = (struct input){ who, st.st_dev, st.st_ino };
}

void inputs_add_program(const char *cmd)
{
	char *path = paths_find(cmd);

	if (path)
		inputs_add("the command", path);
	free(path);
}

bool inputs_refuse(const char *who, const char *path)
{
	struct stat st;

	for (size_t i = 0; i < n && is_file(path, &st); i++)
		if (st.st_dev == inputs[i].dev && st.st_ino == inputs[i].ino &&
		    strcmp(inputs[i].who, who) != 0) {
			say("%s: %s is read from this file, and it would be lost: name another one",
			    path, inputs[i].who);
			return true;
		}
	return false;
}
