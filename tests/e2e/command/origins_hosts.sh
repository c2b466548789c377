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
#include <linux/close_range.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>
void *unshares(void *none) { close_range(3, 100, CLOSE_RANGE_UNSHARE); return none; }
int main(int argc, char **argv)
{
	pthread_t thread;
	sigset_t set;
	int fd = open("/etc/passwd", O_RDONLY);
	int event = eventfd(0, 0);
	(void)argc;
	if (!strcmp(argv[1], "closefrom")) closefrom(3);
	if (!strcmp(argv[1], "close_range")) close_range(3, 100, 0);
	if (!strcmp(argv[1], "unshares")) {
		pthread_create(&thread, 0, unshares, 0);
		pthread_join(thread, 0);
	} else if (!strcmp(argv[1], "signalfd")) {
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
gcc -w -g -pthread -o "$T/again" "$T/again.c" || exit 1
for way in closefrom close_range; do
	t_is "$way closes what was seen" "$(leaks "$T/again" $way)" $'not seen\nnot seen'
done
t_is "close_range of a thread in a table of its own: this one's stays" "$(leaks "$T/again" unshares | sort)" \
	"again.c:$(grep -n 'fd = open' "$T/again.c" | cut -d: -f1) (main)"$'\n'"again.c:$(grep -n 'event = eventfd' "$T/again.c" | cut -d: -f1) (main)"
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

# --- a library that goes, and another that comes to where it was ---
cat >"$T/plugin.c" <<'C'
#include <fcntl.h>
int WHAT(const char *path) { int fd = open(path, O_RDONLY); return fd + 0; }
C
cat >"$T/loads.c" <<'C'
#include <dlfcn.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	void *one = dlopen(argv[1], RTLD_NOW), *f = dlsym(one, "opens");
	if (((int (*)(const char *))f)("/etc/passwd") < 0) return 3;
	if (argc > 2) { dlclose(one); one = dlopen(argv[2], RTLD_NOW); }
	return system("true");
}
C
gcc -w -g -shared -fPIC -DWHAT=opens -o "$T/one.so" "$T/plugin.c" || exit 1
gcc -w -g -shared -fPIC -DWHAT=another -o "$T/two.so" "$T/plugin.c" || exit 1
gcc -w -g -o "$T/loads" "$T/loads.c" -ldl || exit 1
t_is "a library that is loaded" "$(leaks "$T/loads" "$T/one.so")" "plugin.c:2 (opens)"
t_like "... not another one where it was" "$(leaks "$T/loads" "$T/one.so" "$T/two.so")" '^(0x)?[0-9a-f?+]+$'
t_like "... the program's own frames stay" "$(jq -r '.causes[0].origin.opened[1]' "$T/json")" 'loads\.c:6 \(main\)'

# A constructor that runs before ours loads one; its entry in the loader's list goes, and the memory is used again.
cat >"$T/early.c" <<'C'
#include <dlfcn.h>
#include <stdlib.h>
void *early;
__attribute__((constructor)) static void loads(void) { early = dlopen(getenv("PLUGIN"), RTLD_NOW); }
C
cat >"$T/goes.c" <<'C'
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
extern void *early;
int main(void)
{
	int (*f)(const char *) = early ? dlsym(early, "opens") : 0;
	if (!f || f("/etc/passwd") < 0) return 3;
	if (dlclose(early) || dlopen(getenv("PLUGIN"), RTLD_NOW | RTLD_NOLOAD)) return 4;
	for (int size = 16; size < 4096; size += 16) memset(malloc(size), 0x55, size);
	return system("true");
}
C
gcc -w -g -shared -fPIC -o "$T/libearly.so" "$T/early.c" || exit 1
gcc -w -g -o "$T/goes" "$T/goes.c" "$T/libearly.so" -Wl,-rpath,"$T" || exit 1
t_like "a library of a constructor, which goes" "$(PLUGIN=$T/one.so leaks "$T/goes") $(jq .status "$T/json")" '^(0x)?[0-9a-f?+]+ 0$'
t_like "... the program's own frames stay" "$(jq -r '.causes[0].origin.opened[1]' "$T/json")" 'goes\.c:9 \(main\)'

gcc -w -g -pthread -Wl,--build-id=none -o "$T/nobuild" "$T/again.c" || exit 1
t_like "a file without a build id may be another: module and offset" "$(leaks "$T/nobuild" signalfd)" '^nobuild\+0x[0-9a-f]+$'

# --- a stack that ends with an address, below a page that cannot be read ---
if [ "$(uname -m)" = x86_64 ]; then
	cat >"$T/ends.c" <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
void *first, *own;
void turn(void **from, void *to);
__asm__(".text; turn: push %rbp; push %rbx; push %r12; push %r13; push %r14; push %r15; mov %rsp,(%rdi); mov %rsi,%rsp;"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp; ret");
int before(int a) { return a + 1; } /* whose frame the address seems to be of */
static __attribute__((noinline)) void ends(void) { turn(&own, first); abort(); }
static __attribute__((noinline)) void opens(void) { if (open("/etc/passwd", O_RDONLY) < 0) abort(); }
int main(void)
{
	char *s = mmap(0, 69632, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void **top = (void **)(s + 65536);

	mprotect(top, 4096, PROT_NONE);
	*--top = (void *)ends;
	*--top = (void *)opens;
	for (int i = 0; i < 6; i++)
		*--top = 0;
	turn(&first, top);
	return system("true");
}
C
	gcc -w -g -o "$T/ends" "$T/ends.c" || exit 1
	t_like "a coroutine's stack is not read beyond its end" "$(leaks "$T/ends") $(jq .status "$T/json")" '^ends\.c:[0-9]+ \(opens\) 0$'
else
	t_skip "a coroutine's stack is not read beyond its end" "its program is for x86_64"
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
