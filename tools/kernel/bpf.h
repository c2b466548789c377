/*
 * bpf.h: the programs of bpf/ loaded, attached, told and asked.
 */
#ifndef FDF_KERNEL_BPF_H
#define FDF_KERNEL_BPF_H

#include "bpf/event.h"
#include "tools/kernel/request.h"

/*
 * A handle is for one thread at a time; several may be open.  Messages go to
 * stderr, in words, by the function that found out.
 */
struct trace_bpf;

/* Load.  Needs CAP_BPF and CAP_PERFMON, as attaching does.  NULL after a message. */
struct trace_bpf *trace_bpf_open(const struct trace_opts *o);
/* Detach and free all, the ring and maps too. */
void trace_bpf_close(struct trace_bpf *b);
int trace_bpf_attach(struct trace_bpf *b); /* 0, or -1 after a message */
/* No more events; what is in the ring and in the maps can still be read. */
void trace_bpf_detach(struct trace_bpf *b);
int trace_bpf_ring(const struct trace_bpf *b);	    /* its descriptor, of the handle */
bool trace_bpf_prepares(const struct trace_bpf *b); /* the kernel has sched_prepare_exec */
struct fdt_counts trace_bpf_counts(const struct trace_bpf *b);
unsigned long long trace_bpf_missed(const struct trace_bpf *b); /* program runs that were skipped */
/*
 * Say which image a process runs; in_tree: follow it and what it starts; called: see fdt_image, NULL
 * for none.  0, or -1 with errno.
 */
int trace_bpf_image(struct trace_bpf *b, pid_t pid, uint64_t id, bool in_tree,
		    const char called[FDT_CALLED]);
/* Whatever open file this number is in image id, it was given to it.  0, or -1 with errno. */
int trace_bpf_given(struct trace_bpf *b, uint64_t id, int fd);
/* All groups of --summary; the caller frees *to. */
size_t trace_bpf_groups(struct trace_bpf *b, struct fdt_group **to);
/* A descriptor to read the records of --snapshot from, for the caller to close; -1 after a message. */
int trace_bpf_snapshot(struct trace_bpf *b);
/* What was needed for loading only is given up, for good, by the calling thread.  -1 after a message. */
int trace_bpf_drop_caps(void);

#endif
