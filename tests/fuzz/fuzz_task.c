/*
 * What a supervisor reads in /proc of those below it: stat, status, environ and the locks of all.
 */
#include <stdlib.h>
#include <string.h>

/* What has no name outside of its file. */
#include "tools/supervise/locks.c"

#include "tools/proc/task.h"

#define check(x) ((x) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static void look_at_vector(char *text, size_t len)
{
	/* A file of strings ends in NUL, or is cut: task_read() puts one behind it either way. */
	const struct task_text t = { .buf = text, .len = len, .cap = len + 1 };
	char **v = task_vector(&t);

	for (size_t i = 0; v[i]; i++)
		check(v[i] >= text && v[i] + strlen(v[i]) <= text + len);
	free(v);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct exec e = { .pid = 1 };
	char *text = malloc(len + 1);
	const struct task_text status = { .buf = text, .len = len, .cap = len + 1 };
	const char *line;
	struct task_stat st;

	memcpy(text, data, len);
	text[len] = '\0';
	if (!task_stat_parse(text, &st))
		check(strnlen(st.comm, sizeof(st.comm)) < sizeof(st.comm));
	line = task_status_line(&status, "NSpid");
	check(!*line || (line >= text && line <= text + len));
	e.nlocks = 0;
	read_line(&e, text);
	check(e.nlocks <= EXEC_LOCKS);
	look_at_vector(text, len);
	free(text);
	return 0;
}
