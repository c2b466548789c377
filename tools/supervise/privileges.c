/*
 * privileges.c: see privileges.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/supervise/privileges.h"

bool privileges_have(uint64_t set)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	uint64_t has = 0;

	if (syscall(SYS_capget, &head, caps))
		return false;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		has |= (uint64_t)caps[i].effective << 32 * i;
	return (has & set) == set;
}

void privileges_keep(uint64_t set)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, caps)) {
		say("cannot drop privileges: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t keep = (uint32_t)(set >> 32 * i);

		caps[i].permitted &= keep;
		caps[i].effective &= keep;
		caps[i].inheritable = 0;
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &head, caps) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		say("cannot drop privileges: %s", strerror(errno));
}
