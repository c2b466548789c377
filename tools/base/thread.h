/*
 * thread.h: threads that cannot be started.
 */
#ifndef FDF_THREAD_H
#define FDF_THREAD_H

/* What to say of an error of pthread_create(3). */
const char *thread_why(int error);

/* Before something is begun that needs one: 0, or -1 after a message that none is to be had. */
int thread_try(void);

#endif
