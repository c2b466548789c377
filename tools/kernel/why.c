/*
 * why.c: why the kernel refuses the tracer, in words: which capability or
 * which feature of the kernel is missing, instead of a bare errno.
 */
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/kernel/why.h"

#define FIRST_USERS 0xEFFFFFFDU /* include/linux/proc_ns.h, PROC_USER_INIT_INO */

/* What libbpf has to say is kept and shown only when loading fails and -v was given. */
static char *libbpf_log;
static size_t libbpf_log_len;

static int on_libbpf(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char line[1024], *p;
	int n;

	if (level == LIBBPF_DEBUG)
		return 0;
	n = vsnprintf(line, sizeof(line), fmt, ap);
	n = n < 0 ? 0 : n >= (int)sizeof(line) ? (int)sizeof(line) - 1 : n;
	p = realloc(libbpf_log, libbpf_log_len + (size_t)n + 1);
	if (!p)
		return 0;
	libbpf_log = p;
	memcpy(p + libbpf_log_len, line, (size_t)n + 1);
	libbpf_log_len += (size_t)n;
	return n;
}

static bool file_has(const char *path, const char *text)
{
	char line[4096] = "";
	FILE *f = fopen(path, "re");
	bool r = f && fgets(line, sizeof(line), f) && strstr(line, text);

	if (f)
		fclose(f);
	return r;
}

/* Its map does not tell: it may be that of the first one, each number to itself. */
static bool in_user_namespace(void)
{
	struct stat st;

	return !stat("/proc/self/ns/user", &st) && st.st_ino != FIRST_USERS;
}

/* Why bpf(2) refuses, from what can be looked at.  Returns true after a message. */
static bool say_missing(void)
{
	bool admin, bpf, perfmon;

	if (capng_get_caps_process()) {
		say("trace: what capabilities it has cannot be read (/proc is not mounted, or an "
		    "old kernel)");
		return true;
	}
	admin = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	bpf = admin || capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF);
	perfmon = admin || capng_have_capability(CAPNG_EFFECTIVE, CAP_PERFMON);
	if (!bpf || !perfmon) {
		say("trace: needs CAP_BPF and CAP_PERFMON; missing here: %s%s%s. Run it as root, "
		    "or give "
		    "it both (setcap cap_bpf,cap_perfmon+ep, setpriv --ambient-caps)",
		    bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
		    perfmon ? "" : "CAP_PERFMON");
		return true;
	}
	if (in_user_namespace()) {
		say("trace: capabilities of a user namespace do not count for BPF; run it outside "
		    "of the "
		    "container");
		return true;
	}
	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		say("trace: this kernel has no type information (/sys/kernel/btf/vmlinux); it "
		    "needs "
		    "CONFIG_DEBUG_INFO_BTF, or /sys is not mounted");
		return true;
	}
	if (file_has("/sys/kernel/security/lockdown", "[confidentiality]")) {
		say("trace: the kernel is locked down (confidentiality), which forbids BPF to read "
		    "it");
		return true;
	}
	return false;
}

void why_say(int err, bool verbose)
{
	if (verbose && libbpf_log)
		fputs(libbpf_log, stderr);
	if (say_missing())
		return;
	if (err == EPERM)
		say("trace: bpf(2) refused although the capabilities are there: a seccomp filter "
		    "or an "
		    "LSM forbids it");
	else if (err == ENOSYS)
		say("trace: this kernel is built without BPF (CONFIG_BPF_SYSCALL)");
	else if (err == EINVAL || err == ENOTSUP)
		say("trace: this kernel lacks something that the tracer needs (Linux 5.8 or later, "
		    "ring "
		    "buffers, BTF): %s; -v shows what libbpf says",
		    strerror(err));
	else
		say("trace: cannot load the programs: %s; -v shows what libbpf says",
		    strerror(err));
}

void why_listen(void)
{
	libbpf_set_print(on_libbpf);
}
