/*
 * event.h: what the kernel side of the tracer and the command hand to each
 * other, in the ring and in maps.  The only ABI between the two: fixed-width
 * types, no pointers that anybody follows, no padding that is not named, sizes
 * and offsets held by static assertions, in both compilers.
 *
 * One exec is a run of records that carry the same id:
 *
 *	PREP, FD (would) ..., PREP_END      at sched_prepare_exec (Linux 6.10):
 *	                                    the old image, all descriptors open
 *	BEGIN, CWD, NAME, ARGS ..., ENV ..., FD ..., END
 *	                                    at sched_process_exec: the new image
 *
 * PREP comes only if something may cross or was sealed, or with config.all.  CWD and NAME come only
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
#define FDT_CALLED    64   /* bytes kept of the arguments of a program that is many in one */
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
#define FDT_CUT	    1u /* text lost its beginning (a path) or its end (all other text) */
#define FDT_DELETED 2u /* the file has no name any more */
#define FDT_PSEUDO  4u /* text is the bare name of a file that never had a path */
#define FDT_SHUT    8u /* a directory above the file lets others not through */
/* Of an FD record with a path: how the new image would get there, from its root, as its user. */
#define FDT_ROOTED  16u	 /* the way leads to its root */
#define FDT_OUTSIDE 32u	 /* it leads elsewhere */
#define FDT_BARRED  64u	 /* a directory on it may not be passed */
#define FDT_DOUBT   128u /* ... may be passed by some; or nobody looked */
/* Of ARGS and ENV. */
#define FDT_FAULT 256u /* text could not be read to its end */

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
	uint64_t exe_ino;
	uint32_t exe_dev; /* kernel form: major << 20 | minor */
	uint32_t caps;	  /* effective, those that open files; FDT_USER_NS */
	uint8_t comm[FDT_COMM];
};

/* fdt_who.caps (include/uapi/linux/capability.h) */
#define FDT_DAC_OVERRIDE    (1u << 1)
#define FDT_DAC_READ_SEARCH (1u << 2)
#define FDT_USER_NS	    (1u << 31) /* of a user namespace that is not the first */

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
	uint64_t image;	      /* as in PREP */
	uint64_t cgroup;
	uint32_t tgid, tid, ppid, ns_pid; /* tid: of the caller, before it became the leader */
	uint32_t mnt_ns, pid_ns;
	uint32_t args_len, env_len; /* bytes that the new image has */
	uint16_t child;		    /* forked from the process that started the old image */
	uint16_t unsure;	    /* enum fdt_unsure */
	uint32_t opened;	    /* the number that the kernel itself opened for an interpreter
			    (binfmt_misc, flag O); 0: none */
	struct fdt_who who;
	char called[FDT_CALLED]; /* as in fdt_image, of the old image */
};

/* fdt_fd.sign */
#define FDT_WOULD  1u  /* sealed by close_range before this exec: it did not cross */
#define FDT_GIVEN  2u  /* the same open file on the same number was given to the old image */
#define FDT_ACT	   4u  /* close-on-exec was cleared by a call */
#define FDT_PLACED 8u  /* dup2 by the child between fork and exec */
#define FDT_PAIR   16u /* one end of a pair that was made for this very child */

/* fdt_begin.unsure: what of the calls before this exec is not known in full */
enum fdt_unsure {
	FDT_UNSURE_ACTS = 1,  /* what was meant */
	FDT_UNSURE_PAIRS = 2, /* which ends belong together */
};

/* fdt_fd.facts.  Four bits for each of 0, 1 and 2: is it the same file, and how is it open? */
#define FDT_STD_SHIFT(n) (4 * (n))
#define FDT_STD_ACCESS	 3u /* O_ACCMODE */
#define FDT_STD_PATH	 4u /* O_PATH */
#define FDT_STD_SAME	 8u
#define FDT_OWN_TTY	 (1u << 12) /* it is the terminal that controls it */
#define FDT_LOCKED	 (1u << 13) /* a lock is held through it */
#define FDT_UNLOCKED	 (1u << 14) /* none is.  Neither of both: too many to look at each */
#define FDT_NO_SEALS	 0xffffu

struct fdt_fd {
	struct fdt_head head; /* text: path, or struct fdt_sock for a socket */
	uint32_t fd, sign;
	uint32_t status; /* f_flags */
	uint32_t mode;	 /* i_mode */
	uint32_t dev;	 /* kernel form */
	uint32_t magic;	 /* s_magic */
	uint64_t ino;
	uint64_t group;	   /* of the summary; 0: none */
	uint32_t rdev;	   /* of a device, kernel form */
	uint32_t uid, gid; /* who owns the file */
	uint16_t facts;	   /* FDT_STD_SAME ... FDT_UNLOCKED */
	uint16_t seals;	   /* F_SEAL_*; FDT_NO_SEALS: it lies not in memory */
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
	uint64_t execs;	    /* seen */
	uint64_t lost;	    /* records other than FD, ARGS and ENV that did not fit */
	uint64_t dropped;   /* descriptors that did not fit */
	uint64_t untracked; /* processes beyond the table of images */
	uint64_t ungrouped; /* descriptors beyond the table of groups */
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
	uint32_t port_low,
		port_high; /* ports that the kernel chooses: no difference for the summary */
};

/* fdt_fd.magic, of the file systems that name their files (include/uapi/linux/magic.h) */
enum fdt_magic {
	FDT_ANONFS = 0x09041934,
	FDT_DMABUFFS = 0x444d4142,
	FDT_NSFS = 0x6e736673,
	FDT_PIDFS = 0x50494446,
	FDT_PIPEFS = 0x50495045,
	FDT_PROCFS = 0x9fa0,
	FDT_SOCKFS = 0x534f434b,
	FDT_TMPFS = 0x01021994,
	FDT_HUGETLBFS = 0x958458f6,
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
/* One byte, any bytes; the same without '/'. */
enum { FDT_ANY_ONE = 256, FDT_ANY, FDT_NAME_ONE, FDT_NAME_ANY, FDT_GLOB_END };
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
	uint16_t in_tree; /* follow it and what it starts */
	uint16_t unsure;  /* enum fdt_unsure, when it last tried to exec */
	uint32_t tgid; /* of the process that did that exec: a forked child runs its image, too */
	char called
		[FDT_CALLED]; /* the begin of its arguments where its file is many programs in one
				  (busybox): they tell which; else empty.  Ends in a NUL */
};

/* Which open file a number was given as, to the image that this exec started. */
struct fdt_given_key {
	uint64_t image; /* id of that exec */
	uint32_t fd, unused;
};
struct fdt_given {
	uint64_t file; /* address of the open file; 0: whichever it is */
	uint64_t ino;
};

/* ---- what both sides count on ---- */

#define FDT_SIZE(type, bytes) _Static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define FDT_AT(type, member, byte) \
	_Static_assert(__builtin_offsetof(struct type, member) == (byte), #type "." #member)

/* No two share a bit: only then is the sum what they are together. */
_Static_assert((FDT_CUT | FDT_DELETED | FDT_PSEUDO | FDT_SHUT | FDT_ROOTED | FDT_OUTSIDE |
		FDT_BARRED | FDT_DOUBT | FDT_FAULT) == FDT_CUT + FDT_DELETED + FDT_PSEUDO +
							       FDT_SHUT + FDT_ROOTED + FDT_OUTSIDE +
							       FDT_BARRED + FDT_DOUBT + FDT_FAULT,
	       "fdt_head.flags");
_Static_assert(FDT_FAULT <= (uint16_t)-1, "fdt_head.flags are 16 bits");
_Static_assert((FDT_WOULD | FDT_GIVEN | FDT_ACT | FDT_PLACED | FDT_PAIR) ==
		       FDT_WOULD + FDT_GIVEN + FDT_ACT + FDT_PLACED + FDT_PAIR,
	       "fdt_fd.sign");

FDT_SIZE(fdt_head, 24);
FDT_AT(fdt_head, kind, 4);
FDT_AT(fdt_head, flags, 6);
FDT_AT(fdt_head, id, 8);
FDT_AT(fdt_head, text_len, 16);
FDT_AT(fdt_head, index, 20);

FDT_SIZE(fdt_who, 40);
FDT_AT(fdt_who, gid, 4);
FDT_AT(fdt_who, exe_ino, 8);
FDT_AT(fdt_who, exe_dev, 16);
FDT_AT(fdt_who, caps, 20);
FDT_AT(fdt_who, comm, 24);

FDT_SIZE(fdt_prep, 96);
FDT_AT(fdt_prep, tgid, 24);
FDT_AT(fdt_prep, tid, 28);
FDT_AT(fdt_prep, image, 32);
FDT_AT(fdt_prep, who, 40);
FDT_AT(fdt_prep, found, 80);
FDT_AT(fdt_prep, emitted, 84);
FDT_AT(fdt_prep, dropped, 88);
FDT_AT(fdt_prep, unseen, 92);

FDT_SIZE(fdt_begin, 192);
FDT_AT(fdt_begin, time_ns, 24);
FDT_AT(fdt_begin, image, 32);
FDT_AT(fdt_begin, cgroup, 40);
FDT_AT(fdt_begin, tgid, 48);
FDT_AT(fdt_begin, tid, 52);
FDT_AT(fdt_begin, ppid, 56);
FDT_AT(fdt_begin, ns_pid, 60);
FDT_AT(fdt_begin, mnt_ns, 64);
FDT_AT(fdt_begin, pid_ns, 68);
FDT_AT(fdt_begin, args_len, 72);
FDT_AT(fdt_begin, env_len, 76);
FDT_AT(fdt_begin, child, 80);
FDT_AT(fdt_begin, opened, 84);
FDT_AT(fdt_begin, unsure, 82);
FDT_AT(fdt_begin, who, 88);
FDT_AT(fdt_begin, called, 128);

FDT_SIZE(fdt_fd, 80);
FDT_AT(fdt_fd, fd, 24);
FDT_AT(fdt_fd, sign, 28);
FDT_AT(fdt_fd, status, 32);
FDT_AT(fdt_fd, mode, 36);
FDT_AT(fdt_fd, dev, 40);
FDT_AT(fdt_fd, magic, 44);
FDT_AT(fdt_fd, ino, 48);
FDT_AT(fdt_fd, group, 56);
FDT_AT(fdt_fd, rdev, 64);
FDT_AT(fdt_fd, uid, 68);
FDT_AT(fdt_fd, gid, 72);
FDT_AT(fdt_fd, facts, 76);
FDT_AT(fdt_fd, seals, 78);

FDT_SIZE(fdt_sock, 252);
FDT_AT(fdt_sock, type, 4);
FDT_AT(fdt_sock, protocol, 8);
FDT_AT(fdt_sock, state, 12);
FDT_AT(fdt_sock, connected, 16);
FDT_AT(fdt_sock, local_len, 20);
FDT_AT(fdt_sock, peer_len, 24);
FDT_AT(fdt_sock, local, 28);
FDT_AT(fdt_sock, peer, 140);

FDT_SIZE(fdt_end, 48);
FDT_AT(fdt_end, found, 24);
FDT_AT(fdt_end, emitted, 28);
FDT_AT(fdt_end, dropped, 32);
FDT_AT(fdt_end, capped, 36);
FDT_AT(fdt_end, text_dropped, 40);
FDT_AT(fdt_end, killed, 44);

FDT_SIZE(fdt_counts, 40);
FDT_AT(fdt_counts, lost, 8);
FDT_AT(fdt_counts, dropped, 16);
FDT_AT(fdt_counts, untracked, 24);
FDT_AT(fdt_counts, ungrouped, 32);

FDT_SIZE(fdt_config, 64);
FDT_AT(fdt_config, port_high, 60);

FDT_SIZE(fdt_group, 16);
FDT_AT(fdt_group, count, 8);

FDT_SIZE(fdt_glob, 136);
FDT_AT(fdt_glob, base, 128);
FDT_AT(fdt_glob, set, 132);

FDT_SIZE(fdt_rule, 484);
FDT_AT(fdt_rule, types, 4);
FDT_AT(fdt_rule, nranges, 8);
FDT_AT(fdt_rule, range, 12);
FDT_AT(fdt_rule, exe, 76);
FDT_AT(fdt_rule, into, 212);
FDT_AT(fdt_rule, path, 348);

FDT_SIZE(fdt_image, 80);
FDT_AT(fdt_image, in_tree, 8);
FDT_AT(fdt_image, unsure, 10);
FDT_AT(fdt_image, tgid, 12);
FDT_AT(fdt_image, called, 16);

FDT_SIZE(fdt_given_key, 16);
FDT_AT(fdt_given_key, fd, 8);

FDT_SIZE(fdt_given, 16);
FDT_AT(fdt_given, ino, 8);

#endif
