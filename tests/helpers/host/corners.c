/*
 * host_corners: what a program may see of libc in the corners of exec and spawn, a case a word:
 *
 *	auxv [CHILD]        the auxiliary vector lies behind envp; in CHILD too
 *	twice               an environment with two LD_PRELOAD, of which the loader reads the last
 *	signals             which of libc's own signals a spawned child ignores
 *	noshell             system where there is no shell
 *	nproc               popen where no process can be had (as an unprivileged user)
 *	pointers            execve and posix_spawn of addresses that are none
 *	fexecve FILE        where execveat is denied: runs FILE
 *	names               the second names that a libc has for what is hooked; FDLIST is run
 */
#include <elf.h>
#include <link.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>

#include "tests/helpers/host/host.h"
#include "tests/helpers/surround.h"

#define NONE ((void *)16)

static void auxv(char **envp, char *child)
{
	ElfW(auxv_t) * a;
	int n = 0, page = 0;

	while (*envp)
		envp++;
	for (a = (void *)(envp + 1); a->a_type != AT_NULL; a++) {
		n += a->a_type == AT_PAGESZ;
		page = a->a_type == AT_PAGESZ ? (int)a->a_un.a_val : page;
	}
	printf("page size %d, said %d times\n", page, n);
	fflush(stdout);
	if (child)
		execl(child, child, "auxv", NULL);
}

/* An environment as a launcher makes it that appends without looking. */
static void twice(void)
{
	static char *env[200];
	char *argv[] = { "grep", "-c", "libfdfence", "/proc/self/maps", NULL };
	int n = 0;

	for (char **e = environ; *e && n < 190; e++)
		env[n++] = *e;
	env[n++] = "LD_PRELOAD=libm.so.6";
	execve("/bin/grep", argv, env);
	die("exec");
}

static void signals(void)
{
	char *argv[] = { "grep", "SigIgn", "/proc/self/status", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/grep", NULL, NULL, argv, environ) || status_of(pid))
		die("posix_spawn");
	if (system("exec grep SigIgn /proc/self/status"))
		die("system");
}

static void nproc(void)
{
	struct rlimit none = { 0, 0 };
	FILE *stream;
	int status;

	if (setresuid(65533, 65533, 65533))
		cannot("become another user");
	setrlimit(RLIMIT_NPROC, &none);
	errno = 0;
	stream = popen("true", "r");
	printf("popen: %s, errno %d\n", stream ? "a stream" : "none", errno);
	errno = 0;
	status = system("true");
	printf("system: %x, errno %d\n", (unsigned)status, errno);
}

static void no_shell(void)
{
	int status;

	if ((mkdir("empty", 0700) && errno != EEXIST) || chdir("empty") || chroot("."))
		cannot("have another root");
	errno = 0;
	status = system("true");
	printf("system: %x, errno %d\n", (unsigned)status, errno);
}

static void exec_case(const char *what, const char *path, char **argv, char **envp)
{
	int r;

	errno = 0;
	r = execve(path, argv, envp);
	printf("%s: execve %d, errno %d\n", what, r, errno);
	fflush(stdout);
}

static void pointers(void)
{
	char *good[] = { "true", NULL }, *bad[] = { "true", NONE, NULL };
	char *const cut =
		mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *end[] = { "true", cut + 4090, NULL };
	pid_t pid;

	munmap(cut + 4096, 4096);
	memset(cut, 'x', 4096); /* a string that runs into nothing */
	exec_case("path", NONE, good, environ);
	exec_case("no path", NULL, good, environ);
	exec_case("argv", "/bin/true", NONE, environ);
	exec_case("argv, no such file", "/missing", NONE, environ);
	exec_case("argument", "/bin/true", bad, environ);
	exec_case("argument without an end", "/bin/true", end, environ);
	exec_case("path without an end", cut + 4000, good, environ);
	exec_case("envp", "/bin/true", good, NONE);
	exec_case("variable", "/bin/true", good, bad);
	exec_case("variable, no such file", "/missing", good, bad);
	printf("posix_spawn, path: %d\n", posix_spawn(&pid, NONE, NULL, NULL, good, environ));
	printf("posix_spawn, argument: %d\n",
	       posix_spawn(&pid, "/bin/true", NULL, NULL, bad, environ));
	printf("posix_spawn, variable: %d\n",
	       posix_spawn(&pid, "/bin/true", NULL, NULL, good, bad));
	printf("posix_spawn, no such file: %d\n",
	       posix_spawn(&pid, "/missing", NULL, NULL, good, bad));
}

static void by_descriptor(const char *file)
{
	char *argv[] = { (char *)file, NULL };
	int fd;

	leak_at(3);
	fd = must_open(file, O_RDONLY | O_CLOEXEC);
	surround((char *[]){ "deny=execveat:ENOSYS", NULL });
	fexecve(fd, argv, environ);
	printf("fexecve: errno %d\n", errno);
}

/* From libc's headers, or from none. */
extern int __close(int fd) __attribute__((weak));
extern int __dup2(int from, int to) __attribute__((weak));
extern int __fcntl(int fd, int cmd, ...) __attribute__((weak));
extern pid_t __vfork(void) __attribute__((weak));
extern FILE *_IO_popen(const char *command, const char *mode) __attribute__((weak));

static void names(char *fdlist)
{
	char *argv[] = { fdlist, NULL };
	char line[200];
	FILE *f;

	if (!__close || !__dup2 || !__fcntl || !__vfork || !_IO_popen) {
		printf("this libc has no such names\n");
		return;
	}
	/* an act, and one that is taken back: the number was closed, and opened again by a leak */
	__fcntl(fcntl(leak_at(3), F_DUPFD_CLOEXEC, 5), F_SETFD, 0);
	__fcntl(fcntl(3, F_DUPFD_CLOEXEC, 6), F_SETFD, 0);
	__close(6);
	fcntl(3, F_DUPFD, 6);
	f = _IO_popen(fdlist, "r");
	while (f && fgets(line, sizeof(line), f))
		fputs(line, stdout);
	if (!f || pclose(f) < 0)
		die("_IO_popen");
	fflush(stdout);
	if (!__vfork()) {
		__dup2(3, 7);
		execv(fdlist, argv);
		_exit(1);
	}
	wait(NULL);
}

int main(int argc, char **argv, char **envp)
{
	char *word = argc > 1 ? argv[1] : "", *file = argc > 2 ? argv[2] : NULL;

	if (!strcmp(word, "auxv"))
		auxv(envp, file);
	else if (!strcmp(word, "twice"))
		twice();
	else if (!strcmp(word, "signals"))
		signals();
	else if (!strcmp(word, "nproc"))
		nproc();
	else if (!strcmp(word, "noshell"))
		no_shell();
	else if (!strcmp(word, "pointers"))
		pointers();
	else if (!strcmp(word, "fexecve") && file)
		by_descriptor(file);
	else if (!strcmp(word, "names") && file)
		names(file);
	else
		return 125;
	return 0;
}
