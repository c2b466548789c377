/*
 * trace.bpf.c: the kernel side of `fdfence trace`.  It only looks (and, with
 * --kill, ends an exec before the new image runs); what a descriptor is worth is
 * decided by the command with the policy that the shim uses.
 *
 * Runs in the context of the task that execs, forks or exits, as raw
 * tracepoints, which ask for CAP_BPF and CAP_PERFMON and no tracefs:
 *	sched_process_exec   what is open now has crossed
 *	sched_prepare_exec   point of no return, all still open (Linux 6.10)
 *	sched_process_fork, sched_process_exit   which image a process runs
 *	sys_enter            calls that seal (close_range, fcntl, ioctl) or that
 *	                     mean a descriptor (fcntl, ioctl, dup2, dup3, and how
 *	                     pairs are made and closed); attached
 *	                     only when asked for, since it costs every system call
 *	                     of the machine; instead of it, where that will do,
 *	                     tracepoints of single calls
 * and, with --snapshot, in that of the reader of an iterator.
 *
 * A file includes what it uses, and only what stands below it:
 *	event, kernel < scratch < ring, task, stage, sock < path, table < fd
 *	< group, kill, act < pair, call < past, walk < prepare, exec, snap < sys
 */
#include "bpf/exec.bpf.h"
#include "bpf/prepare.bpf.h"
#include "bpf/snap.bpf.h"
#include "bpf/sys.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
