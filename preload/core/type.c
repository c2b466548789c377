/*
 * type.c: see type.h.  Part of the pure core: no allocation, nothing writable of its own, no call
 * out; runs in hooks, vfork children and signal handlers.
 */
#include "preload/core/linux.h"
#include "preload/core/type.h"

static bool starts(struct fdf_str s, struct fdf_str with)
{
	return s.len >= with.len && fdf_str_eq((struct fdf_str){ s.s, with.len }, with);
}

bool fdf_type_in_memory(uint64_t fs_type, uint64_t blocks)
{
	return (fs_type == FDF_TMPFS_MAGIC || fs_type == FDF_HUGETLBFS_MAGIC) && !blocks;
}

enum fdf_type fdf_type_of(const struct fdf_fd *d, bool memory, struct fdf_str target)
{
	switch (d->mode & FDF_S_IFMT) {
	case FDF_S_IFREG:
		return memory && starts(target, fdf_str("/memfd:")) ? FDF_MEMFD : FDF_FILE;
	case FDF_S_IFDIR:
		return FDF_DIR;
	case FDF_S_IFCHR:
		return FDF_CHR;
	case FDF_S_IFBLK:
		return FDF_BLK;
	case FDF_S_IFLNK:
		return FDF_LINK;
	case FDF_S_IFIFO:
		/* Without a name to go by (no /proc) an anonymous one, as nearly all are. */
		return starts(target, fdf_str("/")) ? FDF_FIFO : FDF_PIPE;
	case FDF_S_IFSOCK:
		return d->sock && d->sock->listening ? FDF_LISTENER : FDF_SOCKET;
	default:
		return FDF_ANON;
	}
}

bool fdf_type_asks_name(const struct fdf_fd *d, bool memory)
{
	uint32_t kind = d->mode & FDF_S_IFMT;

	return kind == FDF_S_IFIFO || (kind == FDF_S_IFREG && memory);
}
