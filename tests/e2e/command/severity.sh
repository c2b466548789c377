#!/bin/bash
# limit: 240
# How bad a leak is: each case built for real, as the shim's own record says it.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

chmod 755 "$T"
mkdir "$T/area" "$T/closed"
chmod 777 "$T/area"
chmod 700 "$T/closed"
printf x >"$T/open"
printf x >"$T/secret"
printf x >"$T/closed/open"
chmod 644 "$T/open" "$T/closed/open"
chmod 600 "$T/secret"
user=(-u 12345)

how=()
# What the report says of the one cause: "critical unreadable", "medium+ writable".
says() { # name expected [danger options] KIND [-- COMMAND]
	local name=$1 expected=$2
	t_wants "$name" || return 0
	shift 2
	case $* in *' -- '*) ;; *) set -- "$@" -- true ;; esac
	spawn "$F" check "${how[@]}" --format=json -o "$T/json" -- "$H/danger" "$@" >"$T/out" 2>&1
	if [ "$(jq -r .status "$T/json")" = 77 ]; then
		t_skip "$name" "not here: $(head -n 1 "$T/out")"
		return
	fi
	t_is "$name" "$(jq -r '.causes[] | "\(.severity)\(if .at_least then "+" else "" end) \(.danger)"' "$T/json")" "$expected"
}

# --- critical: what its own credentials could not open ---
if [ "$(id -u)" = 0 ]; then
	says "a file for its owner alone, open in a program that gave its user up" "critical unreadable" \
		"${user[@]}" "r:$T/secret"
	says "a file that its user may not write" "critical unwritable" "${user[@]}" "w:$T/open"
	says "and that it may read is no excuse" "critical unwritable" "${user[@]}" "rw:$T/open"
	says "a file behind a folder that it may not pass" "critical unreachable" "${user[@]}" "r:$T/closed/open"
	says "a handle of it" "critical unreachable" "${user[@]}" "path:$T/closed/open"
	says "a folder that it may not read" "critical unreadable" "${user[@]}" "dir:$T/closed"
	chown 12345 "$T/secret"
	says "the same file is its own" "low readable" "${user[@]}" "r:$T/secret"
	says "and for writing" "medium writable" "${user[@]}" "rw:$T/secret"
	says "another's file is root's as well" "medium writable" "rw:$T/secret"
	says "unless the capability is given up" "critical unwritable" -c "rw:$T/secret"
	chown 0 "$T/secret"
	says "and the set-user-ID program that follows may what its owner may" "medium+ writable" \
		"${user[@]}" "w:$T/open" -- "$(command -v su)" --version
	mkdir -p "$T/root/bin" "$T/root/proc"
	cp "$H/static/fdlist" "$T/root/bin/"
	says "a folder outside its root" "critical outside-root" -r "$T/root" "dir:$T/area" -- /bin/fdlist
	says "a folder outside its mount namespace (runc, CVE-2024-21626)" "critical outside-root" \
		-m "$T/root" "dir:$T/area" -- /bin/fdlist
	says "a file of another root that has its name here, too" "critical outside-root" \
		-r "$T/root" "r:/bin/true" -- /bin/fdlist
	says "where /proc does not tell the name, it may be so" "medium+ directory" \
		-p -r "$T/root" "dir:$T/area" -- /bin/fdlist
	says "a folder of the old namespace, though it lies in the new root" "critical outside-root" \
		-m "$T/root" "dir:$T/root/bin" -- /bin/fdlist
	says "a folder inside it" "medium directory" -r "$T/root" "dir:$T/root/bin" -- /bin/fdlist
	# As a supervisor sees it, who knows the credentials of the new program, and which mounts it has.
	how=(--supervise)
	says "supervised: a file for its owner alone" "critical unreadable" "${user[@]}" "r:$T/secret"
	says "supervised: a file that its user may not write" "critical unwritable" "${user[@]}" "rw:$T/open"
	says "supervised: a file behind a folder that it may not pass" "critical unreachable" "${user[@]}" "r:$T/closed/open"
	says "supervised: root's own" "medium writable" "rw:$T/secret"
	says "supervised: the set-user-ID program that follows may write it" "medium writable" \
		"${user[@]}" "w:$T/open" -- "$(command -v su)" --version
	says "supervised: a folder outside its root" "critical outside-root" -r "$T/root" "dir:$T/area" -- /bin/fdlist
	says "supervised: a folder outside its mount namespace" "critical outside-root" \
		-m "$T/root" "dir:$T/area" -- /bin/fdlist
	detached() { # [OPTION]: a copy of the mount of /etc that nothing leads to
		rm -f "$T/json"
		spawn "$F" check "$@" --format=json -o "$T/json" -- /usr/bin/python3 -c 'import ctypes, os, sys
if ctypes.CDLL(None).syscall(428, -100, b"/etc", 1) < 0:
    sys.exit(77)
os.system("true")' >/dev/null 2>&1
		jq -r '.causes[] | "\(.severity)\(if .at_least then "+" else "" end) \(.danger)"' "$T/json"
	}
	got=$(detached)
	if [ "$(jq .status "$T/json")" != 77 ]; then
		t_is "a mount that lies nowhere (open_tree)" "$got" "critical outside-root"
		t_is "supervised: a mount that lies nowhere" "$(detached --supervise)" "critical outside-root"
	else
		t_skip "a mount that lies nowhere" "not here: open_tree"
	fi
	# limits: supervise-severity
	spawn "$F" check --supervise --format=json -o "$T/json" -- unshare -m "$H/danger" "dir:$T/area" -- true >/dev/null 2>&1
	t_is "supervised: the way to a folder within another mount namespace is not known" \
		"$(jq -r '.causes[] | "\(.severity)\(if .at_least then "+" else "" end) \(.danger)"' "$T/json")" "medium+ directory"
	how=()
else
	t_skip "critical: what its own credentials could not open" "not root: nothing to give up"
fi

# --- high ---
says "a listener" "high listener" listener
says "a connected socket" "high connected" connected
says "a socket with an address" "high bound" bound
says "a raw socket" "high raw-socket" raw
says "a packet socket" "high raw-socket" packet
says "a terminal" "high terminal" pty
says "a BPF map" "high bpf" bpf
says "a ring of io_uring" "high io_uring" io_uring
says "a userfaultfd" "high userfaultfd" userfaultfd
says "memory that others may change" "high memfd" memfd
for device in /dev/{mem,loop-control,fuse,net/tun,kvm,vda,sda}; do
	[ ! -r "$device" ] || says "a raw device: $device" "high device" "r:$device"
done
says "a namespace" "high namespace" r:/proc/self/ns/net

# --- medium ---
says "a file for writing" "medium writable" "w:$T/area/new"
says "the end of a pipe that is written to" "medium pipe-writer" writer
says "the end of a pipe that is read from" "medium pipe-reader" reader
says "a lock" "medium lock" "lock:$T/open"
says "a folder" "medium directory" "dir:$T/area"
says "memory that is sealed" "medium sealed-memfd" sealed
says "a socket that is nowhere" "medium idle-socket" idle
says "an object of the kernel" "medium object" eventfd

# --- low ---
says "a file that anyone may read" "low world-readable" "r:$T/open"
says "a handle of a file" "low handle" "path:$T/open"
says "/dev/null" "low harmless" rw:/dev/null
# What it has anyway: stdout of says() is $T/out.
says "what it has as its output, too" "low twin" "w:$T/out"
says "... but not to read from it" "medium writable" "rw:$T/out"
says "an object of the kernel is not the same for its inode" "medium object" eventfd
how=(--supervise)
says "supervised: what it has as its output, too" "low twin" "w:$T/out"
says "supervised: ... but not to read from it" "medium writable" "rw:$T/out"
how=()
on_terminal() { # COMMAND: what danger with its own terminal gets, without one as 0, 1 and 2
	local shell="$1 $F check $2 --format=json -o $T/json -- $H/danger rw:\$(tty) -- true >/dev/null 2>&1 </dev/null"
	script -qec "$shell" /dev/null </dev/null >/dev/null 2>&1
	jq -r '.causes[] | "\(.severity) \(.danger)"' "$T/json"
}
t_is "its own terminal" "$(on_terminal '' '')" "low own-terminal"
t_is "another's terminal" "$(on_terminal 'setsid -w' '')" "high terminal"
t_is "supervised: its own terminal" "$(on_terminal '' --supervise)" "low own-terminal"
t_is "supervised: another's terminal" "$(on_terminal 'setsid -w' --supervise)" "high terminal"

chmod 666 "$T/open"
rm -f "$T/area/gone"
says "a file that was deleted lies nowhere" "low world-readable" "r:$T/open" -- rm "$T/open"
printf x >"$T/open"

# --- the report ---
danger=("$H/danger" "r:$T/open" listener listener "w:$T/area/new" -- true)
spawn "$F" check -- "${danger[@]}" 2>"$T/text"
t_is "the worst comes first" "$(awk '/SEVERITY/ { t = 1; next } t && !NF { exit } t { print $1 }' "$T/text")" \
	"$(printf '%s\n' high medium low)"
t_ok "each kind is explained once" test "$(grep -c '^high, listener: it can take connections' "$T/text")" = 1
t_ok "what is known is no \"or worse\"" test "$(grep -c '^+:' "$T/text")" = 0
spawn "$F" check --color=always -- "${danger[@]}" 2>"$T/text"
t_like "severities have colours" "$(cat -v "$T/text")" '\^\[\[31mhigh'

# --- --min-severity ---
min() { # level
	spawn "$F" check --min-severity "$1" --format=json -o "$T/json" -- "${danger[@]}" >/dev/null 2>&1
	echo "$? $(jq -r '"\(.leaks) \(.causes | map(.severity) | join(" ")) \(.leaks_below) \(.min_severity)"' "$T/json")"
}
t_is "--min-severity low is all" "$(min low)" "99 4 high medium low 0 low"
t_is "--min-severity high leaves out what is less" "$(min high)" "99 2 high 2 high"
t_is "and what is not reported is no failure" "$(min critical)" "0 0  4 critical"
t_like "the text says that something was left out" \
	"$(spawn "$F" check --min-severity high -- "${danger[@]}" 2>&1)" '2 leaks below high not counted'
t_like "a level that is none" "$(spawn "$F" check --min-severity worst -- true 2>&1)" \
	'min-severity .worst.: expected low, medium, high or critical'

# --- in a log ---
if [ "$(id -u)" = 0 ]; then
	spawn -e FDFENCE_LOG="$T/area/log" -e FDFENCE_MODE=report -e LD_PRELOAD="$SHIM" \
		"$H/danger" "${user[@]}" "w:$T/open" -- true
	t_is "a record in a log says it, too" "$(jq -r '.fds[] | "\(.severity) \(.danger) \(.at_least)"' "$T/area/log")" \
		"critical unwritable null"
else
	t_skip "a record in a log says it, too" "not root"
fi
t_done
