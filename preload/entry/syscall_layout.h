/*
 * syscall_layout.h: what the assembler of arch/NAME/syscall.S and the C around it agree on;
 * syscall.c holds it to the structures.  Numbers alone.
 */
#ifndef FDF_SYSCALL_LAYOUT_H
#define FDF_SYSCALL_LAYOUT_H

/* in fdf_memory */
#define FDF_AT_UNSURE 0
#define FDF_AT_OWNER  4
#define FDF_AT_SHARES 8
/* in fdf_real */
#define FDF_AT_SYSCALL 0
#define FDF_AT_VFORK   (1 * __SIZEOF_POINTER__)
#define FDF_AT_FORK    (2 * __SIZEOF_POINTER__)

#define FDF_IS_STOPS	1     /* FDF_STOPS */
#define FDF_IS_RUNS	2     /* FDF_RUNS */
#define FDF_CLONE_FILES 0x400 /* CLONE_FILES */

#endif
