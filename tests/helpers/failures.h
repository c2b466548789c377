/*
 * failures.h: files in the working directory whose exec fails, and how.
 */
#ifndef FAILURES_H
#define FAILURES_H

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *path;
	int error;
} failures[] = { { "./missing", ENOENT }, { "./denied", EACCES },
		 { "./dir", EACCES },	  { "./denied/x", ENOTDIR },
		 { "./loop", ELOOP },	  { "./no_interpreter", ENOENT },
		 { "./busy", ETXTBSY },	  { "./no_loader", ENOENT } };

/* This program, with another name where that of its loader stands. */
static void make_no_loader(void)
{
	static char buf[1 << 20];
	int in = open("/proc/self/exe", O_RDONLY),
	    out = open("no_loader", O_WRONLY | O_CREAT, 0755);
	ssize_t len = read(in, buf, sizeof(buf));
	ElfW(Ehdr) *h = (void *)buf;
	ElfW(Phdr) *p = (void *)(buf + h->e_phoff);

	while (p->p_type != PT_INTERP)
		p++;
	memcpy(buf + p->p_offset, "/no", 3);
	if (write(out, buf, (size_t)len) != len || close(out) || close(in))
		exit(125);
}

static void make_files(void)
{
	static const struct {
		const char *name, *text;
		mode_t mode;
	} files[] = { { "denied", "#!/bin/sh\n", 0644 },
		      { "empty_text", "text\n", 0755 },
		      { "no_interpreter", "#!/nonexistent\n", 0755 },
		      { "busy", "#!/bin/sh\n", 0755 } };
	unsigned i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = open(files[i].name, O_WRONLY | O_CREAT | O_TRUNC, 0700);

		if (fd < 0 || write(fd, files[i].text, strlen(files[i].text)) < 0 ||
		    fchmod(fd, files[i].mode))
			exit(125);
		close(fd);
	}
	if (mkdir("dir", 0700) || symlink("loop", "loop"))
		exit(125);
	make_no_loader();
}

#endif
