/*
 * entry: reach exec through one entry point, from a process that leaks.
 *
 *	entry --list            the names, one a line; "NAME -" where this libc has none
 *	entry NAME CHILD [SURROUNDING...]
 *	                        call NAME so that CHILD (tests/helpers/fdlist) runs, in
 *	                        surroundings of surround.h
 *
 * It opens descriptors without close-on-exec (file, pipe, socket, listener, and
 * high numbers) and calls the entry point through the symbol that a program
 * would use.  What CHILD prints goes to stdout; then "result RESULT" follows
 * unless the call replaced this program.  Also built with musl and as i386.
 */
#include "tests/helpers/surround.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

extern char **environ;
static char *child, *args[2];

/* Those that not every libc has.  Weak, so that a program without them still links. */
#define WEAK __attribute__((weak))
extern int execveat(int, const char *, char *const[], char *const[], int) WEAK;
extern int __execvpe(const char *, char *const[], char *const[]) WEAK;
typedef int pidfd_spawn_fn(int *, const char *, const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const[], char *const[]);
extern pidfd_spawn_fn pidfd_spawn WEAK, pidfd_spawnp WEAK;
typedef __typeof__(posix_spawn) spawn_fn;

static void result(const char *text)
{
	printf("result %s\n", text);
}

static void failed(const char *what)
{
	printf("result %s: %s\n", what, strerror(errno));
}

/* exec entry points: only a failure comes back. */
#define EXEC(name, call)            \
	static void do_##name(void) \
	{                           \
		call;               \
		failed(#name);      \
	}

EXEC(execve, execve(child, args, environ))
EXEC(execv, execv(child, args))
EXEC(execvp, execvp(child, args))
EXEC(execvpe, execvpe(child, args, environ))
EXEC(execl, execl(child, child, (char *)NULL))
EXEC(execlp, execlp(child, child, (char *)NULL))
EXEC(execle, execle(child, child, (char *)NULL, environ))
EXEC(execveat, execveat(AT_FDCWD, child, args, environ, 0))
EXEC(fexecve, fexecve(open(child, O_RDONLY | O_CLOEXEC), args, environ))
EXEC(__execvpe, __execvpe(child, args, environ))
EXEC(syscall_execve, syscall(SYS_execve, child, args, environ))
EXEC(syscall_execveat,
     syscall(SYS_execveat, open(child, O_PATH | O_CLOEXEC), "", args, environ, AT_EMPTY_PATH))

static void reap(int error, pid_t pid)
{
	int status;

	if (error) {
		errno = error;
		failed("spawn");
	} else if (waitpid(pid, &status, 0) != pid) {
		failed("waitpid");
	} else {
		result(status ? "child failed" : "ok");
	}
}

static void spawn_by(spawn_fn *fn)
{
	pid_t pid = -1;
	int error = fn(&pid, child, NULL, NULL, args, environ);

	reap(error, pid);
}

static void do_posix_spawn(void)
{
	spawn_by(posix_spawn);
}

static void do_posix_spawnp(void)
{
	spawn_by(posix_spawnp);
}

/* Where glibc came after its version 2.15, there is but one. */
#if defined(__GLIBC__) && !defined(__x86_64__) && !defined(__i386__)
#define HAS_OLD_SPAWN 0
#else
#define HAS_OLD_SPAWN 1
#endif

static void spawn_old(const char *name)
{
#ifdef __GLIBC__
	spawn_fn *fn = (spawn_fn *)dlvsym(RTLD_DEFAULT, name,
					  sizeof(long) == 8 ? "GLIBC_2.2.5" : "GLIBC_2.2");
#else
	spawn_fn *fn = (spawn_fn *)dlsym(RTLD_DEFAULT, name);
#endif
	if (!fn) {
		result("dlvsym: none");
		return;
	}
	spawn_by(fn);
}

static void do_posix_spawn_old(void)
{
	spawn_old("posix_spawn");
}

static void do_posix_spawnp_old(void)
{
	spawn_old("posix_spawnp");
}

static void pidfd_by(pidfd_spawn_fn *fn)
{
	int fd = -1, error = fn(&fd, child, NULL, NULL, args, environ);
	siginfo_t info = { 0 };

	if (error) {
		errno = error;
		failed("pidfd_spawn");
	} else if (waitid((idtype_t)3 /* P_PIDFD */, (id_t)fd, &info, WEXITED)) {
		failed("waitid");
	} else {
		result(info.si_status || !fcntl(fd, F_GETFD) ? "child or flags wrong" : "ok");
	}
}

static void do_pidfd_spawn(void)
{
	pidfd_by(pidfd_spawn);
}

static void do_pidfd_spawnp(void)
{
	pidfd_by(pidfd_spawnp);
}

/* The builders: the child is meant to have 20 and 21, and with no fence the leaks. */
static void do_file_actions(void)
{
	posix_spawn_file_actions_t fa;
	pid_t pid = -1;
	int e = posix_spawn_file_actions_init(&fa);

	e = e ? e : posix_spawn_file_actions_addopen(&fa, 20, "/etc/passwd", O_RDONLY, 0);
	e = e ? e : posix_spawn_file_actions_adddup2(&fa, 3, 21);
	e = e ? e : posix_spawn_file_actions_adddup2(&fa, 3, 22);
	e = e ? e : posix_spawn_file_actions_addclose(&fa, 22);
	e = e ? e : posix_spawn(&pid, child, &fa, NULL, args, environ);
	posix_spawn_file_actions_destroy(&fa);
	reap(e, pid);
}

static void read_out(FILE *f)
{
	char line[4096];

	while (fgets(line, sizeof(line), f))
		fputs(line, stdout);
}

static void do_popen(void)
{
	FILE *f = popen(child, "r");

	if (!f) {
		failed("popen");
		return;
	}
	read_out(f);
	result(pclose(f) ? "pclose: child failed" : "ok");
}

static void do_fclose(void)
{
	/* Through a pointer, because the compiler warns of this pair; programs use it. */
	int (*volatile closes)(FILE *) = fclose;
	FILE *f = popen(child, "r");
	int status;

	if (!f) {
		failed("popen");
		return;
	}
	read_out(f);
	status = closes(f);
	result(status ? "fclose: child failed" : waitpid(-1, &status, 0) > 0 ? "zombie" : "ok");
}

static void do_system(void)
{
	result(system(child) ? "system: child failed" : "ok");
}

static void do_wordexp(void)
{
	char text[4096];
	wordexp_t w = { 0 };
	int e;

	snprintf(text, sizeof(text), "\"$(%s)\"", child);
	e = wordexp(text, &w, WRDE_SHOWERR);
	if (e || w.we_wordc != 1) {
		result("wordexp failed");
		return;
	}
	if (w.we_wordv[0][0])
		puts(w.we_wordv[0]);
	wordfree(&w);
	result("ok");
}

#define ADDRESS(f) ((void *)(f))

static const struct {
	const char *name;
	void (*call)(void);
	int weak; /* symbol tells whether this libc has it */
	void *symbol;
} table[] = {
	{ "execve", do_execve, 0, 0 },
	{ "execv", do_execv, 0, 0 },
	{ "execvp", do_execvp, 0, 0 },
	{ "execvpe", do_execvpe, 0, 0 },
	{ "execl", do_execl, 0, 0 },
	{ "execlp", do_execlp, 0, 0 },
	{ "execle", do_execle, 0, 0 },
	{ "execveat", do_execveat, 1, ADDRESS(execveat) },
	{ "fexecve", do_fexecve, 0, 0 },
	{ "posix_spawn", do_posix_spawn, 0, 0 },
	{ "posix_spawnp", do_posix_spawnp, 0, 0 },
	{ "pidfd_spawn", do_pidfd_spawn, 1, ADDRESS(pidfd_spawn) },
	{ "pidfd_spawnp", do_pidfd_spawnp, 1, ADDRESS(pidfd_spawnp) },
	{ "posix_spawn_file_actions", do_file_actions, 0, 0 },
	{ "popen", do_popen, 0, 0 },
	{ "fclose", do_fclose, 0, 0 },
	{ "system", do_system, 0, 0 },
	{ "wordexp", do_wordexp, 0, 0 },
	{ "syscall_execve", do_syscall_execve, 0, 0 },
	{ "syscall_execveat", do_syscall_execveat, 0, 0 },
	{ "__execvpe", do___execvpe, 1, ADDRESS(__execvpe) },
	{ "posix_spawn_old", do_posix_spawn_old, !HAS_OLD_SPAWN, 0 },
	{ "posix_spawnp_old", do_posix_spawnp_old, !HAS_OLD_SPAWN, 0 },
};
#define ENTRIES (sizeof(table) / sizeof(*table))

/* Nine leaks: 3 file, 4 5 pipe, 6 socket, 7 listener, 8 file open for writing, 64, 700, 1000. */
static void leak(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = open("/etc/passwd", O_RDONLY), pair[2], s;

	if (fd != 3 || pipe(pair) || socket(AF_UNIX, SOCK_STREAM, 0) != 6)
		exit(125);
	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s != 7 || bind(s, (struct sockaddr *)&a, sizeof(a)) || listen(s, 4))
		exit(125);
	if (open("/dev/shm", O_TMPFILE | O_RDWR, 0600) != 8)
		exit(125);
	if (fcntl(3, F_DUPFD, 64) != 64 || fcntl(4, F_DUPFD, 700) != 700 ||
	    fcntl(7, F_DUPFD, 1000) != 1000)
		exit(125);
}

int main(int argc, char **argv)
{
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "--list")) {
		for (i = 0; i < ENTRIES; i++)
			printf("%s%s\n", table[i].name,
			       table[i].weak && !table[i].symbol ? " -" : "");
		return 0;
	}
	if (argc < 3)
		return 125;
	child = args[0] = argv[2];
	for (i = 0; i < ENTRIES && strcmp(argv[1], table[i].name); i++)
		;
	if (i == ENTRIES || (table[i].weak && !table[i].symbol))
		return 125;
	leak();
	surround(argv + 3);
	table[i].call();
	return 0;
}
