/* surroundings.c: makes the process what the shape says (host.h). */
#include "tests/helpers/surround.h"
#include "tests/torture/host.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <time.h>

pid_t child_made;

static int first_of(const int pair[2])
{
	close(pair[1]);
	return pair[0];
}

static int open_kind(const union shape *s, int kind)
{
	int pair[2] = { -1, -1 }, fd;

	if (s->kinds == kinds_file) {
		fd = open("script", O_RDONLY); /* not the one that may be locked */
		lseek(fd, kind, SEEK_SET);
		return fd;
	}
	if (s->kinds == kinds_sockets)
		kind = 2 + kind % 2;
	switch (kind % 9) {
	case 0:
		return open("script", O_RDONLY);
	case 1:
		return pipe(pair) ? -1 : first_of(pair);
	case 2:
		return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ? -1 : first_of(pair);
	case 3:
		return socket(AF_INET, SOCK_DGRAM, 0);
	case 4:
		return eventfd(0, 0);
	case 5:
		return (int)syscall(SYS_memfd_create, "torture", 0);
	case 6:
		return open(".", O_RDONLY | O_DIRECTORY);
	case 7:
		return open("script", O_PATH);
	default:
		return epoll_create1(0);
	}
}

/* F_DUPFD: dup2 in a forked child would be a sign. */
static void move_to(int fd, int number, int closes)
{
	int got;

	if (fd < 0)
		broken("open");
	got = fd == number ? fd : fcntl(fd, closes ? F_DUPFD_CLOEXEC : F_DUPFD, number);
	if (got != number)
		broken("a number is taken");
	if (fd != number)
		close(fd);
	else if (closes)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void mean_it(const union shape *s, int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0)
		broken("F_GETFD");
	if (s->means == means_ioctl)
		ioctl(fd, 0x5450 /* FIONCLEX */);
	else if (s->means == means_fcntl)
		fcntl(fd, F_SETFD, 0);
}

static void lock_file(const union shape *s, const char *file)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(s->lock == lock_self ? "target" : file,
		      s->lock == lock_self ? O_RDONLY : O_RDWR | O_CREAT, 0666);

	if (s->lock == lock_self)
		l.l_type = F_RDLCK;
	move_to(fd, LOCK_FD, 1);
	fcntl(LOCK_FD, F_SETFD, 0); /* meant */
	if (s->lock == lock_posixtwo)
		move_to(open(file, O_RDWR), LOCK_TWO, 0);
	if (s->lock == lock_flock ? flock(LOCK_FD, LOCK_EX)
				  : fcntl(LOCK_FD, s->lock == lock_ofd ? F_OFD_SETLK : F_SETLK, &l))
		broken("lock");
}

/* What is opened next is the program's 0. */
static void set_input(const union shape *s)
{
	int ends[2];

	if (s->input)
		close(0);
	if ((s->input == input_unix && socket(AF_UNIX, SOCK_STREAM, 0)) ||
	    (s->input == input_tcp && socket(AF_INET, SOCK_STREAM, 0)) ||
	    (s->input == input_pipe && (pipe(ends) || ends[0] || close(ends[1]))))
		broken("input");
}

void open_all(const union shape *s, const char *lock)
{
	static struct planned plan[PLAN_MAX];
	int n = shape_plan(s, plan), acts = s->means != means_action;
	struct rlimit r;

	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	move_to(open("/dev/null", O_WRONLY), SINK, 1);
	if (s->target == target_busy)
		move_to(open("busy", O_WRONLY), BUSY, 1);
	if (s->lock)
		lock_file(s, lock);
	for (int i = 0; i < n; i++) {
		enum meaning m = plan[i].meaning;

		move_to(open_kind(s, plan[i].kind), plan[i].fd,
			m == CLOSES || (m == MEANT && acts));
		if (m == MEANT && acts)
			mean_it(s, plan[i].fd);
	}
	set_input(s);
}

void set_signals(const union shape *s)
{
	sigset_t set;

	sigemptyset(&set);
	if (s->blocked == blocked_all)
		sigfillset(&set);
	if (s->blocked == blocked_some) {
		sigaddset(&set, SIGUSR1);
		sigaddset(&set, SIGUSR2);
		sigaddset(&set, 40);
		sigaddset(&set, 41);
	}
	sigprocmask(SIG_SETMASK, &set, NULL);
}

static void queue_to_thread(int sig, int value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = value;
	syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), sig, &info);
}

void send_pending(const union shape *s)
{
	if (s->pending == pending_process || s->pending == pending_both)
		kill(getpid(), SIGUSR1);
	if (s->pending == pending_thread || s->pending == pending_both)
		syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR2);
	for (int i = 1; i < 4 && (s->pending == pending_queued || s->pending == pending_both); i++)
		sigqueue(getpid(), 40, (union sigval){ .sival_int = i });
	if (s->pending == pending_worth || s->pending == pending_both) {
		queue_to_thread(41, 71);
		queue_to_thread(41, 72);
		queue_to_thread(SIGUSR2, 73);
	}
}

void set_attributes(const union shape *s)
{
	struct sched_param param = { 0 };
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (s->attr == attr_nice)
		setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 5);
	if (s->attr == attr_umask)
		umask(027);
	if (s->attr == attr_deathsig)
		prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (s->attr == attr_batch)
		syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &param);
	if (s->attr == attr_resetonfork)
		syscall(SYS_sched_setscheduler, 0, SCHED_BATCH | 0x40000000, &param);
	if (s->attr == attr_slack)
		prctl(PR_SET_TIMERSLACK, 77777);
	if (s->attr == attr_affinity)
		sched_setaffinity(0, sizeof(cpus), &cpus);
	if (s->attr == attr_name)
		prctl(PR_SET_NAME, "bash");
}

void set_timers(const union shape *s)
{
	struct itimerval t = { { 0, 0 }, { 1000, 0 } };
	struct itimerspec p = { { 0, 0 }, { 1000, 0 } };
	timer_t timer;

	if (s->timer == timer_alarm)
		alarm(1000);
	if (s->timer == timer_virtual)
		setitimer(ITIMER_VIRTUAL, &t, NULL);
	if (s->timer == timer_posix && !timer_create(CLOCK_MONOTONIC, NULL, &timer))
		timer_settime(timer, 0, &p, NULL);
}

/* Of the calling thread: a death signal comes from the end of that thread. */
void make_children(const union shape *s)
{
	volatile int *ready;
	siginfo_t info;
	sigset_t all;
	pid_t pid;

	if (!s->children)
		return;
	ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	pid = fork();
	if (!pid) {
		if (s->children == children_zombie)
			_exit(7);
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		prctl(PR_SET_PDEATHSIG, SIGUSR1);
		*ready = 1;
		for (;;)
			pause();
	}
	if (pid < 0)
		broken("fork");
	while (s->children == children_deathsig && !*ready)
		usleep(50);
	if (s->children == children_zombie)
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	child_made = pid;
}

void confine_process(const union shape *s)
{
	if (s->root == root_noproc)
		surround((char *[]){ "noproc", NULL });
	if (s->root == root_chroot && (chroot(".") || chdir("/")))
		broken("chroot");
	if (s->attr == attr_uid &&
	    (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)))
		broken("setresuid");
}

void confine_calls(const union shape *s)
{
	static const char *const calls[] = { "",	 "close_range", "close_range_cloexec",
					     "select",	 "clone",	"clone3",
					     "getdents", "statx",	"execveat",
					     "kcmp",	 "fstatat",	"prctl",
					     "readlink", "openat2" };
	char word[64];

	if (s->limit == limit_below)
		surround((char *[]){ "limit=8", NULL });
	if (!s->deny)
		return;
	snprintf(word, sizeof(word), "deny=%s:%s", calls[s->deny],
		 s->denyerror == denyerror_EPERM ? "EPERM" : "ENOSYS");
	surround((char *[]){ word, NULL });
}
