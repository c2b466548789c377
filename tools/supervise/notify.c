/*
 * notify.c: see notify.h.
 *
 * The kernel runs the filter once for each system call number at its installation, and keeps in a
 * bitmap which are allowed without a look at an argument: those cost what they cost without a filter.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/supervise/arch/arch.h"
#include "tools/supervise/notify.h"

#define PROGRAM_MAX 512 /* instructions */
/*
 * What a prctl of no option asks of a supervisor: the second argument, no address and no small number.
 * No call that the library above this program hooks: it would be asked in its way.
 */
#define QUESTION 0xfdfe0ce15a110cedULL
#define SEALS	 EALREADY
#define REPORTS	 EISCONN

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

static void put(struct program *p, unsigned code, uint32_t k, int yes, int no)
{
	p->code[p->n++] =
		(struct sock_filter)BPF_JUMP((uint16_t)code, k, (uint8_t)yes, (uint8_t)no);
}

static void load(struct program *p, size_t offset)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void ret(struct program *p, uint32_t what)
{
	put(p, BPF_RET | BPF_K, what, 0, 0);
}

static size_t arg_low(int i)
{
	size_t at = offsetof(struct seccomp_data, args) + (size_t)i * sizeof(uint64_t);

	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? at : at + sizeof(uint32_t);
}

static size_t arg_high(int i)
{
	return arg_low(i) ^ sizeof(uint32_t);
}

/* The offsets of seccomp_data's arguments are multiples of 8, so that ^ takes the other half. */
_Static_assert(offsetof(struct seccomp_data, args) % sizeof(uint64_t) == 0, "arguments");

/* Skip what comes until skip_to_here() unless argument i equals value; two jumps to mend. */
static unsigned short unless_equal(struct program *p, int i, uint64_t value)
{
	unsigned short first;

	load(p, arg_low(i));
	first = p->n;
	put(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)value, 0, 0);
	load(p, arg_high(i));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value >> 32), 0, 0);
	return first;
}

static void skip_to_here(struct program *p, unsigned short first)
{
	p->code[first].jf = (uint8_t)(p->n - first - 1);
	p->code[first + 2].jf = (uint8_t)(p->n - first - 3);
}

/* Where it tells that the library has done what is to be done. */
static void allow_covered(struct program *p, bool sixth, const struct notify_cookies *c)
{
	unsigned short at;

	if (!sixth || !c->covered)
		return;
	at = unless_equal(p, 5, c->covered);
	ret(p, SECCOMP_RET_ALLOW);
	skip_to_here(p, at);
}

/* Where what was loaded, such as the number of the system call, is this: the rest of the case, which ends in a return. */
static unsigned short begin_case(struct program *p, int nr)
{
	put(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 0);
	return (unsigned short)(p->n - 1);
}

static void end_case(struct program *p, unsigned short at)
{
	p->code[at].jf = (uint8_t)(p->n - at - 1);
}

/* ... where argument i, a descriptor, is above stdio. */
static void notify_above_stdio(struct program *p, int i, bool sixth, const struct notify_cookies *c)
{
	load(p, arg_low(i));
	put(p, BPF_JMP | BPF_JGT | BPF_K, STDERR_FILENO, 1, 0);
	ret(p, SECCOMP_RET_ALLOW);
	allow_covered(p, sixth, c);
	ret(p, SECCOMP_RET_USER_NOTIF);
}

static void allow_with_flag(struct program *p, int i, uint32_t flag)
{
	load(p, arg_low(i));
	put(p, BPF_JMP | BPF_JSET | BPF_K, flag, 0, 1);
	ret(p, SECCOMP_RET_ALLOW);
}

static void allow_unless(struct program *p, int i, uint32_t command)
{
	load(p, arg_low(i));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, command, 1, 0);
	ret(p, SECCOMP_RET_ALLOW);
}

static void acts(struct program *p, const struct arch_abi *a, const struct notify_cookies *c)
{
	unsigned short at, copies;

	at = begin_case(p, a->dup);
	notify_above_stdio(p, 0, a->sixth, c);
	end_case(p, at);
	if (a->dup2) {
		at = begin_case(p, a->dup2);
		notify_above_stdio(p, 1, a->sixth, c);
		end_case(p, at);
	}
	at = begin_case(p, a->dup3);
	allow_with_flag(p, 2, O_CLOEXEC);
	notify_above_stdio(p, 1, a->sixth, c);
	end_case(p, at);
	for (int i = 0; i < ARCH_ALIASES && a->fcntl[i]; i++) {
		at = begin_case(p, a->fcntl[i]);
		load(p, arg_low(1));
		copies = begin_case(p, F_DUPFD);
		notify_above_stdio(p, 0, a->sixth, c);
		end_case(p, copies);
		allow_unless(p, 1, F_SETFD);
		allow_with_flag(p, 2, FD_CLOEXEC);
		notify_above_stdio(p, 0, a->sixth, c);
		end_case(p, at);
	}
	at = begin_case(p, a->ioctl);
	allow_unless(p, 1, FIONCLEX);
	notify_above_stdio(p, 0, a->sixth, c);
	end_case(p, at);
}

/* A filter of others may deny what seals: from then on that is asked for.  And the question. */
static void filters(struct program *p, const struct arch_abi *a, bool seals)
{
	unsigned short at = begin_case(p, a->seccomp), question;

	ret(p, SECCOMP_RET_USER_NOTIF);
	end_case(p, at);
	at = begin_case(p, a->prctl);
	question = unless_equal(p, 1, QUESTION);
	ret(p, SECCOMP_RET_ERRNO | (seals ? SEALS : REPORTS));
	skip_to_here(p, question);
	allow_unless(p, 0, PR_SET_SECCOMP);
	ret(p, SECCOMP_RET_USER_NOTIF);
	end_case(p, at);
}

static void execs(struct program *p, const int nr[ARCH_ALIASES], const struct arch_abi *a,
		  const struct notify_cookies *c)
{
	for (int i = 0; i < ARCH_ALIASES && nr[i]; i++) {
		unsigned short at = begin_case(p, nr[i]);

		allow_covered(p, a->sixth, c);
		ret(p, SECCOMP_RET_USER_NOTIF);
		end_case(p, at);
	}
}

static void build(struct program *p, const struct notify_cookies *c, bool seals)
{
	for (const struct arch_abi *a = arch_abis; a->audit; a++) {
		unsigned short at;

		load(p, offsetof(struct seccomp_data, arch));
		at = p->n;
		put(p, BPF_JMP | BPF_JEQ | BPF_K, a->audit, 1, 0);
		put(p, BPF_JMP | BPF_JA, 0, 0, 0);
		load(p, offsetof(struct seccomp_data, nr));
		execs(p, a->execve, a, c);
		execs(p, a->execveat, a, c);
		acts(p, a, c);
		filters(p, a, seals);
		p->code[at + 1].k = (uint32_t)(p->n - at - 2);
	}
	ret(p, SECCOMP_RET_ALLOW);
}

enum notify_above notify_above(void)
{
	/* Without any filter above there is none that would answer. */
	if (prctl(PR_GET_SECCOMP) != SECCOMP_MODE_FILTER || prctl(0, QUESTION, 0, 0, 0) >= 0)
		return ABOVE_NOBODY;
	return errno == SEALS ? ABOVE_SEALS : errno == REPORTS ? ABOVE_REPORTS : ABOVE_NOBODY;
}

static long install(const struct sock_fprog *program, unsigned long flags)
{
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			 SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, program);

	return r < 0 ? -errno : r;
}

int notify_install(struct notify *to, const struct notify_cookies *cookies, bool seals)
{
	struct program p = { .n = 0 };
	struct sock_fprog program;
	unsigned long killable = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	long r;

	build(&p, cookies, seals);
	program = (struct sock_fprog){ .len = p.n, .filter = p.code };
	*to = (struct notify){ .listener = -1, .privileges = true };
	r = install(&program, killable);
	if (r == -EACCES) {
		/* seccomp(2): without CAP_SYS_ADMIN a filter takes this */
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
			return -errno;
		to->privileges = false;
		r = install(&program, killable);
	}
	if (r == -EINVAL) {
		killable = 0;
		r = install(&program, killable);
	}
	if (r < 0)
		return (int)r;
	to->killable = killable != 0;
	to->listener = (int)r;
	return 0;
}
