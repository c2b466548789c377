/*
 * Which images the library reaches: files of every class and order of bytes.
 */
#include <criterion/criterion.h>
#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/base/paths.h"

struct machine {
	unsigned char class, order;
	uint16_t number;
};

static const struct machine s390x = { ELFCLASS64, ELFDATA2MSB, EM_S390 },
			    powerpc = { ELFCLASS32, ELFDATA2MSB, EM_PPC },
			    sparc64 = { ELFCLASS64, ELFDATA2MSB, EM_SPARCV9 },
			    arm = { ELFCLASS32, ELFDATA2LSB, EM_ARM };

/* `bytes` bytes of value at p, as that machine has them. */
static void put(unsigned char *p, const struct machine *m, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		p[m->order == ELFDATA2LSB ? i : bytes - 1 - i] = (unsigned char)(value >> 8 * i);
}

#define PUT(type, at, member, m, value) \
	put((at) + offsetof(type, member), m, sizeof(((type *)0)->member), value)
#define PUT_BOTH(kind, at, member, m, value)                     \
	do {                                                     \
		if ((m)->class == ELFCLASS64)                    \
			PUT(Elf64_##kind, at, member, m, value); \
		else                                             \
			PUT(Elf32_##kind, at, member, m, value); \
	} while (0)

/* What one is that has two segments, the second of that type. */
static const char *kind(const struct machine *m, uint32_t second)
{
	char path[] = "/tmp/image-XXXXXX";
	unsigned char file[256] = { 0x7f, 'E', 'L', 'F', m->class, m->order, EV_CURRENT };
	bool wide = m->class == ELFCLASS64;
	size_t head = wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	size_t each = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	const char *name;
	int fd = mkstemp(path);

	PUT_BOTH(Ehdr, file, e_type, m, ET_EXEC);
	PUT_BOTH(Ehdr, file, e_machine, m, m->number);
	PUT_BOTH(Ehdr, file, e_version, m, EV_CURRENT);
	PUT_BOTH(Ehdr, file, e_ehsize, m, head);
	PUT_BOTH(Ehdr, file, e_phoff, m, head);
	PUT_BOTH(Ehdr, file, e_phentsize, m, each);
	PUT_BOTH(Ehdr, file, e_phnum, m, 2);
	PUT_BOTH(Phdr, file + head, p_type, m, PT_LOAD);
	PUT_BOTH(Phdr, file + head + each, p_type, m, second);
	cr_assert(fd >= 0 && write(fd, file, sizeof(file)) == sizeof(file));
	name = image_kind_name(paths_image(path, 0, 0));
	close(fd);
	unlink(path);
	return name;
}

Test(image, with_a_loader_it_is_of_another_architecture_whatever_its_order_of_bytes)
{
	cr_expect_str_eq(kind(&arm, PT_INTERP), "of another architecture");
	cr_expect_str_eq(kind(&s390x, PT_INTERP), "of another architecture");
	cr_expect_str_eq(kind(&sparc64, PT_INTERP), "of another architecture");
	cr_expect_str_eq(kind(&powerpc, PT_INTERP), "of another architecture");
}

Test(image, without_one_it_is_static)
{
	cr_expect_str_eq(kind(&arm, PT_NOTE), "static");
	cr_expect_str_eq(kind(&s390x, PT_NOTE), "static");
	cr_expect_str_eq(kind(&powerpc, PT_NOTE), "static");
}

Test(image, of_this_machine_is_what_has_its_order_of_bytes)
{
	struct machine own = {
		sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32,
		ELFDATA2LSB,
#if defined(__x86_64__)
		EM_X86_64
#elif defined(__aarch64__)
		EM_AARCH64
#elif defined(__riscv)
		EM_RISCV
#else
		EM_386
#endif
	};

	cr_expect_str_eq(kind(&own, PT_INTERP), "covered");
	cr_expect_str_eq(image_kind_name(paths_image("/proc/self/exe", 0, 0)), "covered");
	own.order = ELFDATA2MSB;
	cr_expect_str_eq(kind(&own, PT_INTERP), "of another architecture");
	own.order = ELFDATA2LSB;
	own.class = own.class == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
	cr_expect_str_eq(kind(&own, PT_INTERP), "of another architecture");
}
