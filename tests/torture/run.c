/* run.c: see run.h. */
#include "tests/torture/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 40, ENV_MAX = 20 };

#define CANNOT "broken: " /* said by the host */
#define RUNS   "still ran after"

static const char *host = "build/tests/torture/host", *target = "build/tests/torture/target";
static const char *library = "build/libfdfence.so", *before;
static char host_path[4096], target_path[4096], library_path[4096], before_path[4096];
static char preload[8300];
static char directory[64];
static char *extra[ENV_MAX];
static int nextra;

int run_option(int option, char *value)
{
	switch (option) {
	case 'l':
		library = value;
		return 0;
	case 'b':
		before = value;
		return 0;
	case 'h':
		host = value;
		return 0;
	case 't':
		target = value;
		return 0;
	case 'e':
		if (nextra == ENV_MAX)
			return -1;
		extra[nextra++] = value;
		return 0;
	default:
		return -1;
	}
}

const char *command_line(void)
{
	static char line[2000];
	int n = snprintf(line, sizeof(line), "build/tests/torture/torture -v -l %s -h %s", library,
			 host);

	if (before)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " -b %s", before);
	for (int i = 0; i < nextra; i++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " -e '%s'", extra[i]);
	return line;
}

static int put(const char *name, const void *text, size_t len, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0700), r;

	if (fd < 0)
		return -1;
	r = write(fd, text, len) == (ssize_t)len && !fchmod(fd, mode) ? 0 : -1;
	close(fd);
	return r;
}

static int put_targets(void)
{
	static const struct {
		const char *name, *text;
		mode_t mode;
	} files[] = {
		{ "script", "#!./target word\n", 0755 },
		{ "deepscript", "#!./script\n", 0755 },
		{ "text", "./target \"$@\"\n", 0755 },
		{ "denied", "#!./target\n", 0644 },
		{ "badelf", "\177ELFno such thing as this, by any machine's reckoning", 0755 },
		{ "empty", "", 0755 },
		{ "nointerp", "#!/nonexistent\n", 0755 },
		{ "selfscript", "#!./selfscript\n", 0755 },
		{ "badinterp", "#!./empty\n", 0755 },
		{ "busy", "#!./target\n", 0755 },
	};
	struct stat st;
	char *image;
	int fd = open(target_path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st))
		return -1;
	image = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED || put("target", image, (size_t)st.st_size, 0755) ||
	    put("shortelf", image, 40, 0755))
		return -1;
	image[18] ^= 0x55; /* e_machine */
	if (put("machine", image, (size_t)st.st_size, 0755))
		return -1;
	munmap(image, (size_t)st.st_size);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (put(files[i].name, files[i].text, strlen(files[i].text), files[i].mode))
			return -1;
	return mkdir("dir", 0755) || symlink("target", "link") || symlink("loop", "loop");
}

static int find(const char *path, char out[4096])
{
	if (realpath(path, out))
		return 0;
	fprintf(stderr, "torture: %s: %s\n", path, strerror(errno));
	return -1;
}

int run_prepare(void)
{
	struct rlimit r;

	if (find(host, host_path) || find(target, target_path) || find(library, library_path) ||
	    (before && find(before, before_path)))
		return -1;
	getrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_max < 20000) {
		fprintf(stderr, "torture: needs a hard limit of 20000 descriptors\n");
		return -1;
	}
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s%s%s", before_path, before ? " " : "",
		 library_path);
	snprintf(directory, sizeof(directory), "/tmp/torture.XXXXXX");
	if (!mkdtemp(directory) || chmod(directory, 0777) || chdir(directory)) {
		fprintf(stderr, "torture: %s: %s\n", directory, strerror(errno));
		return -1;
	}
	return 0;
}

void run_finish(void)
{
	pid_t pid;

	if (chdir("/"))
		return;
	pid = fork();
	if (!pid) {
		execlp("rm", "rm", "-rf", directory, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

pid_t run_job(int job)
{
	char own[20];
	pid_t pid;

	fflush(stdout);
	pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL)) {
		fprintf(stderr, "torture: /proc: %s\n", strerror(errno));
		_exit(2);
	}
	snprintf(own, sizeof(own), "job.%d", job);
	if (mkdir(own, 0777) || chmod(own, 0777) || chdir(own) || put_targets()) {
		fprintf(stderr, "torture: %s: %s\n", own, strerror(errno));
		_exit(2);
	}
	return 0;
}

/* Never returns: the host, with its given descriptors and nothing else. */
static void __attribute__((noreturn)) become_host(const union shape *s, int fenced, int out)
{
	char letters[SHAPE_LETTERS], *argv[] = { host_path, letters, NULL };
	char *env[ENV_MAX + 4] = { "PATH=/usr/bin:.:/bin", "LC_ALL=C" };
	int n = 2, null = open("/dev/null", O_RDWR);

	shape_spell(s, letters);
	for (int i = 0; i < nextra; i++)
		env[n++] = extra[i];
	if (fenced)
		env[n++] = preload;
	if (dup2(out, 1) < 0 || dup2(null, 0) < 0 || dup2(null, 2) < 0)
		_exit(119);
	syscall(SYS_close_range, 3, ~0u, 0);
	for (int i = 0; i < shape_given(s); i++)
		if (open("script", O_RDONLY) != GIVEN_AT + i)
			_exit(119);
	execve(host_path, argv, env);
	_exit(119);
}

/* -1 if time ran out.  Then nothing of the shape is left: all that lives in this namespace is. */
static int wait_for(pid_t pid)
{
	struct pollfd p = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	int in_time = poll(&p, 1, SECONDS * 1000) == 1, status = 0;

	kill(-1, SIGKILL);
	waitpid(pid, &status, 0);
	close(p.fd);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return in_time ? status : -1;
}

static void run_once(const union shape *s, int fenced, char text[OUTPUT_MAX])
{
	int out = (int)syscall(SYS_memfd_create, "output", 1 /* MFD_CLOEXEC */), status;
	ssize_t n;
	pid_t pid;

	fcntl(out, F_SETFL, O_APPEND);
	fflush(stdout);
	pid = fork();
	if (!pid)
		become_host(s, fenced, out);
	status = wait_for(pid);
	n = pread(out, text, OUTPUT_MAX - 40, 0);
	n = n > 0 ? n : 0;
	close(out);
	if (status == -1)
		sprintf(text + n, RUNS " %d s\n", SECONDS);
	else
		sprintf(text + n, "status %x\n", (unsigned)status);
	unlink("lock");
}

/*
 * The plain run's text as it has to be under the fence: without what
 * nobody meant.  Returns how many lines of that kind there were.
 */
static long take(char *text, const char *what)
{
	char *from = text, *to = text, *end;
	int number;
	long n = 0;
	char word[16];

	for (; *from; from = end) {
		end = strchr(from, '\n');
		end = end ? end + 1 : from + strlen(from);
		if (sscanf(from, "above %d %15[a-z]:", &number, word) == 2 && !strcmp(word, what)) {
			n++;
			continue;
		}
		memmove(to, from, (size_t)(end - from));
		to += end - from;
	}
	*to = 0;
	return n;
}

static void describe(struct outcome *o)
{
	const char *a = o->plain, *b = o->fenced;
	int la, lb;

	for (;;) {
		la = (int)strcspn(a, "\n");
		lb = (int)strcspn(b, "\n");
		if (la != lb || strncmp(a, b, (size_t)la) || !*a || !*b)
			break;
		a += la + 1;
		b += lb + 1;
	}
	snprintf(o->difference, sizeof(o->difference), "  must be: %.*s\n  is:      %.*s\n",
		 la > 300 ? 300 : la, a, lb > 300 ? 300 : lb, b);
}

void run_shape(const union shape *s, struct outcome *o)
{
	static char again[OUTPUT_MAX];
	const char *why;

	memset(o, 0, offsetof(struct outcome, plain));
	run_once(s, 0, o->plain);
	run_once(s, 1, o->fenced);
	why = strstr(o->plain, CANNOT);
	why = why ? why : strstr(o->plain, RUNS);
	if (why) {
		o->differs = o->unsteady = 1;
		snprintf(o->difference, sizeof(o->difference), "  no shape that can be run: %.*s\n",
			 (int)strcspn(why, "\n"), why);
		return;
	}
	o->sealed = take(o->plain, "leak");
	if (s->target == target_text) { /* a shell's own: which number it has is its affair */
		take(o->plain, "unknown");
		take(o->fenced, "unknown");
	}
	o->differs = strcmp(o->plain, o->fenced) != 0;
	if (!o->differs)
		return;
	describe(o);
	run_once(s, 0, again);
	take(again, "leak");
	if (s->target == target_text)
		take(again, "unknown");
	o->unsteady = strcmp(o->plain, again) != 0;
}
