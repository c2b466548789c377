/*
 * trace.h: what the files of `fdfence trace` share.
 *
 * The way of the data: trace_bpf.c loads and attaches, trace_queue.c drains the
 * ring in a thread of its own, decode.c puts execs together, trace_judge.c asks
 * core/policy, trace_out.c and trace_text.c write, in the main thread.
 */
#ifndef FDT_TRACE_H
#define FDT_TRACE_H

#include <stdio.h>
#include <sys/types.h>

#include "tools/kernel/decode.h"
#include "preload/core/settings.h"

/* Exit statuses beside those of command.h. */
enum { EXIT_LOST = 3 }; /* the kernel dropped records: what was shown is not all */

enum trace_show { SHOW_LEAKED = 1, SHOW_KEPT = 2, SHOW_WOULD = 4, SHOW_CLEAN = 8 };

struct trace_opts {
	struct fdf_settings settings;
	unsigned show;			 /* enum trace_show */
	pid_t pid;			 /* --pid; 0: not given */
	char **cmd;			 /* CMD; NULL: none */
	long uid;			 /* --uid; -1: any */
	const char *cgroup, *exe, *into; /* globs */
	unsigned types;			 /* bits of enum fdf_type; 0: all */
	bool json, summary, snapshot, kill, acts, verbose, quiet, no_argv;
	int acts_given; /* --acts: -1 auto, 0 no, 1 yes */
	const char *columns, *output;
	unsigned long long rotate; /* bytes; 0: never */
	unsigned keep_files;
	unsigned ring_mib, max_fds;
	double duration; /* seconds; 0: until a signal or the end of CMD */
};

/* Returns 0; 1 if --help or the like was answered; -1 after a message. */
int trace_options(struct trace_opts *o, int argc, char **argv);

/* ---- trace_bpf.c ---- */
struct trace_bpf;
struct trace_bpf *trace_bpf_open(const struct trace_opts *o); /* NULL after a message */
void trace_bpf_close(struct trace_bpf *b);
int trace_bpf_attach(struct trace_bpf *b); /* 0, or -1 after a message */
void trace_bpf_detach(struct trace_bpf *b);
int trace_bpf_ring(const struct trace_bpf *b);
bool trace_bpf_prepares(const struct trace_bpf *b); /* the kernel has sched_prepare_exec */
struct fdt_counts trace_bpf_counts(const struct trace_bpf *b);
unsigned long long trace_bpf_missed(const struct trace_bpf *b); /* program runs that were skipped */
/* Say which image a process runs; in_tree: follow it and what it starts. */
int trace_bpf_image(struct trace_bpf *b, pid_t pid, uint64_t id, bool in_tree);
/* Whatever open file this number is in image id, it was given to it. */
int trace_bpf_given(struct trace_bpf *b, uint64_t id, int fd);
/* All groups of --summary; the caller frees *to. */
size_t trace_bpf_groups(struct trace_bpf *b, struct fdt_group **to);
/* A descriptor to read the records of --snapshot from; -1 after a message. */
int trace_bpf_snapshot(struct trace_bpf *b);
/* What was needed for loading only is given up. */
int trace_bpf_drop_caps(void);

/* ---- trace_probe.c ---- */
/* The offsets in cfg; whether there are sched_prepare_exec and bpf_loop. */
void trace_probe(struct fdt_config *cfg, bool *prepares, bool *loops);

/* ---- trace_why.c ---- */
void trace_why_listen(void); /* keep what libbpf says */
/* Say why bpf(2) failed with this errno; verbose: and what libbpf said. */
void trace_why(int err, bool verbose);

/* ---- trace_queue.c: ring to chunks of records, in a thread of its own ---- */
struct trace_queue;
struct trace_chunk {
	struct trace_chunk *next;
	size_t len; /* bytes used: 8 bytes of length, then the record, padded to 8 */
	unsigned char data[256 << 10];
};
struct trace_queue *trace_queue_start(int ring_fd); /* NULL after a message */
/* The next chunk (the caller frees it); NULL when none came within the milliseconds. */
struct trace_chunk *trace_queue_take(struct trace_queue *q, int wait_ms);
/* Empty the ring once more and end the thread; chunks may still be taken after. */
void trace_queue_stop(struct trace_queue *q);
void trace_queue_free(struct trace_queue *q);

/* ---- trace_images.c: which file an image was, for kernels that do not tell ---- */
#define TRACE_SEED (1ull << 63) /* ids of images from before the tracer */
void trace_images_put(uint64_t id, const char *exe);
const char *trace_images_get(uint64_t id); /* "" if not known */
/* Tell the kernel about the processes that are there: all, or root and what it started. */
int trace_images_seed(struct trace_bpf *b, pid_t root);

/* ---- trace_judge.c ---- */
struct trace_judged {
	struct trace_exec *x;
	struct fdf_exec exec;
	struct fdf_intent intent;
	struct fdf_decision *v; /* one for each x->fds */
	unsigned leaked, kept, would;
	unsigned long lost;  /* descriptors that are not in x->fds */
	const char *inexact; /* NULL, or why this is not the whole truth */
	char *exe, *into;
	char **argv, **envp;
	const char *cgroup;
	char container[65]; /* "" if none is recognisable */
};
/* Takes over x.  Strings in *j live until trace_judged_free(). */
void trace_judge(struct trace_judged *j, struct trace_exec *x, const struct trace_opts *o,
		 bool prepares, const char *cgroup);
void trace_judged_free(struct trace_judged *j);
enum trace_show trace_kind(const struct trace_judged *j, size_t i); /* of descriptor i */
bool trace_wants(const struct trace_opts *o, const struct trace_judged *j, size_t i);
/* A recognisable container id in a cgroup path; "" if there is none. */
void trace_container(char to[65], const char *cgroup);

/* ---- trace_out.c ---- */
int trace_out_open(const struct trace_opts *o); /* 0, or -1 after a message */
void trace_out_reopen(void);
FILE *trace_out_file(void); /* where to write now */
/* Call after each exec: flushes, rotates.  -1 after a message: the output is gone. */
int trace_out_done(void);
void trace_out_json(const struct trace_judged *j, const struct trace_opts *o);
void trace_out_close(void);

/* ---- trace_text.c ---- */
int trace_text_open(const struct trace_opts *o); /* columns; 0, or -1 after a message */
void trace_text(const struct trace_judged *j, const struct trace_opts *o);
void trace_text_help(FILE *out);
void trace_text_close(void);
/* s with everything that is not plain text as \xHH.  The caller frees. */
char *trace_plain(struct fdf_str s);

/* One cell as plain text; the caller frees. */
enum trace_cell { CELL_FROM, CELL_INTO, CELL_VERDICT, CELL_TYPE, CELL_TARGET };
char *trace_text_cell(const struct trace_judged *j, size_t i, enum trace_cell c);

/* ---- trace_sum.c: --summary ---- */
void trace_sum_note(const struct trace_judged *j, const struct trace_opts *o);
void trace_sum_print(struct trace_bpf *b);

/* ---- trace_snap.c: --snapshot; returns the exit status ---- */
int trace_snapshot(struct trace_bpf *b, const struct trace_opts *o);

/* ---- trace_cmd.c: CMD of `trace -- CMD` ---- */
/* A child that waits; *go: write a byte (or close) to let it exec.  -1 after a message. */
pid_t trace_cmd_start(char **cmd, int *go);

#endif
