/*
 * cgroup.h: the cgroup of a process, and what its path tells.
 */
#ifndef FDF_CGROUP_H
#define FDF_CGROUP_H

#define CGROUP_MAX 4200 /* bytes of a path, with its NUL */

/*
 * The path in the unified hierarchy, as a file /proc/PID/cgroup that is opened at dir has it; ""
 * if it has none or cannot be read.
 */
void cgroup_of(int dir, const char *file, char to[CGROUP_MAX]);

/* A recognisable container id in it; "" if there is none. */
void cgroup_container(char to[65], const char *cgroup);

/*
 * The uid of a pod of Kubernetes in it, with dashes, as the API has it; "" if there is none.  Both ways of
 * its agent to name the folders: pod1b4e28ba-2fa1-..., and ...-pod1b4e28ba_2fa1_....slice.
 */
void cgroup_pod(char to[37], const char *cgroup);

/*
 * The unit of systemd that a process in it belongs to: the innermost directory with the ending of
 * a unit that is no slice, or else of a slice.  The caller frees; "" if there is none.
 */
char *cgroup_unit(const char *cgroup);

#endif
