/*
 * What /proc says of a process, in which others choose names: of the process, of its control groups, of
 * files that it maps, of sockets.  The first byte says which file, the rest is what stands in it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/inspect/fenced.h"
#include "tools/proc/cgroup.h"
#include "tools/proc/netfiles.h"
#include "tools/proc/pinned.h"
#include "tools/proc/sockets.h"

#define check(x) ((x) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { STAT, STATUS, CGROUP, MAPS, ENVIRON, CACHE, NET };

static const char *const files[] = {
	[STAT] = "stat",
	[STATUS] = "status",
	[CGROUP] = "cgroup",
	[MAPS] = "maps",
	[ENVIRON] = "task/1/environ",
	[CACHE] = "root/etc/fdfence.cache",
	[NET] = "net/tcp",
	"net/tcp6",
	"net/udp",
	"net/raw",
	"net/unix",
	"net/netlink",
	"net/packet",
};
#define FILES (sizeof(files) / sizeof(files[0]))

static int dir;

static void put(const char *file, const void *data, size_t len)
{
	int fd = openat(dir, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	check(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	close(fd);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const folders[] = { "task", "task/1", "root", "root/etc", "net" };
	static const char at[] = "./proc";

	(void)argc, (void)argv;
	mkdir(at, 0700);
	dir = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		mkdirat(dir, folders[i], 0700);
	return 0;
}

static struct pinned process(void)
{
	return (struct pinned){ .pid = 1, .tid = 1, .pidfd = -1, .dir = dir };
}

static void look_at_cgroup(void)
{
	char cgroup[CGROUP_MAX], container[65], pod[37], *unit;

	cgroup_of(dir, "cgroup", cgroup);
	cgroup_container(container, cgroup);
	cgroup_pod(pod, cgroup);
	check(!*pod || strlen(pod) == 36);
	unit = cgroup_unit(cgroup);
	check(!strchr(unit, '/'));
	free(unit);
}

static void look_at_vector(const struct pinned *p)
{
	bool cut = false;
	char **v = pinned_vector(p, "environ", 4096, &cut);
	size_t n = 0, bytes = 0;

	for (check(v != NULL); v[n]; n++)
		bytes += strlen(v[n]) + 1;
	check(bytes <= 4096 + 1);
	fenced_by(p, v);
	free(v);
}

static void look_at_sockets(const struct pinned *p)
{
	struct netfiles n = { 0 };
	const char *state;

	for (uint64_t ino = 0; ino < 16; ino++) {
		struct fdf_sock s = { 0 };

		if (!netfiles_find(&n, p, ino, &s, &state))
			continue;
		check(s.local_len <= sizeof(s.local) && s.peer_len <= sizeof(s.peer));
		check(state);
	}
	netfiles_free(&n);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct pinned p = process();
	size_t which;

	if (!len)
		return 0;
	which = data[0] % FILES;
	for (size_t i = 0; i < FILES; i++)
		put(files[i], data + 1, i == which ? len - 1 : 0);
	/* What is looked at behind one that is fine. */
	if (which == STATUS)
		put("stat", "1 (a) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 7 0", 50);
	if (which == ENVIRON || which == CACHE)
		put("maps", "0-1 r-xp 0 00:00 1 /x/libfdfence.so\n", 36);
	pinned_renew(&p);
	check(strnlen(p.comm, sizeof(p.comm)) < sizeof(p.comm));
	p = process();
	if (which == CGROUP)
		look_at_cgroup();
	else if (which == MAPS)
		pinned_maps(&p, "libfdfence.so");
	else if (which >= NET)
		look_at_sockets(&p);
	else
		look_at_vector(&p);
	return 0;
}
