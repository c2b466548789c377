/* includes.h: what openssh's configure finds on Linux, as far as its closefrom() asks. */
#define HAVE_CLOSE_RANGE 1
#define HAVE_DIRENT_H	 1
#define HAVE_DIRFD	 1
#define HAVE_FCNTL_H	 1
#define HAVE_PROC_PID	 1
#define HAVE_SYSCONF	 1
