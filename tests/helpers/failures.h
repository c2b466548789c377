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

/* What a shell would take for a script of its own, where execvp() hands it on. */
static const struct {
	const char *path;
	int error;
} broken[] = { { "./empty_text", ENOEXEC },	 { "./cut_header", ENOEXEC },
	       { "./no_headers", ENOEXEC },	 { "./cut_headers", ENOEXEC },
	       { "./cut_last_header", ENOEXEC }, { "./cut_loader", EIO } };

static void make_program(const char *name, const char *bytes, size_t len)
{
	int out = open(name, O_WRONLY | O_CREAT, 0755);

	if (write(out, bytes, len) != (ssize_t)len || close(out))
		exit(125);
}

/* This program, cut off at several places, and with another name where that of its loader stands. */
static void make_programs(void)
{
	static char buf[1 << 20];
	int in = open("/proc/self/exe", O_RDONLY);
	ssize_t len = read(in, buf, sizeof(buf));
	ElfW(Ehdr) *h = (void *)buf;
	ElfW(Phdr) *p = (void *)(buf + h->e_phoff);
	size_t headers_end = h->e_phoff + h->e_phnum * sizeof(*p);

	if (len < 0 || close(in))
		exit(125);
	while (p->p_type != PT_INTERP)
		p++;
	make_program("cut_header", buf, sizeof(*h) / 2);
	make_program("no_headers", buf, sizeof(*h));
	make_program("cut_headers", buf, headers_end - sizeof(*p));
	make_program("cut_last_header", buf, headers_end - 1);
	make_program("cut_loader", buf, p->p_offset + 2);
	memcpy(buf + p->p_offset, "/no", 3);
	make_program("no_loader", buf, (size_t)len);
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
	make_programs();
}

#endif
