/* allowed.c: see allowed.h.  Runs in vfork children and signal handlers. */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preload/core/facts.h"
#include "preload/raw/sys.h"
#include "preload/start/allowed.h"
#include "preload/start/exec.h"

/* fcntl(2); libc's headers have them for programs with all of GNU's extensions alone */
#define SET_SIG	  10   /* F_SETSIG */
#define GET_SIG	  11   /* F_GETSIG */
#define SET_LEASE 1024 /* F_SETLEASE */
#define GET_LEASE 1025 /* F_GETLEASE */

enum { NOT_ASKED, FILE_FIRST, ARGUMENTS_FIRST };

/* Of a version that opens the file first?  Of some of the others distributions have changed that. */
static bool is_file_first(void)
{
	char name[6][65]; /* uname(2): system, node, release, version, machine, domain */
	const char *p = name[2];
	unsigned major, minor;

	if (SYS1(__NR_uname, name) < 0)
		return false;
	major = fdf_take_number(&p);
	p += *p == '.';
	minor = fdf_take_number(&p);
	return major > 6 || (major == 6 && minor > 7);
}

bool fdf_arguments_first(struct fdf_fence *f)
{
	int order = fdf_on_valgrind() ? ARGUMENTS_FIRST /* it reports an address that is none */
				      : __atomic_load_n(&f->exec_order, __ATOMIC_RELAXED);

	if (order == NOT_ASKED && is_file_first()) {
		order = FILE_FIRST;
		__atomic_store_n(&f->exec_order, order, __ATOMIC_RELAXED);
	}
	if (order == NOT_ASKED) {
		long r = sys6(__NR_execve, (long)"/", (long)FDF_NO_ADDRESS, 0, 0, 0, fdf_cookie());

		/* what a filter says is no kernel's order */
		order = r == -EFAULT ? ARGUMENTS_FIRST : r == -EACCES ? FILE_FIRST : NOT_ASKED;
		if (order != NOT_ASKED)
			__atomic_store_n(&f->exec_order, order, __ATOMIC_RELAXED);
	}
	return order == ARGUMENTS_FIRST;
}

/* faccessat asks for the real user; where a filter or valgrind does not know the other, and the two
 * differ, nothing is known. */
static int may_run(int dirfd, const char *path, int how)
{
	int r = fdf_on_valgrind() ? -ENOSYS
				  : (int)SYS4(__NR_faccessat2, dirfd, path, X_OK, how | AT_EACCESS);

	if (r != -ENOSYS && r != -EPERM)
		return r;
	if (!path[0] || SYS1(FDF_NR_GETUID, 0) != SYS1(FDF_NR_GETEUID, 0) ||
	    SYS1(FDF_NR_GETGID, 0) != SYS1(FDF_NR_GETEGID, 0))
		return 0;
	return (int)SYS3(__NR_faccessat, dirfd, path, X_OK);
}

int fdf_way_refused(int dirfd, const char *path, int flags)
{
	int how = flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
	struct fdf_stat st;
	int r;

	if (how != flags)
		return -EINVAL;
	r = may_run(dirfd, path, how);
	if (r < 0)
		return r;
	if (sys_stat(dirfd, path, how, &st) < 0 || S_ISREG(st.mode))
		return -EFAULT;
	return S_ISLNK(st.mode) ? -ELOOP : -EACCES;
}

/*
 * A lease for reading is refused where somebody writes.  Whoever opens the file for writing in the
 * microsecond that it is held waits for that long, as the exec itself would make it fail, and the holder
 * is told: by a signal that does nothing where it is not caught, for SIGIO would end it.  What is open
 * may be the host's, too (fdf_program_open()): its own signal comes back.
 */
int fdf_written_to(int fd)
{
	int signal = sys_fcntl(fd, GET_SIG, 0), r;

	if (signal < 0 || sys_fcntl(fd, GET_LEASE, 0) != F_UNLCK ||
	    sys_fcntl(fd, SET_SIG, SIGURG) < 0)
		return -EFAULT;
	r = sys_fcntl(fd, SET_LEASE, F_RDLCK);
	if (r == 0)
		sys_fcntl(fd, SET_LEASE, F_UNLCK);
	sys_fcntl(fd, SET_SIG, signal);
	return r == -EAGAIN ? -ETXTBSY : -EFAULT;
}
