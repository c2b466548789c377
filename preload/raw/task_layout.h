/*
 * task_layout.h: what the assembler of task.S and task.h agree on; task.c holds it to the
 * structure and to the kernel's headers.  Numbers alone.
 */
#ifndef FDF_TASK_LAYOUT_H
#define FDF_TASK_LAYOUT_H

#define FDF_STACK_GAP	     256 /* bytes between the caller's stack pointer and the task's stack */
#define FDF_STACK_SAID	     64	 /* bytes that clone3 is told the stack has; it checks no more */
#define FDF_CLONE_STACK	     40	 /* offset of struct fdf_clone's stack */
#define FDF_CLONE_STACK_SIZE 48	 /* ... of its stack_size */
#define FDF_CLONE_SIZE	     88	 /* bytes of it */

#endif
