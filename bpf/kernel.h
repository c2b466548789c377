/*
 * kernel.h: the members of kernel structures that the tracer reads, and no
 * others.  Each access is relocated at load against the running kernel's BTF
 * (CO-RE), so order and size here mean nothing and the build host needs no BTF.
 *
 * Names are those of Linux 5.8 to 6.18.  Where one changed, both are here (the
 * part behind ___ is ignored by libbpf).
 */
#ifndef FDT_KERNEL_H
#define FDT_KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

/* What bpf_helper_defs.h asks for. */
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef long long __s64;
typedef u8 __u8;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2, BPF_RB_AVAIL_DATA = 0 };
/* Only to ask whether the running kernel has it (Linux 5.17). */
enum bpf_func_id___fdt { BPF_FUNC_loop___fdt = 181 };

/* linux/stat.h, linux/fcntl.h, net/tcp_states.h, linux/signal.h */
enum {
	S_IFMT = 0170000,
	S_IFSOCK = 0140000,
	S_IFLNK = 0120000,
	S_IFREG = 0100000,
	S_IFBLK = 0060000,
	S_IFDIR = 0040000,
	S_IFCHR = 0020000,
	S_IFIFO = 0010000,
	O_ACCMODE = 03,
	O_PATH = 010000000,
};
enum { TCP_ESTABLISHED = 1, TCP_LISTEN = 10 };
enum { SIGKILL = 9 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	u32 val;
} kuid_t;
typedef struct {
	u32 val;
} kgid_t;
typedef struct {
	int counter;
} atomic_t;

typedef struct {
	u32 low; /* of 64 bits, whatever the kernel calls them */
} kernel_cap_t;
struct user_namespace {
	int level;
};
struct cred {
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t cap_effective;
	struct user_namespace *user_ns;
};
struct list_head {
	struct list_head *next;
};
struct file_lock_context {
	struct list_head flc_flock, flc_posix, flc_lease;
};
struct file_lock_core { /* Linux 6.9 */
	struct list_head flc_list;
	void *flc_owner;
	struct file *flc_file;
};
struct file_lock___68 {
	struct list_head fl_list;
	void *fl_owner;
	struct file *fl_file;
};

struct qstr {
	u32 len;
	const unsigned char *name;
};
struct hlist_bl_node {
	void **pprev;
};
struct super_block {
	u32 s_dev;
	unsigned long s_magic;
};
struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	u32 i_rdev;
	struct file_lock_context *i_flctx;
	struct super_block *i_sb;
	unsigned long i_ino;
	void *i_private;
};
struct shmem_inode_info {
	unsigned seals;
	struct inode vfs_inode;
};
struct hugetlbfs_inode_info {
	unsigned seals;
	struct inode vfs_inode;
};
struct tty_file_private { /* what a terminal's file has as its private_data */
	struct tty_struct *tty;
};
struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};
struct vfsmount {
	struct dentry *mnt_root;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct file {
	void *private_data;
	struct inode *f_inode;
	u32 f_flags;
	struct path f_path;
};
struct fdtable {
	u32 max_fds;
	struct file **fd;
	unsigned long *close_on_exec;
	unsigned long *open_fds;
};
struct files_struct {
	struct fdtable *fdt;
};
struct fs_struct {
	struct path root, pwd;
};
struct mm_struct {
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
};
struct proc_ns_operations {
	const char *name;
};
struct ns_common {
	const struct proc_ns_operations *ops;
	u32 inum;
};
struct mnt_namespace {
	struct ns_common ns;
};
struct pid_namespace {
	struct ns_common ns;
};
struct nsproxy {
	struct mnt_namespace *mnt_ns;
};
struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct pid {
	u32 level;
	struct upid numbers[1];
};
struct kernfs_node {
	const char *name;
	u64 id;
	struct kernfs_node *parent;
};
struct kernfs_node___615 { /* renamed in Linux 6.15 */
	struct kernfs_node *__parent;
};
struct cgroup {
	struct kernfs_node *kn;
};
struct css_set {
	struct cgroup *dfl_cgrp;
};
struct signal_struct {
	atomic_t live;
	struct tty_struct *tty;
};
struct task_struct {
	int pid, tgid;
	u64 start_boottime, parent_exec_id, self_exec_id;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	const struct cred *cred;
	struct pid *thread_pid;
	struct signal_struct *signal;
	struct css_set *cgroups;
	char comm[16];
};
struct linux_binprm {
	struct file *file;
	unsigned have_execfd : 1;
	int execfd; /* since Linux 5.8 */
	const char *filename, *interp;
};

struct in6_addr {
	u8 bytes[16];
};
struct sock_common {
	u32 skc_daddr, skc_rcv_saddr;
	u16 skc_dport, skc_num;
	u16 skc_family;
	volatile u8 skc_state;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock {
	struct sock_common __sk_common;
	u16 sk_type, sk_protocol;
};
struct socket {
	struct sock *sk;
};
struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};
struct unix_address {
	int len;
	struct sockaddr_un name[1];
};
struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};
struct netlink_sock {
	u32 portid, dst_portid, dst_group;
	unsigned long *groups;
	u32 ngroups;
};

/* x86-64: the registers of a system call; cs tells a 32-bit program. */
enum { USER32_CS = 0x23 };
struct pt_regs {
	unsigned long bx, cx, dx, si, di, cs;
};

/* arm64 */
struct user_pt_regs {
	u64 regs[3];
};

#pragma clang attribute pop

#endif
