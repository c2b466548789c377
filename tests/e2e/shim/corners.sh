#!/bin/bash
# limit: 300
# The corners of exec and spawn in which a program sees its libc: tests/helpers/host/corners.c.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/shim/host.bash
. "$(dirname "$0")/host.bash"

# Whatever comes out is the same.
alike() { # name [option...] command...
	local name=$1 out
	shift
	out=$(plain "$@")
	case $out in
	*"status 77") t_skip "$name" "${out%$'\n'*}" ;;
	*"status 0") t_is "$name" "$(with_fence "$@")" "$out" ;;
	*) t_fail "$name" "without the shim: $out" ;;
	esac
}

for libc in glibc musl; do
	corners=$H/host/corners
	[ $libc = glibc ] || corners=$H/musl/host/corners
	if ! [ -x "$corners" ]; then
		t_skip "$libc" 'no compiler for it here'
		continue
	fi
	alike "$libc: the auxiliary vector behind the environment" "$corners" auxv "$corners"
	alike "$libc: signals that libc has for itself, in a child" "$corners" signals
	alike "$libc: popen and system without a process to be had" "$corners" nproc
	mkdir -p "$T/noshell.$libc"
	alike "$libc: system without a shell" env -C "$T/noshell.$libc" "$corners" noshell
	alike "$libc: addresses that are none" "$corners" pointers
	sealed "$libc: fexecve where execveat is denied" '' "$corners" fexecve "$fdlist"
	t_is "$libc: of two LD_PRELOAD the last counts, and the fence is put there" \
		"$(fenced "$corners" twice | awk '$1 > 0 { print "there" }')" there
done
alike 'syscall() returns a long, also for an exec that fails' "$H/host/asks" failed
alike 'an exec that is asked for, and not done' "$H/host/asks" check

# A format that only binfmt_misc takes, in a user namespace with one of its own: the program is run
# once, with its own arguments and sealed, whatever the entry's flags are.
cat >"$T/binfmt" <<'E'
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || exit 77
echo ":fdfence:M::FENCE::$T/interpreter:$1" >/proc/sys/fs/binfmt_misc/register || exit 77
exec "$H/entry" execve "$T/strange"
E
printf '#!/bin/sh\necho "$# arguments, the last of $(printf %%s "$2" | wc -c) bytes"\nexec "%s"\n' "$fdlist" >"$T/interpreter"
printf 'FENCE\n' >"$T/strange"
chmod 755 "$T/interpreter" "$T/strange"
for flags in '' F P; do
	through=(-e T="$T" -e H="$H" unshare -Urm --kill-child -pf --mount-proc sh "$T/binfmt" "$flags")
	control=$(plain "${through[@]}")
	case $control in
	*'status 77') t_skip "binfmt_misc, flags '$flags'" "none in a user namespace here" ;;
	*) t_is "binfmt_misc, flags '$flags'" "$(with_fence "${through[@]}")" "$(grep -v '^[0-9]* open ' <<<"$control")" ;;
	esac
done
# With the flag O the kernel opens the program for the interpreter, which was given it so, and may
# hand it on.
cp "$H/host/opener" "$T/interpreter"
through=(-e T="$T" -e H="$H" -e FDLIST="$fdlist" unshare -Urm --kill-child -pf --mount-proc sh "$T/binfmt" O)
control=$(plain "${through[@]}")
case $control in
*'status 77') t_skip "binfmt_misc, flag O" "none in a user namespace here" ;;
*)
	t_like "binfmt_misc, flag O: opened for the interpreter" "$control" "^opened [0-9]+"
	t_is "binfmt_misc, flag O: given to the interpreter" "$(with_fence "${through[@]}")" \
		$'opened 3\n3 open '"$T/strange"$'\nstatus 0'
	;;
esac
t_is 'second names: acts are seen, and what is closed is forgotten' \
	"$(with_fence "$H/host/corners" names "$fdlist")" "5 open /etc/passwd
5 open /etc/passwd
7 open /etc/passwd
status 0"
# A script that holds a lock on itself, without /proc, which would tell who runs: what looks into the
# script for that must not drop the lock.  wordexp() is judged in the caller, who goes on.
cat >"$T/locked" <<'E'
#!/usr/bin/python3
import ctypes, fcntl, os, sys
lock = os.open(sys.argv[0], os.O_RDWR)
fcntl.lockf(lock, fcntl.LOCK_EX)
ctypes.CDLL(None).wordexp(b"$(true)", ctypes.create_string_buffer(256), 0)
if os.fork() == 0:
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        print("lost")
    except BlockingIOError:
        print("held")
else:
    os.wait()
E
chmod 755 "$T/locked"
# shellcheck disable=SC2016 # the inner shell's
through=(unshare -Urm sh -c 'mount -t tmpfs none /proc || exit 77; exec "$1"' sh "$T/locked")
control=$(plain "${through[@]}")
case $control in
*'status 77') t_skip "a script's lock on itself" "nothing can be mounted in a user namespace here" ;;
*)
	t_is "a script that has locked itself, without /proc and the fence" "$control" $'held\nstatus 0'
	t_is "... keeps its lock through a wordexp with it" "$(with_fence "${through[@]}")" "$control"
	;;
esac
# A script in a root without /proc: its interpreter is a shell, and keeps its redirection.
if [ "$(id -u)" -eq 0 ]; then
	mkdir -p "$T/root/etc" "$T/root/bin"
	for file in /bin/sh "$SHIM" $(ldd /bin/sh | grep -oE '/[^ ]+'); do
		mkdir -p "$T/root${file%/*}" && cp -L "$file" "$T/root$file"
	done
	cp "$H/static/count" "$T/root/bin/count"
	echo text >"$T/root/etc/text"
	printf '#!/bin/sh\nexec 3</etc/text\n/bin/count; echo "$? crossed"\n' >"$T/root/script"
	printf '#! /script\n' >"$T/root/deep"
	chmod 755 "$T/root/script" "$T/root/deep"
	for script in /script /deep; do
		same "$script in a root without /proc" '1 crossed' chroot "$T/root" "$script"
	done
else
	t_skip 'a script in a root without /proc' 'needs root'
fi
# limits: unreadable
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	cp "$SHIM" "$H/entry" "$T"
	install -m 711 "$H/static/fdlist" "$T/secret"
	as_other=(setpriv --reuid=65534 --clear-groups "$T/entry" execv "$T/secret")
	t_is 'a program that may be run but not read: runs, and is sealed' \
		"$(plain "${as_other[@]}" | grep -Fx "$leak") $(spawn -e LD_PRELOAD="$T/libfdfence.so" "${as_other[@]}" 2>&1
			echo "status $?")" "$leak status 0"
	echo text >"$T/text"
	chmod 711 "$T/text"
	cat >"$T/tries.py" <<-'END'
		import os, sys
		fd = os.open("/etc/passwd", os.O_RDONLY)
		numbers = [os.dup2(fd, 100 + n, inheritable=n % 2 > 0) for n in range(60)]
		try:
		    os.execv(sys.argv[1], ["x"])
		except OSError as e:
		    print(e.errno, sum(os.get_inheritable(n) for n in numbers))
	END
	as_other=(setpriv --reuid=65534 --clear-groups /usr/bin/python3 "$T/tries.py" "$T/text")
	t_is '... that cannot be run: its error, and the flags are what they were' \
		"$(plain "${as_other[@]}") $(spawn -e LD_PRELOAD="$T/libfdfence.so" "${as_other[@]}" 2>&1)" \
		$'8 30\nstatus 0 8 30'
else
	t_skip 'a program that may be run but not read' 'needs root and setpriv'
fi
if command -v strace >/dev/null; then
	# shellcheck disable=SC2016 # for the shell that is started
	spawn bash -c 'for i in {100..299} {400..999}; do eval "exec $i</etc/passwd"; done
		exec strace -f -o "$1" -E LD_PRELOAD="$2" "$3" "$4"' bash "$T/given" "$SHIM" "$H/host/runner" "$T/runner" >/dev/null 2>&1
	calls=$(sed -n '/clone3\?(/,/execve(.*runner/p' "$T/given" | grep -c .)
	t_is "what was given costs a spawn one look: 800 of them, $calls calls" $((calls > 800 && calls < 1200)) 1
else
	t_skip 'what was given costs a spawn one look' 'no strace here'
fi
# limits: handles
t_is 'dlsym on a handle goes past the hooks, as docs/limits.md says' \
	"$(with_fence "$H/host/handle" "$fdlist")" "$leak"$'\nstatus 0'
deep='import ctypes, os, sys
os.dup2(os.open("/etc/passwd", os.O_RDONLY), 9)
ctypes.CDLL(sys.argv[1], mode=getattr(os, sys.argv[2]))'
opens() { with_fence env HOST_CHILD="$fdlist" /usr/bin/python3 -c "$deep" "$H/host/preload" "$1" | grep passwd; }
t_is '... and so does an object that was opened to see its own libc first' "$(opens RTLD_DEEPBIND)" '9 open /etc/passwd'
t_is '... which others do not' "$(opens RTLD_NOW)" ''
t_done
