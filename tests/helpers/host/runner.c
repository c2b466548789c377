/*
 * host_runner: spawns a program whose loader, by its header, is a descriptor, from a table of more
 * than 256 places.
 *
 *	host_runner FILE      is made: /bin/true with "/proc/self/fd/300" in the place of its loader
 */
#include <elf.h>
#include <link.h>
#include <spawn.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	static char image[1 << 20] __attribute__((aligned(8)));
	const ElfW(Ehdr) *h = (void *)image;
	ElfW(Phdr) *p = (void *)(image + sizeof(*h));
	static const char name[] = "/proc/self/fd/300";
	char *args[] = { "true", NULL };
	int fd = must_open("/bin/true", O_RDONLY), out;
	ssize_t len = read(fd, image, sizeof(image));
	pid_t pid;

	if (argc != 2)
		return 125;
	while (p->p_type != PT_INTERP)
		p++;
	out = must_open(image + p->p_offset, O_RDONLY);
	if (fcntl(out, F_DUPFD_CLOEXEC, 300) != 300 || p->p_filesz < sizeof(name))
		die("loader");
	memcpy(image + p->p_offset, name, sizeof(name));
	p->p_filesz = sizeof(name);
	out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (write(out, image, (size_t)len) != len || close(out))
		die(argv[1]);
	errno = posix_spawn(&pid, argv[1], NULL, NULL, args, environ);
	if (errno)
		die("posix_spawn");
	printf("status %d\n", status_of(pid));
	return 0;
}
