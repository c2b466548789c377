#!/bin/bash
# docs/limits.md: what the fence cannot see, where no other suite shows it.
. "$(dirname "$0")/../lib.sh"

[ "$(uname -m)" = x86_64 ] || t_skip_all "its system calls are those of x86-64"

# limits: raw-exec
t_is "a program that execs by its own system call leaks" "$(fenced "$H/host/outside" raw "$H/fdlist")" \
	'3 open /etc/passwd'
# limits: stale-act
t_is "a number that is closed unseen keeps its act, once" \
	"$(fenced "$H/host/outside" stale "$H/fdlist")" '3 open /etc/group'
t_is "... not where pclose closes it" "$(fenced "$H/host/outside" streamed "$H/fdlist")" ''
# limits: same-file
# shellcheck disable=SC2016 # the inner shell's
anew() { # what is given, and the way that the same is opened anew
	fenced sh -c 'exec 3<"$1"; exec "$2" "$3" "$4"' sh "$1" "$H/host/outside" "$2" "$H/fdlist"
}
: >"$T/file"
t_is "a given directory that closedir closed, opened anew under its number, is given" \
	"$(anew "$T" relisted)" "3 open $T"
t_is "... as is a file that freopen opened anew for writing" "$(anew "$T/file" reopened)" "3 open $T/file"
# What was given is known by its file; anonymous inodes share one, and have a name for their kind.
t_is "a given eventfd goes on" "$(spawn -l eventfd -e LD_PRELOAD="$SHIM" "$H/fdlist" | cut -d' ' -f1)" 3
t_is "... a timerfd in its place, which nobody saw closed, does not" \
	"$(spawn -l eventfd -e LD_PRELOAD="$SHIM" "$H/host/outside" timed "$H/fdlist")" ''
# limits: same-kind
t_is "... another eventfd does" \
	"$(spawn -l eventfd -e LD_PRELOAD="$SHIM" "$H/host/outside" renewed "$H/fdlist" | cut -d' ' -f1)" 3
# limits: inlined-vfork
t_is "what a child of an inlined vfork means counts for its parent" \
	"$(fenced "$H/host/outside" inlined "$H/fdlist")" '3 open /etc/passwd'
# limits: exported
t_is "names that libc lacks are found by a look-up" "$(fenced "$H/host/outside" symbols | paste -sd' ')" \
	'execve execveat closefrom close_range pidfd_spawn'

# limits: linked-directory
mkdir "$T/scripts"
printf '#!/bin/sh\necho ran\n' >"$T/scripts/script"
chmod 755 "$T/scripts/script"
ln -s /proc/self/fd/3 "$T/third"
t_is "a script through a link to a directory's descriptor, without the fence" \
	"$(spawn "$H/host/byfd" script "$T/third/script" "$T/scripts" 2>&1)" ran
t_like "... is not found with it" "$(fenced "$H/host/byfd" script "$T/third/script" "$T/scripts" 2>&1)" \
	"can't open|cannot open"

# limits: many-named
cat >"$T/many.py" <<'END'
import os, socket, sys
numbers = range(100, 100 + 3 * int(sys.argv[1]), 3)
s = socket.socket()
for fd in [*numbers, numbers[-1] - 1]:
    os.dup2(s.fileno(), fd)
os.dup2(os.open("/etc/passwd", os.O_RDONLY), numbers[-1] - 2)
os.environ["NGINX"] = ";".join(map(str, numbers)) + ";"
if os.fork() == 0:
    os.execv(sys.argv[2], sys.argv[2:])
os.wait()
END
many() { # count: how many of the sockets arrive, and what else
	fenced -e "FDFENCE_LOG=$T/many.log" /usr/bin/python3 "$T/many.py" "$1" "$H/fdlist" |
		awk '/socket/ { n++; next } { print } END { print n }'
}
t_is "as many as are remembered are kept, and nothing between" "$(many 40)" 40
t_is "... which is exact" "$(grep -c '"inexact"' "$T/many.log")" 0
t_is "of more all are kept, and the socket between, not the file" "$(many 41)" 42
t_like "... and the record says so" "$(cat "$T/many.log")" '"inexact":"more descriptors were named'

# limits: line
t_is "what is left of a line of eight forks becomes its own image" "$(fenced "$H/host/line" daemon 8)" '3 there'
t_is "... of nine does not" "$(fenced "$H/host/line" daemon 9)" '3 gone'

# limits: addchdir
cat >"$T/chdir.py" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None)
actions, pid = ctypes.create_string_buffer(256), ctypes.c_int()
argv = (ctypes.c_char_p * 2)(b"fdlist")
os.dup2(os.open("/etc/passwd", os.O_RDONLY), 9)
libc.posix_spawn_file_actions_init(actions)
libc.posix_spawn_file_actions_addchdir_np(actions, sys.argv[1].encode())
libc.posix_spawn(ctypes.byref(pid), sys.argv[2].encode(), actions, None, argv, None)
os.waitpid(pid.value, 0)
END
chdir() { fenced -d / -e "FDFENCE_RULES=keep into=$H/fdlist" /usr/bin/python3 "$T/chdir.py" "$H" "$1"; }
t_is "a rule with into= fits a spawn in another directory by its whole path" "$(chdir "$H/fdlist")" '9 open /etc/passwd'
t_is "... and not by one from there" "$(chdir ./fdlist)" ''

# A vfork child with its parent's number, in a pid namespace below.
if unshare -Urpf --kill-child unshare -p true 2>/dev/null; then
	namesake() { fenced "${env[@]}" unshare -Urpf --kill-child "$@"; }
	env=()
	t_is "what a namesake of its parent means counts for itself alone" \
		"$(namesake "$H/host/namesake" act "$H/fdlist")" ''
	env=(-e LISTEN_FDS=1 -e LISTEN_PID=1)
	# shellcheck disable=SC2016 # the inner shell's
	listens=(sh -c 'exec 3</etc/group; exec "$@"' sh)
	t_is "what is addressed to a process is given to it" \
		"$(namesake "${listens[@]}" "$H/fdlist")" '3 open /etc/group'
	t_is "... and not to a namesake of it" \
		"$(namesake "${listens[@]}" "$H/host/namesake" exec "$H/fdlist")" ''
else
	t_skip "a namesake of its parent" "no pid namespaces here"
fi

# A program that the loader was called with is that program: a shell is one ...
loader=/lib64/ld-linux-x86-64.so.2
if [ -x "$loader" ]; then
	t_is "a shell that the loader was called with keeps its redirections" \
		"$(fenced "$loader" /bin/dash -c '"$0" 7</etc/passwd' "$H/fdlist")" '7 open /etc/passwd'
	# ... and another program is another image.
	cat >"$T/again.py" <<'END'
import os, sys
os.dup2(os.open("/etc/passwd", os.O_RDONLY), 9)
os.execv(sys.argv[1], sys.argv[1:])
END
	by_loader() { fenced "$loader" /usr/bin/python3 "$T/again.py" "$@"; }
	t_is "two programs of one loader are two images" "$(by_loader "$loader" "$H/fdlist")" ''
	tells='import os; os.fstat(9)'
	t_ok "a program that runs its own image again keeps what it has" \
		fenced /usr/bin/python3 "$T/again.py" /usr/bin/python3 -c "$tells"
	# limits: by-loader
	t_like "... not if the loader was called with it" \
		"$(by_loader "$loader" /usr/bin/python3 -c "$tells" 2>&1)" 'Bad file descriptor'
	t_like "what the loader is called with is not static" \
		"$(spawn "$B/fdfence" check -- "$loader" /bin/dash -c true 2>&1)" '^fdfence: no leaks in [0-9]+ execs?$'
else
	t_skip "programs that the loader was called with" "no $loader here"
fi

# limits: memfd-name
cat >"$T/memory.py" <<'END'
import os, sys
fd = os.open("/memfd:x", os.O_RDWR | os.O_CREAT)
os.unlink("/memfd:x")
os.dup2(fd, 9)
os.dup2(os.memfd_create("y"), 10)
os.execv(sys.argv[1], sys.argv[1:])
END
memory() { # options of the tmpfs below the chroot: the types of a file called so, and of a memory file
	mkdir -p "$T/jail"
	: >"$T/memory.log"
	chmod 666 "$T/memory.log"
	fenced -e "FDFENCE_LOG=$T/memory.log" unshare -rm sh -c '
		mount -t tmpfs -o "$1" none "$2" || exit
		for d in /*; do
			[ -d "$d" ] && [ ! -L "$d" ] && mkdir "$2$d" && mount --rbind "$d" "$2$d"
			[ ! -L "$d" ] || cp -P "$d" "$2$d"
		done
		exec /usr/sbin/chroot "$2" /usr/bin/python3 "$3" "$4"' sh "$1" "$T/jail" "$T/memory.py" /usr/bin/true
	grep -o '"fd":[0-9]*,"type":"[a-z]*"' "$T/memory.log" |
		sed 's/"fd":\([0-9]*\),"type":"\([a-z]*\)"/\1 \2/' | paste -sd' '
}
if unshare -rm true 2>/dev/null; then
	t_is "a deleted file called like one, in a chroot on tmpfs, is no memory file" \
		"$(memory mode=755)" '9 file 10 memfd'
	t_is "... but is taken for one where the tmpfs has no bounds" \
		"$(memory mode=755,size=0)" '9 memfd 10 memfd'
else
	t_skip "a deleted file called like one" "no user namespaces here"
fi

# limits: copied-up
# shellcheck disable=SC2016 # the inner shell's
cat >"$T/change.py" <<'END'
import os, sys
if sys.argv[1] == "chmod":
    os.chmod("all/a", 0o600)
os.execv(sys.argv[2], sys.argv[2:])
END
copied_up() { # what happens to a file of two names in the lower layer: which numbers arrive
	fenced unshare -rm sh -c 'mount -t tmpfs none "$1" && cd "$1" && mkdir lower upper work all &&
		echo >lower/a && ln lower/a lower/b &&
		mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none all || exit 1
		exec 3<all/a
		exec /usr/bin/python3 "$2" "$3" "$4"' \
		sh "$T/mnt" "$T/change.py" "$1" "$H/fdlist" 2>&1 | cut -d' ' -f1
}
mkdir "$T/mnt"
if [ "$(copied_up nothing)" = 3 ]; then
	t_is "what was given is sealed once overlayfs has given it another inode number" \
		"$(copied_up chmod)" ''
else
	t_skip "what was given and has been copied up" "no overlayfs here"
fi

# limits: audit
cat >"$T/audit.c" <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <link.h>
unsigned la_version(unsigned v) { open("/etc/passwd", O_RDONLY); return v < LAV_CURRENT ? v : LAV_CURRENT; }
END
if cc -shared -fPIC -o "$T/audit.so" "$T/audit.c" 2>/dev/null; then
	t_is "what an audit module opens is given" \
		"$(spawn -e LD_PRELOAD="$SHIM" -e LD_AUDIT="$T/audit.so" "$H/host/outside" bare "$H/static/fdlist")" \
		'3 open /etc/passwd'
else
	t_skip "what an audit module opens" "no compiler"
fi

# limits: musl-preload
cat >"$T/early.c" <<'END'
#include <fcntl.h>
__attribute__((constructor)) static void early(void) { open("/etc/passwd", O_RDONLY); }
END
early() { # the lines that the next program lists, whose own copy opens one as well
	spawn -e LD_PRELOAD="$1" "$2/leaker" -x "$2/fdlist" 2>&1 | wc -l
}
if musl-gcc -shared -fPIC -o "$T/musl.so" "$T/early.c" 2>/dev/null; then
	t_is "musl: what a library in front opens before main is given" "$(early "$T/musl.so:$SHIM" "$H/musl")" 2
	t_is "... and behind it is not" "$(early "$SHIM:$T/musl.so" "$H/musl")" 1
else
	t_skip "musl: what a library in front opens before main" "no musl-gcc"
fi
if cc -shared -fPIC -o "$T/glibc.so" "$T/early.c" 2>/dev/null; then
	t_is "glibc: nor is it in front" "$(early "$T/glibc.so:$SHIM" "$H")" 1
else
	t_skip "glibc: nor is it in front" "no compiler"
fi

if ! command -v cc >/dev/null; then
	t_skip "a program that links its own execve" "no compiler"
	t_skip "gcc's address sanitizer" "no compiler"
	t_done
fi
# limits: own-symbols
cat >"$T/own.c" <<'END'
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
extern char **environ;
int execve(const char *path, char *const *argv, char *const *envp)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "a"(SYS_execve), "D"(path), "S"(argv), "d"(envp)
			 : "rcx", "r11", "memory");
	return (int)r;
}
int main(int argc, char **argv)
{
	(void)argc;
	open("/etc/passwd", O_RDONLY);
	return execve(argv[1], argv + 1, environ);
}
END
cc -D_GNU_SOURCE -o "$T/own" "$T/own.c"
t_is "a program that links its own execve leaks" "$(fenced "$T/own" "$H/fdlist")" '3 open /etc/passwd'

# limits: system-calls
cc -static -nostdlib -o "$T/ends" -x c - <<'END'
void _start(void)
{
	__asm__ volatile("syscall" : : "a"(231), "D"(0)); /* exit_group */
}
END
line=$(grep '^- `system-calls`' "$root/docs/limits.md")
line=${line#*'**: '}
read -ra exec_calls <<<"$(tr -d , <<<"${line%%;*}")"
line=${line#*'for posix_spawn '}
read -ra spawn_calls <<<"${exec_calls[*]} $(sed 's/ as well\..*//; s/,//g; s/ and / /' <<<"$line")"
for leaks in 0 3 40 100; do
	for how in exec vfork spawn; do
		allowed=("${exec_calls[@]}")
		[ $how != spawn ] || allowed=("${spawn_calls[@]}")
		t_is "what the list allows suffices: $how, $leaks leaks" \
			"$(fenced "$H/host/killing" $how $leaks "$T/ends" "${allowed[@]}" 2>&1; echo "status $?")" 'status 0'
	done
done
no_exec=("${exec_calls[@]/execve/set_robust_list}")
t_is 'a fork alone executes nothing' \
	"$(fenced "$H/host/killing" fork 0 - "${no_exec[@]}" 2>&1; echo "status $?")" 'status 0'
t_like 'control: another call kills' \
	"$(fenced "$H/host/killing" vfork 3 "$T/ends" execve 2>&1; echo "status $?")" 'status (1|159)'

# limits: asan
echo 'int main(void) { return 0; }' >"$T/asan.c"
if cc -fsanitize=address -o "$T/asan" "$T/asan.c" 2>/dev/null; then
	t_like "gcc's address sanitizer wants to be first" "$(fenced "$T/asan" 2>&1; echo "status $?")" \
		'does not come first.*status 1'
	for sub in run 'check -q' explain; do
		# shellcheck disable=SC2086 # words
		t_is "... which $sub tells before it starts" "$(spawn -e ASAN_OPTIONS=a=1 "$B/fdfence" $sub -- "$T/asan" 2>&1; echo "status $?")" \
			"fdfence: $T/asan is built with gcc's address sanitizer, which starts behind another library only if it is told to: set ASAN_OPTIONS=a=1:verify_asan_link_order=0
status 126"
	done
	t_is "... and not where it is told" \
		"$(spawn -e ASAN_OPTIONS=verify_asan_link_order=1:verify_asan_link_order=0 "$B/fdfence" run -- "$T/asan" 2>&1; echo "status $?")" 'status 0'
	t_is "... or where the runtime comes first" \
		"$(spawn -e LD_PRELOAD="$(cc -print-file-name=libasan.so)" "$B/fdfence" run -- "$T/asan" 2>&1; echo "status $?")" 'status 0'
	echo 'const char *__asan_default_options(void) { return "verify_asan_link_order=0"; }' >>"$T/asan.c"
	cc -fsanitize=address -o "$T/asan.own" "$T/asan.c"
	t_is "... or the program tells it" "$(spawn "$B/fdfence" run -- "$T/asan.own" 2>&1; echo "status $?")" 'status 0'
	t_is "... and works when it is told not to" \
		"$(fenced -e ASAN_OPTIONS=verify_asan_link_order=0 "$T/asan" 2>&1; echo "status $?")" 'status 0'
else
	t_skip "gcc's address sanitizer" "not installed"
fi
t_done
