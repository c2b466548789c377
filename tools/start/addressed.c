/*
 * addressed.c: see addressed.h.  sd_listen_fds(3), sd_watchdog_enabled(3) and systemd.exec(5) have them:
 * whoever finds another's number there takes nothing of it for itself.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/start/addressed.h"

static char *own_pid(void)
{
	return must_printf("%d", (int)getpid());
}

/* The number of the pidfd's file, unique since Linux 6.9; NULL: no pidfd is to be had. */
static char *own_pidfd_id(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	char *text = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st))
		text = must_printf("%" PRIu64, (uint64_t)st.st_ino);
	close(fd);
	return text;
}

static struct {
	const char *name;
	char *(*own)(void);
	bool ours;
} variables[] = {
	{ .name = "LISTEN_PID", .own = own_pid },
	{ .name = "LISTEN_PIDFDID", .own = own_pidfd_id },
	{ .name = "WATCHDOG_PID", .own = own_pid },
	{ .name = "SYSTEMD_EXEC_PID", .own = own_pid },
};

#define NVARIABLES (sizeof(variables) / sizeof(variables[0]))

void addressed_note(void)
{
	for (size_t i = 0; i < NVARIABLES; i++) {
		const char *value = getenv(variables[i].name);
		char *own = value ? variables[i].own() : NULL;

		variables[i].ours = own && !strcmp(value, own);
		free(own);
	}
}

void addressed_take(void)
{
	for (size_t i = 0; i < NVARIABLES; i++) {
		char *own = variables[i].ours ? variables[i].own() : NULL;

		if (own)
			setenv(variables[i].name, own, 1);
		free(own);
	}
}
