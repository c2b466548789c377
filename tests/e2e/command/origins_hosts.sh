#!/bin/bash
# limit: 120
# check --origins: a program runs as it does without, and a place is that of what is open now.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

leaks() { # command...
	"$F" check --origins --error-exitcode 0 --format=json -o "$T/json" -- "$@" >"$T/out" 2>&1
	echo "status $?" >>"$T/out"
	jq -r '.causes[] | .opened_at // "not seen"' "$T/json" | sed "s,$T/,,g"
}

cat >"$T/again.c" <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	sigset_t set;
	int fd = open("/etc/passwd", O_RDONLY);
	int event = eventfd(0, 0);
	(void)argc;
	if (!strcmp(argv[1], "closefrom")) closefrom(3);
	if (!strcmp(argv[1], "close_range")) close_range(3, 100, 0);
	if (!strcmp(argv[1], "signalfd")) {
		close(fd); close(event);
		sigemptyset(&set);
		fd = signalfd(-1, &set, 0); /* HERE */
		signalfd(fd, &set, 0);
	} else {
		syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
		syscall(SYS_eventfd2, 0, 0);
	}
	return system("true");
}
C
gcc -w -g -o "$T/again" "$T/again.c" || exit 1
for way in closefrom close_range; do
	t_is "$way closes what was seen" "$(leaks "$T/again" $way)" $'not seen\nnot seen'
done
t_is "signalfd() of one that is open opens nothing" "$(leaks "$T/again" signalfd)" "again.c:$(grep -n HERE "$T/again.c" | cut -d: -f1) (main)"

# A libc without a function: who asks for it by name finds the library's.
cat >"$T/asks.c" <<'C'
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#define FIND(name) ((int (*)())dlsym(RTLD_DEFAULT, name))
int main(void)
{
	int (*f)();
	if ((f = FIND("pidfd_open")) && f(getpid(), 0) < 0) return 3;
	if ((f = FIND("__open_2")) && f("/etc/passwd", O_RDONLY) < 0) return 4;
	if ((f = FIND("__openat64_2")) && f(AT_FDCWD, "/etc/passwd", O_RDONLY) < 0) return 5;
	if ((f = FIND("open64")) && f("/etc/passwd", O_RDONLY) < 0) return 6;
	if ((f = FIND("fcntl64")) && f(0, F_GETFD, 0) < 0) return 7;
	if ((f = FIND("memfd_create")) && f("", 0) < 0) return 8;
	if ((f = FIND("close_range")) && f(100, 200, 0) < 0) return 9;
	if ((f = FIND("fsopen"))) f("", 0);
	if ((f = FIND("fspick"))) f(-1, "", 0);
	if ((f = FIND("pidfd_getfd"))) f(-1, 0, 0);
	if ((f = FIND("open_tree"))) f(-1, "", 0);
	if ((f = FIND("fsmount"))) f(-1, 0, 0);
	if ((f = FIND("fanotify_init"))) f(-1, 0);
	if ((f = FIND("closefrom"))) f(100);
	return 0;
}
C
runs() { # command...
	"$F" check -q --origins --error-exitcode 0 -- "$@" >"$T/out" 2>&1
	echo $?
}
gcc -w -o "$T/asks" "$T/asks.c" || exit 1
t_is "functions asked for by name" "$(runs "$T/asks")" 0
if command -v musl-gcc >/dev/null; then
	musl-gcc -w -o "$T/asks" "$T/asks.c" || exit 1
	t_is "... which musl has not" "$(runs "$T/asks")" 0
else
	t_skip "... which musl has not" "no musl-gcc"
fi

if command -v valgrind >/dev/null; then
	cat >"$T/frames.c" <<'C'
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
static __attribute__((noinline)) int opens(int n)
{
	volatile char room[512];
	room[n] = 1;
	return n ? opens(n - 1) + room[n] : close(open("/etc/passwd", O_RDONLY));
}
int main(void) { for (int i = 0; i < 4; i++) opens(i); return 0; }
C
	gcc -w -g -O1 -fno-omit-frame-pointer -o "$T/frames" "$T/frames.c" || exit 1
	t_is "valgrind finds nothing to say of it" "$(runs valgrind -q --error-exitcode=9 "$T/frames") $(grep -c Conditional "$T/out")" "0 0"
else
	t_skip "valgrind finds nothing to say of it" "no valgrind"
fi
t_done
