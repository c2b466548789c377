/*
 * image.h: is an ELF file for programs like this one?  What kind of image a command is says
 * paths_image() (tools/base/paths.h).
 */
#ifndef FDF_IMAGE_H
#define FDF_IMAGE_H

#include <link.h>
#include <stdbool.h>

/* The head of the program itself, as the linker names it: in another root there may be no /proc to ask. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* e_ident and e_machine of a header: are they of this program's processor, word size and order of bytes? */
bool image_is_native(const unsigned char *ident, unsigned machine);

#endif
