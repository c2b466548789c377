/*
 * task.h: what /proc/PID tells of a process; pid 0 is this one.
 */
#ifndef FDF_TASK_H
#define FDF_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* proc(5), /proc/PID/stat: of a process, or of a thread. */
struct task_stat {
	char comm[64];
	char state; /* 'Z' and 'X': it has ended */
	pid_t ppid;
	unsigned tty_major, tty_minor; /* the terminal that controls it; 0, 0: none */
	bool forked;		       /* it has made no exec since it was forked (PF_FORKNOEXEC) */
	bool kernel;		       /* it is a thread of the kernel */
	unsigned long long start;      /* clock ticks since boot */
	/* Where the image's stack, arguments and environment begin; 0: it may not be looked into. */
	uint64_t stack, args, env;
};

/* 0, or -1 with errno. */
int task_stat(pid_t pid, struct task_stat *to);
/*
 * ... of a process whose first thread has ended too: where its image's stack and so on begin, another one says.
 */
int task_stat_living(pid_t pid, struct task_stat *to);
/* What the file says, where somebody else has read it.  0, or -1: it is none. */
int task_stat_parse(const char *text, struct task_stat *to);

/* Text of one's own, which grows: { 0 } at first, free(buf) at the end. */
struct task_text {
	char *buf;
	size_t len, cap;
};

/* The whole file /proc/PID/NAME; a NUL stands behind.  0, or -1 with errno. */
int task_read(pid_t pid, const char *name, struct task_text *to);

/* What lies behind the link /proc/PID/NAME.  0, or -1 with errno and all of *to 0. */
int task_file(pid_t pid, const char *name, struct stat *to);
/* ... behind "exe": its image. */
int task_image(pid_t pid, struct stat *to);

/* What the link /proc/PID/NAME says, with a NUL behind, cut to size.  Its length, or -1 with errno. */
ssize_t task_link(pid_t pid, const char *name, char *to, size_t size);

/* Strings that lie one behind the other, each with its NUL: pointers to them, NULL behind the last. */
char **task_vector(const struct task_text *t);

/* The line "NAME:" of /proc/PID/status, which status is; "" if there is none, or it was not read. */
const char *task_status_line(const struct task_text *status, const char *name);

/* Is number fd open?  Where it is not, errno is ENOENT; any other: it may not be asked. */
bool task_has_fd(pid_t pid, int fd);

/* How many descriptors are open; 0: none, or the kernel does not tell (before Linux 6.2). */
size_t task_count_fds(pid_t pid);

/* Open descriptors in ascending order: their number, *list from must_alloc().  -1 with errno. */
ssize_t task_fds(pid_t pid, int **list);

#endif
