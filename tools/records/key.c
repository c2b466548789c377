/*
 * key.c: the last way for a word to a collector.
 */
#include <linux/keyctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload/core/record.h"
#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/records/key.h"

#define NOTHING "-" /* what a key holds before anybody wrote; a key cannot be empty */

static char *name_of(const char *log)
{
	return must_printf("%s%s", FDF_EMIT_KEY, log + 1);
}

long key_new(const char *log)
{
	char *name = name_of(log);
	long key = syscall(SYS_add_key, "user", name, NOTHING, strlen(NOTHING),
			   KEY_SPEC_SESSION_KEYRING);

	free(name);
	return key;
}

int key_read(long key, int *error, char **exe)
{
	char word[FDF_EMIT_WORD + 1], *rest;
	long n = syscall(SYS_keyctl, KEYCTL_READ, key, word, sizeof(word) - 1);

	if (n <= 0 || n >= (long)sizeof(word))
		return -1;
	if (n == (long)strlen(NOTHING) && !memcmp(word, NOTHING, (size_t)n))
		return -1;
	word[n] = '\0';
	*error = (int)strtol(word, &rest, 10);
	*exe = must_dup(rest + (*rest == ' '));
	for (char *c = *exe; *c; c++) /* anybody below CMD may write here */
		if (*c < ' ' || *c > '~')
			*c = '?';
	return 0;
}

void key_leave_word(const char *log, int error)
{
	char *name = name_of(log), *word = must_printf("%d %.200s", error, paths_self());
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name, 0);

	if (key > 0)
		syscall(SYS_keyctl, KEYCTL_UPDATE, key, word, strlen(word));
	free(name);
	free(word);
}

void key_remove(long key)
{
	if (key > 0)
		syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_SESSION_KEYRING);
}
