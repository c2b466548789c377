/*
 * host_outside: what the fence cannot see (docs/limits.md), one WAY each.
 *
 *	host_outside raw FDLIST      a leak, and FDLIST by a system call of its own
 *	host_outside stale FDLIST    close-on-exec cleared on a number that is closed by a system
 *	                             call of its own; another file gets the number; exec FDLIST
 *	host_outside inlined FDLIST  a child made by vfork in inline assembler clears close-on-exec
 *	                             on a number of its parent's; the parent execs FDLIST
 *	host_outside renewed FDLIST  3, which was given, is closed by a system call of its own; an
 *	host_outside timed FDLIST    eventfd, or a timerfd, gets the number; exec FDLIST
 *	host_outside streamed FDLIST close-on-exec cleared on a stream of popen's, which pclose closes;
 *	                             another file gets the number; exec FDLIST
 *	host_outside relisted FDLIST 3, a directory that was given, is closed by closedir, and opened
 *	                             anew; exec FDLIST
 *	host_outside reopened FDLIST 3, a file that was given for reading, is opened anew for writing
 *	                             by freopen; exec FDLIST
 *	host_outside bare FDLIST     exec FDLIST
 *	host_outside symbols         which of the exported names a look-up finds
 */
#include <dirent.h>
#include <dlfcn.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include "tests/helpers/host/host.h"

static inline __attribute__((always_inline)) long raw(long nr, long a, long b, long c)
{
#if defined(__x86_64__)
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return r;
#elif defined(__aarch64__)
	register long n __asm__("x8") = nr, r __asm__("x0") = a, x1 __asm__("x1") = b,
			x2 __asm__("x2") = c;

	__asm__ volatile("svc #0" : "+r"(r) : "r"(n), "r"(x1), "r"(x2) : "memory");
	return r;
#elif defined(__riscv)
	register long n __asm__("a7") = nr, r __asm__("a0") = a, a1 __asm__("a1") = b,
			a2 __asm__("a2") = c;

	__asm__ volatile("ecall" : "+r"(r) : "r"(n), "r"(a1), "r"(a2) : "memory");
	return r;
#else
#error "how does this processor make a system call?"
#endif
}

static void streamed(void)
{
	FILE *file = popen(":", "r");
	int fd = fileno(file);

	fcntl(fd, F_SETFD, 0);
	pclose(file);
	open("/etc/group", O_RDONLY);
}

/* What stands at 3 is gone, and the same file is there anew. */
static bool anew(bool by_stream)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/fd/3", path, sizeof path - 1);

	if (n < 0)
		return false;
	path[n] = 0;
	if (by_stream)
		return freopen(path, "r+", fdopen(3, "r")) != NULL;
	closedir(fdopendir(3));
	return open(path, O_RDONLY | O_DIRECTORY) == 3;
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "execve", "execveat", "closefrom", "close_range",
					     "pidfd_spawn" };
	char *way = argv[1], **rest = argv + 2;
	int fd;

	if (argc == 2 && !strcmp(way, "symbols")) {
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (dlsym(RTLD_DEFAULT, names[i]))
				puts(names[i]);
		return 0;
	}
	if (argc != 3)
		return 2;
	if (!strcmp(way, "renewed") || !strcmp(way, "timed")) {
		raw(SYS_close, 3, 0, 0);
		if ((*way == 'r' ? eventfd(0, 0) : timerfd_create(CLOCK_MONOTONIC, 0)) == 3)
			execv(*rest, rest);
		return 1;
	}
	if (!strcmp(way, "relisted") || !strcmp(way, "reopened")) {
		if (anew(way[2] == 'o'))
			execv(*rest, rest);
		return 1;
	}
	if (!strcmp(way, "bare")) {
		execv(*rest, rest);
		return 1;
	}
	if (!strcmp(way, "streamed")) {
		streamed();
		execv(*rest, rest);
		return 1;
	}
	fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (!strcmp(way, "raw")) {
		raw(SYS_fcntl, fd, F_SETFD, 0);
		raw(SYS_execve, (long)*rest, (long)rest, (long)environ);
	} else if (!strcmp(way, "stale")) {
		fcntl(fd, F_SETFD, 0);
		raw(SYS_close, fd, 0, 0);
		open("/etc/group", O_RDONLY);
		execv(*rest, rest);
	} else if (!strcmp(way, "inlined")) {
		if (raw(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0) == 0) {
			fcntl(fd, F_SETFD, 0);
			raw(SYS_exit, 0, 0, 0);
		}
		raw(SYS_fcntl, fd, F_SETFD, 0); /* the child's table was a copy */
		execv(*rest, rest);
	}
	return 1;
}
