#!/bin/bash
# fdfence run --supervise for odd callers: no libc, io_uring, other namespaces, an upgrade in place.
# limit: 200
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/supervise.bash"

# --- a program without libc ---
# It opens /etc/passwd five times, and execs; its data lie below 4 GiB, so that int $0x80 reaches them.
cat >"$T/raw.S" <<'END'
#ifdef INT80
#define CALL(nr, a, b, c) mov $(nr), %eax; mov a, %ebx; mov b, %ecx; mov c, %edx; int $0x80
#define OPEN 5
#define EXECVE 11
#define EXIT 1
#else
#define CALL(nr, a, b, c) mov $(nr), %eax; mov a, %edi; mov b, %esi; mov c, %edx; syscall
#define OPEN 2
#define EXECVE 59
#define EXIT 60
#endif
	.globl _start
_start:	mov	$5, %r12d
1:	CALL(OPEN, $file, $0, $0)
	dec	%r12d
	jnz	1b
	CALL(EXECVE, $program, $argv, $envp)
	CALL(EXIT, $99, $0, $0)
	.data
file:	.asciz	"/etc/passwd"
program: .asciz	PROGRAM
#ifdef INT80
argv:	.long	program, 0
envp:	.long	0
#else
	.balign	8
argv:	.quad	program, 0
envp:	.quad	0
#endif
END
for how in syscall int80; do
	name="without libc, by $how"
	if ! gcc -nostdlib -static -no-pie "-D${how^^}" "-DPROGRAM=\"$N\"" -o "$T/$how" "$T/raw.S" 2>"$T/log"; then
		t_skip "$name" "it does not build: $(head -n 1 "$T/log")"
	elif [ "$(status_of spawn "$T/$how")" != 5 ]; then
		t_skip "$name" "this machine does not run it"
	else
		t_is "$name: sealed" "$(status_of sup -- "$T/$how")" 0
		spawn -t 60 "$F" check -q --supervise --format json -o "$T/json" -- "$T/$how" >/dev/null 2>&1
		t_is "$name: check sees it" "$(jq -c '[.leaks, (.not_covered | length)]' "$T/json")" "[5,0]"
	fi
done

# --- a program whose first call is of another ABI than its code ---
# Exits with 1 if number 5 is open, 0 if not.
cat >"$T/first.S" <<'END'
	.globl _start
_start:	mov	$20, %eax	/* getpid of i386 */
	int	$0x80
	mov	$5, %edi
	mov	$1, %esi	/* F_GETFD */
	mov	$72, %eax	/* fcntl of x86-64 */
	syscall
	xor	%edi, %edi
	test	%eax, %eax
	setns	%dil
	mov	$231, %eax
	syscall
END
if ! gcc -nostdlib -static -no-pie -o "$T/first" "$T/first.S" 2>"$T/log"; then
	t_skip "a first call of i386 in 64-bit code" "it does not build: $(head -n 1 "$T/log")"
elif [ "$(status_of spawn "$W" execve "$T/first")" != 1 ]; then
	t_skip "a first call of i386 in 64-bit code" "this machine does not run it"
else
	t_is "a first call of i386 in 64-bit code: sealed" "$(status_of sup -- "$W" execve "$T/first")" 0
	t_is "... close by close, in that call's place" "$(status_of sup -- env --ignore-signal=TRAP \
		"$H/supervise/filters" close_range EPERM "$W" execve "$T/first")" 0
	if [ "$(id -u)" = 0 ]; then
		for_others "$F" "$W" "$T/first"
		chmod 111 "$T/bin/first"
		t_is "... of a program that may not be read" "$(status_of spawn -t 60 setpriv --reuid nobody --regid nogroup --clear-groups \
			"$T/bin/fdfence" run -q --supervise -- "$T/bin/ways" execve "$T/bin/first")" 0
	else
		t_skip "... of a program that may not be read" "not root"
	fi
fi

# --- io_uring: the ring itself, and files that are open in it alone ---
cat >"$T/ring.py" <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
SETUP, REGISTER, REGISTER_FILES = 425, 427, 2
ring = libc.syscall(SETUP, 4, ctypes.create_string_buffer(256))
if ring < 0:
    sys.exit(77)
file = libc.open(b"/etc/passwd", 0)
if libc.syscall(REGISTER, ring, REGISTER_FILES, ctypes.byref(ctypes.c_int(file)), 1):
    sys.exit(77)
os.close(file)
libc.dup(ring) # the ring is close-on-exec; this is not
os.execv(sys.argv[1], sys.argv[1:])
END
plain=$(status_of spawn /usr/bin/python3 "$T/ring.py" "$N")
if [ "$plain" = 77 ]; then
	t_skip "io_uring" "denied here"
else
	t_is "io_uring: without it the ring leaks" "$plain" 1
	t_is "io_uring: the ring is sealed, and with it the files that are open in it" "$(status_of sup -- /usr/bin/python3 "$T/ring.py" "$N")" 0
fi

# --- ten thousand, none of which can be read or written ---
cat >"$T/paths.py" <<'END'
import ctypes, os, resource, sys
libc = ctypes.CDLL(None)
n = int(sys.argv[1])
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, n + 100), max(hard, n + 100)))
paths = [libc.open(b"/etc/passwd", os.O_PATH) for _ in range(n)]
os.set_inheritable(paths[-1], False)
os.set_inheritable(paths[-1], True) # that one is meant
os.execv(sys.argv[2], sys.argv[2:])
END
if [ "$(spawn /usr/bin/python3 "$T/paths.py" 10000 "$H/static/fdlist" | wc -l)" = 10000 ]; then
	t_is "10,000 that were opened with O_PATH: the one that is meant arrives" \
		"$(sup -- /usr/bin/python3 "$T/paths.py" 10000 "$H/static/fdlist")" "10002 open /etc/passwd"
else
	t_skip "10,000 descriptors" "so many may not be open here"
fi

# --- Rust: its exec, and its spawn ---
cat >"$T/rust.rs" <<'END'
use std::{env, os::{fd::IntoRawFd, unix::process::CommandExt}, process::Command};
extern "C" {
    fn fcntl(fd: i32, command: i32, arg: i32) -> i32;
}
fn main() {
    let program = env::args().nth(1).unwrap();
    for _ in 0..5 {
        let fd = std::fs::File::open("/etc/passwd").unwrap().into_raw_fd();
        unsafe { fcntl(fd, 1030 /* F_DUPFD_CLOEXEC */, 3) };
        unsafe { fcntl(fd, 0 /* F_DUPFD */, 3) }; // inheritable
    }
    let status = Command::new(&program).status().unwrap();
    println!("spawned: {}", status.code().unwrap());
    println!("{}", Command::new(&program).exec());
}
END
if ! rustc -C target-feature=+crt-static -o "$T/rust" "$T/rust.rs" 2>"$T/log"; then
	t_skip "Rust" "it does not build: $(head -n 1 "$T/log")"
else
	t_is "Rust: without it five leak, twice" "$(spawn "$T/rust" "$N"; echo "status $?")" $'spawned: 5\nstatus 5'
	t_is "Rust: sealed" "$(sup -- "$T/rust" "$N"; echo "status $?")" $'spawned: 0\nstatus 0'
fi

# --- into namespaces of others ---
if spawn unshare -Urmpf --kill-child --mount-proc true 2>/dev/null; then
	unshare -Urmpf --kill-child --mount-proc sh -c 'echo ready; exec sleep 100' >"$T/inside" &
	inside=$!
	t_ok "setns: the namespaces of others stand" t_until test -s "$T/inside"
	child=$(pgrep -P "$inside")
	all=(nsenter -t "$child" -U -m -p --preserve-credentials)
	t_is "setns: sealed in namespaces of others" "$(status_of sup -- "${all[@]}" "$W" fork "$N")" 0
	t_is "... by a thread" "$(status_of sup -- "${all[@]}" "$W" thread "$N")" 0
	t_is "... and what is given goes along" \
		"$(sup -- bash -c "exec 6</etc/group; exec ${all[*]} $H/static/fdlist")" "6 open /etc/group"
	kill -KILL "$inside" # it blocks SIGTERM
	wait "$inside" 2>/dev/null
else
	t_skip "setns" "no namespaces here"
fi

# --- a supervisor below a check whose library is below it, too ---
# While the front of the inner one stands still, what it has to hand on comes late.
cat >"$T/late" <<'END'
front=$PPID # the reaper
for _ in supervisor front; do
	read -r _ _ _ front _ <"/proc/$front/stat"
done
kill -STOP "$front"
/usr/bin/perl -MPOSIX -e 'POSIX::open("/etc/passwd"); system("true")'
kill -CONT "$front"
END
for how in all auto; do
	spawn -t 60 "$F" check -q --format json -o "$T/json" -- "$F" check -q "--supervise=$how" -o "$T/inner" -- bash "$T/late"
	t_is "check below check, --supervise=$how: each exec is counted once, and each leak" \
		"$(jq -c '[.execs, .leaks, (.not_covered | length)]' "$T/json") $(head -n 1 "$T/inner")" \
		"[4,1,0] fdfence: 1 leak with 1 cause in 3 execs"
done

# --- an upgrade in place: what took the running program's place is started by it ---
cp /usr/bin/perl "$T/server"
cat >"$T/upgrade.pl" <<'END'
use POSIX;
my $before = POSIX::open("/etc/passwd") - 1; # its number is not named
rename("new", "server") if $ARGV[0] eq "replace";
if ($ARGV[1] eq "child" and fork()) {
	wait();
	exit();
}
exec {"./server"} "server", "-e", "print -e '/proc/self/fd/' . ($before + 1) ? 'kept ' : 'sealed '";
END
upgrade() { # "replace" or not, "self" or "child", options
	cp /usr/bin/perl "$T/new"
	(cd "$T" && sup "${@:3}" -- ./server upgrade.pl "$1" "$2" 2>&1)
}
t_is "a program that starts itself again keeps what it holds; so does an upgrade in place; a child is a new program" \
	"$(upgrade not self; upgrade replace self; upgrade replace child; upgrade replace self --intent=-image)" "kept kept sealed sealed "

# limits: supervise-daemon
cat >"$T/daemon.pl" <<'END'
use POSIX;
my ($out, $stays) = @ARGV;
my $first = getpid();
if (fork()) {
	wait(); # it has left our process group, which may end with us
	$stays or exit();
	select(undef, undef, undef, 0.1) until -s $out;
	exit();
}
setsid();
my $middle = getpid();
if (fork()) {
	exit();
}
select(undef, undef, undef, 0.01) while getppid() == $middle or (!$stays and readlink("/proc/$first/exe"));
my $before = POSIX::open("/etc/passwd") - 1;
exec {"/usr/bin/perl"} "perl", "-e",
	"my \$kept = -e '/proc/self/fd/' . ($before + 1) ? 'kept' : 'sealed'; open(my \$o, '>', '$out.new'); print \$o \$kept; close(\$o); rename('$out.new', '$out')";
END
in_background() { # does the first process stay?  fdfence...
	rm -f "$T/daemon.out"
	spawn -t 60 "$F" run -q "${@:2}" -- /usr/bin/perl "$T/daemon.pl" "$T/daemon.out" "$1" >/dev/null 2>&1
	t_until test -s "$T/daemon.out"
	cat "$T/daemon.out"
}
t_is "what is left of a server in the background keeps what it holds where it starts itself again; a child does not" \
	"$(in_background 0 --supervise) $(in_background 1 --supervise) $(in_background 0) $(in_background 1)" "kept sealed kept sealed"

# limits: auto-raw
cat >"$T/meant.c" <<'END'
#include <fcntl.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
	long r = argc;
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	fcntl(fd, F_SETFD, 0);
#ifdef __x86_64__
	register long none __asm__("r9") = 0;
	__asm__ volatile("syscall" : "=a"(r) : "a"(59L), "D"(argv[1]), "S"(argv + 1), "d"(environ), "r"(none)
			 : "rcx", "r11", "memory");
#endif
	return (int)r;
}
END
if [ "$(uname -m)" = x86_64 ] && gcc -o "$T/meant" "$T/meant.c" 2>"$T/log"; then
	t_is "what is meant by libc, before an exec without it: with the supervisor alone it is known, with auto it is not" \
		"$(for how in all auto; do
			spawn -t 60 "$F" run -q --supervise=$how -- "$T/meant" "$H/static/fdlist"
			echo "$how"
		done)" $'3 open /etc/passwd\nall\nauto'
else
	t_skip "what is meant by libc, before an exec without it" "written for x86-64, or it does not build: $(head -n 1 "$T/log")"
fi

# --- what was given is given wherever it is moved ---
cat >"$T/moved.py" <<'END'
import ctypes, fcntl, os, sys
libc, way, command = ctypes.CDLL(None), sys.argv[1], sys.argv[2:]
if way.startswith("event "):
    os.dup2(os.eventfd(0), 6)
    os.set_inheritable(6, False)
    os.set_inheritable(6, True) # it is given to the next one
    os.execv(sys.executable, [sys.executable, sys.argv[0], way[6:], *command])
if way == "copy":
    libc.dup(6)
elif way == "another":
    libc.dup2(libc.open(b"/etc/group", 0), 9)
elif way in ("by F_DUPFD", "by dup2"):
    if way == "by dup2":
        libc.dup2(6, 20)
    else:
        fcntl.fcntl(6, fcntl.F_DUPFD, 20)
    os.close(6)
elif way == "by a copy":
    copy = fcntl.fcntl(6, fcntl.F_DUPFD_CLOEXEC, 20)
    os.close(6)
    libc.dup2(copy, 21)
if not os.fork():
    os.execv(command[0], command)
os.wait()
END
# limits: supervise-moved
for how in --supervise --supervise=auto; do
	t_is "$how: what was given is given where it is moved, and another open file is not" \
		"$(for way in copy "by F_DUPFD" "by dup2" "by a copy" another "event by dup2" "event by F_DUPFD"; do
			spawn -t 60 "$F" run -q $how --no-follow -- env -i bash -c 'exec 6</etc/group; exec "$@"' - /usr/bin/python3 "$T/moved.py" "$way" "$H/static/fdlist"
			echo "$way"
		done)" \
		"3 open /etc/group
6 open /etc/group
copy
20 open /etc/group
by F_DUPFD
20 open /etc/group
by dup2
21 open /etc/group
by a copy
6 open /etc/group
another
20 open anon_inode:[eventfd]
event by dup2
event by F_DUPFD"
done

# --- an image whose children exec one after the other is known again, without a look at /proc ---
cat >"$T/again.pl" <<'END'
use POSIX;
my $before = POSIX::open("/etc/passwd") - 1;
system(@ARGV) for 1 .. 6; # sealed each time
exec {"/usr/bin/perl"} "perl", "-e", "print -e '/proc/self/fd/' . ($before + 1) ? 'kept' : 'sealed'";
END
t_is "of six children each is sealed; the process itself starts its image again, and keeps what it holds" \
	"$(sup -- /usr/bin/perl "$T/again.pl" "$H/static/fdlist")" kept
six=$(for _ in {1..6}; do echo "7 open /etc/group"; done)
t_is "what an image was given each of six children hands on" \
	"$(sup -- bash -c "exec 7</etc/group; exec $H/trace/execs -q 6 $H/static/fdlist")" "$six"
t_is "what each of six children was given by a redirection arrives" \
	"$(sup -- bash -c "for i in 1 2 3 4 5 6; do $H/static/fdlist 7</etc/group; done")" "$six"
cat >"$T/asked" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	strace -qq -f -e trace=openat -o "$T/opened" -p "\$s" &
	t_until() { for _ in {1..300}; do "\$@" && return; sleep 0.1; done; }
	t_until grep -q "TracerPid:.*[1-9]" "/proc/\$s/status"
	$H/trace/execs -q 20 $H/static/count
	kill %1
END
sup -- bash "$T/asked"
t_like "of 20 children the third and all later ones are known: /proc is asked for five at most" \
	"$(grep -c '"[0-9]*/stat"' "$T/opened")" "^[1-5]$"
t_done
