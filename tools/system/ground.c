/*
 * ground.c: programs started with a /etc/ld.so.preload of their own.
 *
 * The child enters a mount namespace and lays an overlay over /etc: a folder with the new
 * file in front of the old /etc.  Nothing of it is seen outside, and it ends with the child.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "preload/core/settings.h"
#include "tools/base/base.h"
#include "tools/proc/process.h"
#include "tools/system/ground.h"
#include "tools/system/log.h"
#include "tools/system/place.h"

#define SECONDS	    20
#define OUTPUT_MAX  (1 << 20)
#define SETTING_MAX 8

/* In the child alone. */
static _Noreturn void give_up(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s", what, strerror(errno));
	_exit(EXIT_OWN);
}

/* At the path without its first '/': below the folder that this is in. */
static void put_file(const char *path, const char *text, size_t len)
{
	int fd = open(path + 1, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len || fchmod(fd, 0644))
		give_up("a file for the trial");
	close(fd);
}

/* The folder of the library, which is there in each system, is hidden for a moment. */
static void lay_over(const struct ground *g)
{
	char *dir = must_printf("%.*s", (int)(strrchr(g->library, '/') - g->library), g->library);
	char *settings;
	size_t n;

	if (fchdir(g->machine) || chroot(".") || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		give_up("a mount namespace");
	if (chroot(g->root) || chdir("/"))
		give_up(g->root);
	if (mount("tmpfs", dir, "tmpfs", 0, "mode=755") || chdir(dir) || mkdir("etc", 0755))
		give_up("a file system in memory");
	put_file(PRELOAD_FILE, g->text, g->len);
	settings = log_without(g->settings, g->settings_len, &n); /* what a trial does is no leak */
	put_file(FDF_MACHINE_SETTINGS, settings, n);
	free(settings);
	if (mount("overlay", PRELOAD_DIR, "overlay", MS_RDONLY, "lowerdir=etc:" PRELOAD_DIR))
		give_up("an overlay");
	if (chdir("/") || umount2(dir, MNT_DETACH))
		give_up(dir);
	free(dir);
}

static void become(uid_t uid)
{
	if (uid && (setgroups(0, NULL) || setgid(uid) || setuid(uid)))
		give_up("another user");
}

static _Noreturn void child(const struct ground *g, enum ground_how how,
			    const struct ground_program *p, int out, int err)
{
	const char *env[SETTING_MAX] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C" };
	size_t n = 2, i;
	int null = open("/dev/null", O_RDONLY);

	dup2(err, STDERR_FILENO);
	if (null < 0) /* a system without devices */
		null = memfd_create("nothing", 0);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC))
		give_up("descriptors");
	for (i = 0; p->settings && p->settings[i]; i++)
		env[n++] = p->settings[i];
	if (how == GROUND_VARIABLE)
		env[n++] = must_printf("LD_PRELOAD=%s", g->name);
	if (how == GROUND_PLACE)
		lay_over(g);
	become(p->uid);
	alarm(SECONDS); /* stays through the exec */
	execve(p->argv[0], (char **)p->argv, (char **)env);
	dprintf(STDERR_FILENO, "%s", strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOTFOUND : EXIT_NOEXEC);
}

/* What was written to a file in memory. */
static char *written(int fd)
{
	char *text = must_alloc(OUTPUT_MAX + 1);

	if (pread(fd, text, OUTPUT_MAX, 0) < 0)
		text[0] = '\0';
	close(fd);
	return text;
}

void ground_start(const struct ground *g, enum ground_how how, const struct ground_program *p,
		  struct ground_end *end)
{
	int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
	char *why = NULL;
	pid_t pid;

	if (out < 0 || err < 0)
		out_of_memory();
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(g, how, p, out, err);
	*end = (struct ground_end){ .status = EXIT_OWN << 8 };
	if (pid < 0) {
		why = must_printf("no process: %s", strerror(errno));
	} else if (process_wait(pid, &end->status, 0) < 0) {
		why = must_printf("it cannot be waited for: %s", strerror(errno));
		kill(pid, SIGKILL);
	}
	end->out = written(out);
	end->err = written(err);
	if (why) {
		free(end->err);
		end->err = why;
	}
}

bool ground_ended_well(const struct ground_end *end)
{
	return WIFEXITED(end->status) && !WEXITSTATUS(end->status);
}

void ground_end_free(struct ground_end *end)
{
	free(end->out);
	free(end->err);
}
