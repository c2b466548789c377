#!/bin/bash
# limit: 300
# fdfence inspect where it is hard: bad input, no permission, what is denied, names that were made
# to deceive, processes that end while it looks and numbers that are used again.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/command/inspect.bash
. "$(dirname "$0")/inspect.bash"
for_others "$F" "$H/within"
F=$T/bin/fdfence
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# --- bad input: one line each, a status, and nothing half done ---
sleeper -l file:5
good=$pid
for word in x -1 0 12x 4294967297 ' 1' ''; do
	t_is "'$word' is refused before anything is looked at" "$(said -q -- "$good" "$word")" \
		"fdfence: inspect '$word': expected the number of a process$([[ $word != -* ]] || echo '; options stand before it')"$'\nstatus 125'
done
t_like "an option behind a number" "$(said -q "$good" --leaks)" "options stand before it"$'\nstatus 125'
t_like "nothing is asked for" "$(said -q)" "expected the number of a process, or --all.*"$'\nstatus 125'
for options in "--all $good" "--leaks --sealed $good" "--by unit --format json $good" "--by unit --watch $good" \
	"--columns FD --format json $good"; do
	# shellcheck disable=SC2086 # options
	t_like "$options exclude each other" "$(said -q $options)" $'^fdfence: inspect: --.*\nstatus 125$'
done
for option in --by=x --format=x --columns=x --columns=MNTNS,CRED --watch=0 --watch=x --error-exitcode=256 --error-exitcode=125 --type=x --uid=nosuch; do
	t_like "$option is refused" "$(said -q $option "$good")" $'^fdfence: --[a-z-]+ .*\nstatus 125$'
done
none=$(($(cat /proc/sys/kernel/pid_max) - 1))
while [ -e "/proc/$none" ]; do none=$((none - 1)); done
some=$("$F" inspect -q "$good" 2>/dev/null)
t_is "a number that is nobody's: the others are shown, and it is said" "$(said -q "$none" "$good")" \
	"fdfence: inspect: $none: there is no such process"$'\n'"$some"$'\nstatus 3'
hold "$H/inspect/tables"
thread=$pid process=$(awk '/^Tgid:/ { print $2 }' "/proc/$pid/status")
held+=("$process")
t_is "a thread" "$(said -q "$thread")" "fdfence: inspect: $thread: a thread of process $process; give that number"$'\nstatus 3'
hold /usr/bin/python3 -c 'import os, time
child = os.fork()
if not child: os._exit(0)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
print(child, flush=True)
time.sleep(300)'
t_like "a zombie" "$(said -q "$pid")" "fdfence: inspect: $pid: it has ended \(a zombie.*"$'\nstatus 3'
held+=("$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status")")
if [ "$(awk '{ print $9 }' /proc/2/stat 2>/dev/null)" ] && [ -z "$(readlink /proc/2/exe)" ]; then
	t_like "a thread of the kernel" "$(said -q 2)" "a thread of the kernel, which has no descriptors"$'\nstatus 0'
else
	t_skip "a thread of the kernel" "number 2 is none in this PID namespace"
fi
t_is "the output cannot be written: told once" "$("$F" inspect -q "$good" 2>&1 >/dev/full; echo "status $?")" $'fdfence: stdout: No space left on device\nstatus 125'

# --- another user, no privileges ---
hold "${nobody[@]}" sh -c 'echo $$; exec 5</etc/passwd; exec sleep 300'
own=$pid
t_is "one's own process is seen in full, without privileges" \
	"$("${nobody[@]}" "$F" inspect -q --columns FD,TARGET "$own" 2>&1 | awk 'NR > 1 { $1 = $1; print }'; echo "${PIPESTATUS[0]}")" $'5 /etc/passwd\n0'
hold "${nobody[@]}" /usr/bin/python3 "$root/tests/helpers/inspect/kinds.py" "$(mktemp -d -p /tmp "fdfence-kinds.XXXXXX" | tee "$T/dir" | xargs -I{} sh -c 'chown 65534 {}; echo {}')"
t_is "... its sockets, terminals, seals and duplicates too" \
	"$("${nobody[@]}" "$F" inspect -q --columns FD,TARGET,NOTE "$pid" 2>&1; echo $?)" \
	"$("$F" inspect -q --columns FD,TARGET,NOTE "$pid" 2>&1; echo $?)"
rm -rf "$(cat "$T/dir")"
said_by_nobody=$("${nobody[@]}" "$F" inspect -q "$good" "$own" 2>&1 >"$T/shown"; echo "status $?")
t_like "another's is not, which is said" "$said_by_nobody" \
	"^fdfence: inspect: $good: not permitted: of another user, .*"$'\nstatus 3$'
t_like "... and one's own beside it is shown" "$(cat "$T/shown")" "$own .*/etc/passwd"
t_like "--all says how many were not seen" "$("${nobody[@]}" "$F" inspect -q --all 2>&1 >/dev/null; echo "status $?")" \
	$'^fdfence: not seen: [0-9]+ process.*\\([0-9]+(, [0-9]+)*( and others)?\\);.*\nstatus 3$'
# A number that nothing else here runs as.
t_like "... also where a program is asked for: its image is as hidden" \
	"$("${nobody[@]}" "$F" inspect --all --exe nosuch --format junit 2>/dev/null; echo "status $?")" \
	'processes could not be looked at.*status 3$'
t_like "... not if nobody asked for them" "$(setpriv --reuid=64533 --regid=64533 --clear-groups "$F" inspect -q --all --uid 64533 2>&1 |
	tail -1; echo "status ${PIPESTATUS[0]}")" 'status 0$'
hidden() { # option of mount, command...
	local how=$1
	shift
	unshare -m sh -c 'mount -t proc -o "$1" proc /proc && shift && exec "$@"' _ "$how" "${nobody[@]}" "$@" 2>&1
	echo "status $?"
}
t_like "hidepid=2 hides a process, which is said" "$(hidden hidepid=2 "$F" inspect -q "$good")" \
	"inspect: $good: /proc does not show it.*"$'\nstatus 3'
t_like "... and with --all that there may be more" "$(hidden hidepid=2 "$F" inspect -q --all)" "hidepid.*"$'\nstatus 3'
t_like "hidepid=1 denies" "$(hidden hidepid=1 "$F" inspect -q "$good")" "inspect: $good: not permitted.*"$'\nstatus 3'
t_like "no /proc" "$(unshare -m sh -c 'mount -t tmpfs none /proc; exec "$@"' _ "$F" inspect -q "$good" 2>&1; echo "status $?")" \
	'^fdfence: /proc: .* it has to be mounted.*status 125$'
t_like "the /proc of another PID namespace" "$(unshare -fp "$F" inspect -q "$good" 2>&1; echo "status $?")" \
	'^fdfence: /proc is that of another PID namespace.*status 125$'

# --- what may be denied ---
mkdir "$T/k"
hold /usr/bin/python3 "$root/tests/helpers/inspect/kinds.py" "$T/k"
kinds=$pid
denied() { # word of within, options...
	local word=$1
	shift
	"$T/bin/within" "deny=$word:EPERM" -- "$F" inspect -q "$@" 2>&1
	echo "status $?"
}
whole=$("$F" inspect -q --columns FD,TYPE,TARGET,NOTE "$kinds")
inet=$(awk '/ tcp | udp / && !/unconnected/ || / listening/ { $1 = $1; print }' <<<"$whole")
without=$(denied pidfd_getfd --columns FD,TYPE,TARGET,NOTE "$kinds")
t_is "without pidfd_getfd addresses and states are what /proc tells" \
	"$(awk '/ tcp | udp / && !/unconnected/ || / listening/ { $1 = $1; print }' <<<"$without")" "$inet"
t_like "... what it does not tell is said" "$without" \
	"of [0-9]+ sockets? no address is known; of 2 memory files the seals are not known; pidfd_getfd: Operation not permitted: sockets as /proc/$kinds/net tells them"
t_like "... with the status" "$without" $'\nstatus 3$'
t_like "... and in the record" "$("$T/bin/within" deny=pidfd_getfd:ENOSYS -- "$F" inspect -q --format json "$kinds" | jq -r .inexact)" \
	"pidfd_getfd: Function not implemented"
hold unshare -n /usr/bin/python3 -c 'import os, socket, time
s = socket.socket()
s.bind(("0.0.0.0", 80)); s.listen()
os.set_inheritable(s.fileno(), True)
print(os.getpid(), flush=True); time.sleep(300)'
t_is "... in the network namespace of the process" "$("$T/bin/within" deny=pidfd_getfd:EPERM -- "$F" inspect -q --columns TYPE,TARGET,NOTE "$pid" 2>&1 |
	awk 'NR == 2 { $1 = $1; print }')" "listener tcp 0.0.0.0:80 listening"
t_is "without pidfds all the same is seen, but for what a copy tells" \
	"$(denied pidfd_open --columns FD "$kinds" | head -n -2 | sort)" "$("$F" inspect -q --columns FD "$kinds" | sort)"
for error in EPERM:'Operation not permitted' EACCES:'Permission denied' ENOSYS:'Function not implemented'; do
	t_like "... which says why, ${error%:*}" "$("$T/bin/within" deny="pidfd_open:${error%:*}" -- "$F" inspect -q "$kinds" 2>&1)" \
		"; pidfd_open: ${error#*:}: sockets as"
done
t_like "without statx nothing can be told of any, and why" "$(denied statx --columns FD "$kinds")" \
	'[0-9]+ descriptors could not be looked at: Operation not permitted'
without=$(denied kcmp --columns FD,NOTE "$kinds")
t_like "without kcmp it is said that duplicates are not known" "$without" "kcmp is denied.*"$'\nstatus 3$'
t_fails "... and none is told" grep -q 'same as' <<<"$without"
t_like "... threads with other numbers are told apart" "$(denied kcmp --columns PID,FD "$process")" \
	"$process/$thread +11"

# --- nothing changes in the process ---
hold /usr/bin/python3 -c '
import fcntl, os, sys, time
f = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.set_inheritable(f, True)
os.write(f, b"0123456789")
os.lseek(f, 4, 0)
fcntl.lockf(f, fcntl.LOCK_EX)
print(os.getpid(), flush=True)
time.sleep(300)' "$T/locked"
before=$(cat "/proc/$pid/fdinfo/"* | grep -v '^ino')
for _ in {1..20}; do "$F" inspect -q --sealed "$pid" >/dev/null; done
t_is "offsets, flags and locks are as before, after twenty looks" "$(cat "/proc/$pid/fdinfo/"* | grep -v '^ino')" "$before"
t_like "... there was a lock" "$before" 'lock:.*POSIX'

# --- names ---
name=$'evil\n  1  true\e]0;x\a\xff\xe2\x80\xae'
hold /usr/bin/python3 -c '
import os, sys, time, ctypes
path = os.fsencode(sys.argv[1]) + b"/" + os.fsencode(sys.argv[2])
os.set_inheritable(os.open(path, os.O_RDWR | os.O_CREAT), True)
ctypes.CDLL(None).prctl(15, b"a) R 1\n\x1b[31m")
print(os.getpid(), flush=True)
time.sleep(300)' "$T" "$name"
t_is "a row is one line, whatever is in a name" "$("$F" inspect -q --columns PID,COMM,TARGET,CGROUP "$pid" | wc -l)" 2
t_fails "... and holds no control byte" grep -qP '[\x00-\x09\x0b-\x1f\x7f]' <<<"$("$F" inspect -q --columns COMM,TARGET "$pid")"
"$F" inspect -q --format json "$pid" >"$T/hard.json" # tests/run holds it against the schema
t_like "the bytes can be had back" "$(jq -r '.fds[0].target' "$T/hard.json")" 'evil\\x0a  1  true\\x1b\]0;x\\x07\\xff\\xe2\\x80\\xae'
t_is "the brackets of a name do not shift what stands behind it" "$(jq -r .comm "$T/hard.json")" 'a) R 1\x0a\x1b[31m'

# --- what changes while it looks ---
hold "$H/inspect/races" toggle
[ "$pid" ] || pid=$(pgrep -nf "$H/inspect/races toggle")
held+=("$pid")
for _ in {1..300}; do
	"$F" inspect -q --format json "$pid" 2>/dev/null
done >"$T/toggle.json"
t_is "a number that is now this, now that, is never told as a mixture of both" \
	"$(jq -r '.fds[] | "\(.fd) \(.type) \(.target | sub("[0-9]+"; "N"))"' "$T/toggle.json" | sort -u)" "9 pipe pipe:[N]"

cat >"$T/reuse" <<R
"$H/inspect/races" short "$T/n" >/dev/null & sleep 0.5
for i in {1..60}; do "$F" inspect -q --all --format json; done >"$T/reuse.json" 2>"$T/reuse.err"
kill -KILL \$!
R
mkdir "$T/n"
if unshare -fp --mount-proc bash "$T/reuse" && [ -s "$T/reuse.json" ]; then
	told=$(jq -r 'select(.comm | test("^n[0-9]+$")) | .comm as $n | .fds[] | select(.type == "file") | "\($n) \(.target)"' \
		"$T/reuse.json" | sed 's/ (deleted)$//')
	t_is "numbers that are used again: what is told of a process is its own" \
		"$(awk '{ n = $2; sub(/.*\//, "", n); if (n != $1) print }' <<<"$told")" ""
	t_ok "... of $(grep -c . <<<"$told") that were seen, under $(jq -r 'select(.comm | test("^n[0-9]+$")).pid' "$T/reuse.json" | sort -u | wc -l) numbers" \
		test "$(grep -c . <<<"$told")" -ge 50
else
	t_skip "numbers that are used again: what is told of a process is its own" "no PID namespace here, or no ns_last_pid"
fi
t_done
