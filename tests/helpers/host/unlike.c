/*
 * host_unlike: programs that look as if the kernel would run them, and that it does not, asked for
 * by one thread of two.  Prints the error, and whether the table is still shared.
 *
 *	host_unlike CASE DIR
 *	argument     argv[0] of 131,072 bytes
 *	headers      program headers that end behind the file
 *	name         the loader's name lies behind the file
 *	loader-cut   a loader without its program headers
 *	loader-tiny  ... of ten bytes
 *	loader-text  ... in a root directory of its own, that is no program
 *	loader-busy  ... that is open for writing
 *	aout         what older kernels took for a.out
 *	stack        neither ELF nor script, with a stack of 64 KiB
 *	stack-full   80,000 bytes of arguments for that stack
 */
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/helpers/host/host.h"

static char image[65536], program[4096] = "./program";
static size_t len;
static ElfW(Ehdr) * elf;
static char loader[4096];

static ElfW(Phdr) * interp(void)
{
	ElfW(Phdr) *p = (void *)(image + elf->e_phoff);

	while (p->p_type != PT_INTERP)
		p++;
	return p;
}

static void read_true(void)
{
	int fd = must_open("/bin/true", O_RDONLY);

	len = (size_t)read(fd, image, 16384);
	close(fd);
	elf = (void *)image;
	strcpy(loader, image + interp()->p_offset);
}

static void write_file(const char *path, const void *what, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	if (fd < 0 || write(fd, what, n) != (ssize_t)n)
		die(path);
	close(fd);
}

/* The program with that loader. */
static void write_with(const char *name)
{
	interp()->p_offset = len;
	interp()->p_filesz = strlen(name) + 1;
	strcpy(image + len, name);
	write_file(program, image, len + strlen(name) + 1);
}

static void headers(void)
{
	size_t n = elf->e_phnum * sizeof(ElfW(Phdr));

	memcpy(image + len, image + elf->e_phoff, n);
	elf->e_phoff = len;
	write_file(program, image, len + n - 8);
}

static void in_root(const char *dir, int busy)
{
	char path[8192], *slash;

	write_file(program, image, len);
	if (chroot(dir))
		cannot("change the root");
	for (slash = strchr(loader + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(loader, 0755);
		*slash = '/';
	}
	write_file(loader,
		   busy ? image : (char *)"text, which is longer than any header of a program",
		   busy ? len : 50);
	if (!busy)
		truncate(loader, 1000);
	else
		must_open(loader, O_WRONLY);
	snprintf(path, sizeof(path), "/program");
	strcpy(program, path);
}

static int to[2], from[2];

static void *opener(void *unused)
{
	char c;
	int fd;

	if (read(to[0], &c, 1) != 1)
		return unused;
	fd = open("/", O_RDONLY);
	if (write(from[1], &fd, sizeof(fd)) != sizeof(fd))
		return unused;
	return unused;
}

static void prepare(const char *what, const char *dir, char **argv)
{
	struct rlimit small = { 65536, 65536 };
	static char long_text[131072];

	memset(long_text, 'x', sizeof(long_text) - 1);
	if (!strcmp(what, "argument")) {
		strcpy(program, "/bin/true");
		argv[0] = malloc(sizeof(long_text) + 1);
		memcpy(argv[0], long_text, sizeof(long_text));
		strcpy(argv[0] + sizeof(long_text) - 1, "x");
	} else if (!strcmp(what, "headers")) {
		headers();
	} else if (!strcmp(what, "name")) {
		interp()->p_offset = 1 << 20;
		write_file(program, image, len);
	} else if (!strcmp(what, "loader-cut")) {
		write_with("./loader");
		elf->e_phoff = 1 << 20;
		write_file("loader", image, len);
	} else if (!strcmp(what, "loader-tiny")) {
		write_with("./loader");
		write_file("loader", image, 10);
	} else if (!strcmp(what, "loader-text")) {
		in_root(dir, 0);
	} else if (!strcmp(what, "loader-busy")) {
		in_root(dir, 1);
	} else if (!strcmp(what, "aout")) {
		write_file(program, "\x0b\x01 not any more, and of some length, as a header had it",
			   54);
	} else {
		write_file(program, "neither this nor that\n", 22);
		if (setrlimit(RLIMIT_STACK, &small))
			die("setrlimit");
		if (!strcmp(what, "stack-full")) {
			strcpy(program, "/bin/true");
			argv[1] = long_text + sizeof(long_text) - 1 - 80000;
		}
	}
}

int main(int argc, char **argv)
{
	char *args[] = { "x", NULL, NULL };
	pthread_t t;
	int fd, error;

	if (argc != 3 || chdir(argv[2]))
		return 125;
	if (pipe(to) || pipe(from) || pthread_create(&t, NULL, opener, NULL))
		die("thread");
	read_true();
	prepare(argv[1], argv[2], args);
	execve(program, args, environ);
	error = errno;
	if (write(to[1], "", 1) != 1 || read(from[0], &fd, sizeof(fd)) != sizeof(fd))
		die("opener");
	printf("errno %d, %s\n", error, fd >= 0 && fcntl(fd, F_GETFD) >= 0 ? "shared" : "split");
	return 0;
}
