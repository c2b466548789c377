/*
 * event.h: what the kernel side of the tracer hands to the command.  The only
 * ABI between the two: fixed-width types, no pointers that anybody follows, no
 * padding that is not named, sizes and offsets held by static assertions.
 *
 * One exec is a run of records that carry the same id:
 *
 *	PREP, FD (would) ..., PREP_END      at sched_prepare_exec (Linux 6.10):
 *	                                    the old image, all descriptors open
 *	BEGIN, CWD, NAME, ARGS ..., ENV ..., FD ..., END
 *	                                    at sched_process_exec: the new image
 *
 * PREP comes only if something may cross or was sealed.  CWD and NAME come only
 * where the file that was asked for is not the file that runs (a script).
 * BEGIN and END always fit (the last eighth of the ring is theirs), and each
 * END says what was found, handed on and dropped.
 *
 * It includes nothing of ours and is read by the BPF compiler and by the host's.
 */
#ifndef FDT_EVENT_H
#define FDT_EVENT_H

#ifdef __bpf__
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef int int32_t;
#else
#include <stdint.h>
#endif

#define FDT_PATH_MAX  4096 /* bytes of a path; of a longer one the tail is kept */
#define FDT_TEXT_MAX  4096 /* bytes of arguments or environment in one record */
#define FDT_ARGS_MAX  (16 * FDT_TEXT_MAX)
#define FDT_ENV_MAX   (32 * FDT_TEXT_MAX)
#define FDT_COMM      16
#define FDT_ADDR      112  /* bytes kept of a struct sockaddr */
#define FDT_STAGE_FDS 8192 /* descriptors below this can be told as sealed */

enum fdt_kind {
	FDT_PREP = 1,
	FDT_PREP_END,
	FDT_BEGIN,
	FDT_CWD,  /* working directory, if the name is relative */
	FDT_NAME, /* the name that exec was called with, if a script */
	FDT_ARGS,
	FDT_ENV,
	FDT_FD,
	FDT_END,
	FDT_CGROUP, /* id: the cgroup's; text: its path; once for each */
	FDT_KINDS
};

/* fdt_head.flags */
#define FDT_CUT	     1u	 /* text lost its beginning (a path) or its end (all other text) */
#define FDT_DELETED  2u	 /* the file has no name any more */
#define FDT_PSEUDO   4u	 /* text is the bare name of a file that never had a path */
#define FDT_DETACHED 8u	 /* the walk ended above no root: lazily unmounted, or outside the root */
#define FDT_FAULT    16u /* text could not be read to its end */

struct fdt_head {
	uint32_t size; /* bytes of the whole record, this head included */
	uint16_t kind; /* enum fdt_kind */
	uint16_t flags;
	uint64_t id;	   /* of this exec; unique while the tracer runs */
	uint32_t text_len; /* bytes behind the fixed part */
	uint32_t index;	   /* ARGS, ENV: number of this piece, from 0 */
};

struct fdt_who {
	uint32_t uid, gid; /* effective */
	uint32_t ruid, rgid;
	uint64_t exe_ino;
	uint32_t exe_dev; /* kernel form: major << 20 | minor */
	uint32_t unused;
	uint8_t comm[FDT_COMM];
};

struct fdt_prep {	      /* and PREP_END, without text */
	struct fdt_head head; /* text: path of the old image */
	uint32_t tgid, tid;   /* tid: the thread that called exec */
	uint64_t image;	      /* id of the exec that started the old image; 0: before the tracer */
	struct fdt_who who;
	uint32_t found, emitted, dropped, unseen; /* PREP_END: sealed descriptors */
};

struct fdt_begin {
	struct fdt_head head; /* text: path of the new image */
	uint64_t time_ns;     /* CLOCK_MONOTONIC */
	uint64_t start_boottime_ns;
	uint64_t image; /* as in PREP */
	uint64_t cgroup;
	uint32_t tgid, tid, ppid, ns_pid; /* tid: of the caller, before it became the leader */
	uint32_t mnt_ns, pid_ns;
	uint32_t args_len, env_len; /* bytes that the new image has */
	uint32_t in_tree;
	uint32_t unused;
	struct fdt_who who;
};

/* fdt_fd.sign */
#define FDT_WOULD	 1u  /* sealed by close_range before this exec: it did not cross */
#define FDT_GIVEN	 2u  /* the same open file on the same number was given to the old image */
#define FDT_CLOEXEC	 4u  /* as the table had it when it was looked at */
#define FDT_STAGED_CLOSE 8u  /* sealed by a close_range that closes, in a table of its own */
#define FDT_ACT		 16u /* close-on-exec was cleared by a call */
#define FDT_PLACED	 32u /* dup2 by the child between fork and exec */

struct fdt_fd {
	struct fdt_head head; /* text: path, or struct fdt_sock for a socket */
	uint32_t fd, sign;
	uint32_t status; /* f_flags */
	uint32_t fmode;	 /* f_mode */
	uint32_t mode;	 /* i_mode */
	uint32_t dev;	 /* kernel form */
	uint32_t rdev;
	uint32_t magic; /* s_magic */
	uint64_t ino;
	uint64_t group; /* of the summary; 0: none */
};

struct fdt_sock {
	uint32_t family, type, protocol;
	uint32_t state; /* of all families as of TCP: TCP_LISTEN of netinet/tcp.h */
	uint32_t connected;
	uint32_t local_len, peer_len; /* <= FDT_ADDR */
	uint8_t local[FDT_ADDR], peer[FDT_ADDR];
};

struct fdt_end {
	struct fdt_head head;
	uint32_t found, emitted, dropped; /* descriptors; found = emitted + dropped + capped */
	uint32_t capped;		  /* beyond config.max_fds */
	uint32_t text_dropped;		  /* pieces of arguments and environment */
	uint32_t killed;		  /* a rule said deny, and --kill stopped it */
};

/* Counted, never reset; read by the command at its end. */
struct fdt_counts {
	uint64_t execs;	       /* seen */
	uint64_t told;	       /* execs handed on */
	uint64_t lost;	       /* records other than FD, ARGS and ENV that did not fit */
	uint64_t fds, dropped; /* descriptors emitted, dropped */
	uint64_t untracked;    /* processes beyond the table of images */
	uint64_t ungrouped;    /* descriptors beyond the table of groups */
	uint64_t killed;
};

/* Read-only for the programs; the command fills it in before loading. */
struct fdt_config {
	uint32_t all;  /* also execs that nothing crosses */
	uint32_t tree; /* only processes marked in the table of images */
	uint32_t has_prepare;
	uint32_t max_fds; /* descriptors an exec */
	uint32_t ring_bytes;
	uint32_t wake_bytes;
	uint32_t summary; /* hand on only what no group of the summary holds yet */
	uint32_t kill;	  /* number of rules for --kill */
	uint32_t acts;	  /* sys_enter is attached and also sees FDT_ACT and FDT_PLACED */
	/* Fields of structs that live in modules; 0: not there. */
	uint32_t packet_num, packet_ifindex, vsock_local, vsock_remote;
	uint32_t would; /* sys_enter is attached and stages what close_range seals */
};

/* fdt_fd.magic, of the file systems that name their files (include/uapi/linux/magic.h) */
enum fdt_magic {
	FDT_ANONFS = 0x09041934,
	FDT_DMABUFFS = 0x444d4142,
	FDT_NSFS = 0x6e736673,
	FDT_PIDFS = 0x50494446,
	FDT_PIPEFS = 0x50495045,
	FDT_SOCKFS = 0x534f434b,
};

/* One line of --summary: how often, and the id by which its first descriptor was told. */
struct fdt_group {
	uint64_t id, count;
};

/* Types as a rule of --kill has them, bits 1 << n; numbered as enum fdf_type (tools/kernel/kill.c). */
enum fdt_type {
	FDT_TYPE_FILE = 1,
	FDT_TYPE_DIR,
	FDT_TYPE_CHR,
	FDT_TYPE_BLK,
	FDT_TYPE_LINK,
	FDT_TYPE_PIPE,
	FDT_TYPE_FIFO,
	FDT_TYPE_SOCKET,
	FDT_TYPE_LISTENER,
	FDT_TYPE_MEMFD,
	FDT_TYPE_ANON,
};
#define FDT_RULES	16
#define FDT_RULE_RANGES 8
#define FDT_GLOB	64 /* tokens */
enum { FDT_ANY_ONE = 256, FDT_ANY, FDT_GLOB_END };
enum { FDT_RULE_PASS = 1, FDT_RULE_DENY };

struct fdt_glob {
	uint16_t token[FDT_GLOB]; /* a byte, or one of the above */
	uint32_t base;		  /* against the name behind the last slash; token[0] is skipped */
	uint32_t set;		  /* 0: no such condition */
};

struct fdt_rule {
	uint32_t verdict;
	uint32_t types; /* 0: any */
	uint32_t nranges;
	uint32_t range[FDT_RULE_RANGES][2];
	struct fdt_glob exe, into, path;
};

/* One process in the table of images. */
struct fdt_image {
	uint64_t id;	  /* of the exec that started its image */
	uint32_t in_tree; /* follow it and what it starts */
	uint32_t unused;
};

#ifdef __cplusplus
#define FDT_ASSERT(c) static_assert(c, #c)
#else
#define FDT_ASSERT(c) _Static_assert(c, #c)
#endif
FDT_ASSERT(sizeof(struct fdt_head) == 24);
FDT_ASSERT(sizeof(struct fdt_who) == 48);
FDT_ASSERT(sizeof(struct fdt_prep) == 24 + 16 + 48 + 16);
FDT_ASSERT(sizeof(struct fdt_begin) == 24 + 32 + 40 + 48);
FDT_ASSERT(sizeof(struct fdt_fd) == 24 + 48);
FDT_ASSERT(sizeof(struct fdt_sock) == 28 + 2 * FDT_ADDR);
FDT_ASSERT(sizeof(struct fdt_end) == 24 + 24);
FDT_ASSERT(sizeof(struct fdt_image) == 16);
FDT_ASSERT(sizeof(struct fdt_config) == 56);
FDT_ASSERT(sizeof(struct fdt_glob) == 2 * FDT_GLOB + 8);
FDT_ASSERT(sizeof(struct fdt_rule) == 12 + 64 + 3 * sizeof(struct fdt_glob));

#endif
