/*
 * What the path of a cgroup tells of containers and pods.
 */
#include <criterion/criterion.h>

#include "tools/proc/cgroup.h"

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD "1b4e28ba-2fa1-11d2-883f-b9a761bde3fb"

static void tells(const char *cgroup, const char *container, const char *pod)
{
	char id[65], uid[37];

	cgroup_container(id, cgroup);
	cgroup_pod(uid, cgroup);
	cr_assert_str_eq(id, container, "%s", cgroup);
	cr_assert_str_eq(uid, pod, "%s", cgroup);
}

Test(cgroup, kubernetes_with_folders_of_systemd)
{
	tells("/kubepods.slice/kubepods-burstable.slice/"
	      "kubepods-burstable-pod1b4e28ba_2fa1_11d2_883f_b9a761bde3fb.slice/"
	      "cri-containerd-" ID ".scope",
	      ID, POD);
}

Test(cgroup, kubernetes_with_folders_of_its_own)
{
	tells("/kubepods/besteffort/pod" POD "/" ID, ID, POD);
	tells("/kubepods/pod" POD, "", POD);
}

Test(cgroup, others_have_no_pod)
{
	tells("/system.slice/docker-" ID ".scope", ID, "");
	tells("/machine.slice/libpod-" ID ".scope", ID, "");
	tells("/lxc.payload.web/init.scope", "web", "");
	tells("/user.slice/user-1000.slice/session-2.scope", "", "");
	tells("/", "", "");
	tells("", "", "");
}

Test(cgroup, what_only_begins_like_a_pod_is_none)
{
	tells("/kubepods/pod1b4e28ba-2fa1-11d2-883f", "", "");
	tells("/kubepods/podium/pod1b4e28ba-2fa1-11d2-883f-b9a761bde3f", "", "");
	tells("/podpod" POD, "", POD);
}
