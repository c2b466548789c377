/*
 * fdpath.h: the descriptors that a path leads to or through.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_FDPATH_H
#define FDF_FDPATH_H

/*
 * The number that a path names, as "/dev/fd/N", "/proc/PID/fd/N", "/dev/fd//./N" do; -1: it names
 * none.  Whether it is this process' number, only the file can tell.
 */
int fdf_path_fd(const char *path);

/*
 * The number of this process that a path leads through, as /proc/self/fd/N/PATH does; -1: none.
 * What comes behind is another directory's, whatever it is called.
 */
int fdf_path_within(const char *path, int pid);

#endif
