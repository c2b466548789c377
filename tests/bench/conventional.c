/*
 * conventional.c: the preload that one would write first, as a peer for the benchmark.
 *
 * Looks the real functions up with dlsym(), walks /proc/self/fd before each exec and spawn and
 * sets close-on-exec on all above 2.  Built with default flags.  It has the usual faults (it
 * allocates in vfork children, races with threads, undoes nothing when the exec fails, and knows
 * no intent); its cost is what counts here.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EXPORT	   __attribute__((visibility("default")))
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void mark(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		int fd = atoi(e->d_name);

		if (fd > 2)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	if (dir)
		closedir(dir);
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	mark();
	return REAL(execve)(path, argv, envp);
}

EXPORT int execv(const char *path, char *const argv[])
{
	mark();
	return REAL(execv)(path, argv);
}

EXPORT int execvp(const char *file, char *const argv[])
{
	mark();
	return REAL(execvp)(file, argv);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	mark();
	return REAL(execvpe)(file, argv, envp);
}

EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *fa,
		       const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	mark();
	return REAL(posix_spawn)(pid, path, fa, attr, argv, envp);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *fa,
			const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	mark();
	return REAL(posix_spawnp)(pid, file, fa, attr, argv, envp);
}

EXPORT int system(const char *command)
{
	mark();
	return REAL(system)(command);
}

EXPORT FILE *popen(const char *command, const char *mode)
{
	mark();
	return REAL(popen)(command, mode);
}
