#!/bin/bash
# One severity: the same descriptor is as bad, for the same reason, in check, below a supervisor, in
# the tracer, in its summary, and of a live process in inspect and in a snapshot.
# limit: 240
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
F=$B/fdfence
chmod 755 "$T"
mkdir "$T/dir"
for file in open locked posix theirs out; do
	printf x >"$T/$file"
	chmod 644 "$T/$file"
done
printf x >"$T/secret"
chmod 600 "$T/secret"
flock -F "$T/theirs" sleep 200 &
theirs=$!

# KIND of danger, what is said of it.  The last ones are opened as two numbers of which one is closed.
files="r:$T/open low world-readable
w:$T/new medium writable
lock:$T/locked medium lock
posix:$T/posix medium lock
r:$T/theirs low world-readable
dir:$T/dir medium directory
path:$T/open low handle
rw:/dev/null low harmless
w:$T/out low twin
rw:$T/out medium writable
r:/proc/self/ns/net high namespace
memfd high memfd
shrink high memfd
sealed medium sealed-memfd
future medium sealed-memfd
huge medium sealed-memfd"
others="listener high listener
bound high bound
connected high connected
idle medium idle-socket
raw high raw-socket
packet high raw-socket
reader medium pipe-reader
writer medium pipe-writer
eventfd medium object
pty high terminal
userfaultfd high userfaultfd
bpf high bpf
io_uring high io_uring"
terminals="rw:/dev/tty low own-terminal
rw:@tty low own-terminal"
anothers="rw:@tty high terminal"

# The lines of a table whose kind this machine has; what needs a terminal is not asked for without one.
available() { # table
	while read -r kind says; do
		[ "$where" != none ] || spawn "$H/danger" "$kind" -- true >/dev/null 2>&1
		[ $? = 77 ] || echo "$kind $says"
	done <<<"$1"
}

# Start a command with $T/out as its output: on a terminal of its own, or without one.
start() { # command...
	if [ "$where" = none ]; then
		spawn "$@" >"$T/out" 2>"$T/err" </dev/null
	else
		local line
		printf -v line '%q ' "$@"
		script -qec "tty=\$(tty); exec $where ${line//@tty/\"\$tty\"} >$T/out 2>$T/err </dev/null" /dev/null \
			</dev/null >/dev/null 2>&1
	fi
}

# "NUMBER severity danger" of all that danger has.
fds() { # file of records
	jq -r --arg exe "$1" 'select(.exe == $exe) | .fds[] | "\(.fd) \(.severity)\(if .at_least then "+" else "" end) \(.danger)"' "$2" |
		sort -n | cut -d ' ' -f 2-
}
by_check() { # check options, kinds...
	start "$F" check "${how[@]}" --intent none --format json -o "$T/json" -- "$H/danger" "$@" -- true
	jq -r '.causes[] | .fds[] as $fd | "\($fd) \(.severity)\(if .at_least then "+" else "" end) \(.danger)"' "$T/json" |
		sort -n | cut -d ' ' -f 2-
}
by_trace() { # kinds...
	rm -f "$T/json"
	start "$F" trace --intent none --format json -o "$T/json" -- "$H/danger" "$@" -- true
	fds "$H/danger" "$T/json"
}
# Of a process that holds them.  Who it will start is not known: "or worse" (+) says so.
hold() { # kinds...
	rm -f "$T/pid"
	start "$H/danger" "$@" -- sh -c "echo \$\$ >$T/pid; exec sleep 200" &
	holder=$!
	t_until test -s "$T/pid" || return
	pid=$(cat "$T/pid")
	t_until grep -q sleep "/proc/$pid/comm"
}
by_inspect() {
	"$F" inspect -q --intent none --format json "$pid" >"$T/json" 2>"$T/err"
	fds /usr/bin/sleep "$T/json"
}
by_snapshot() {
	rm -f "$T/json"
	"$F" trace -q --snapshot --intent none --pid "$pid" --format json -o "$T/json" >"$T/err" 2>&1
	fds /usr/bin/sleep "$T/json"
}

agree() { # name table
	local table kinds expected
	table=$(available "$2")
	while read -r kind _; do
		t_skip "$1: $kind" "this machine denies it"
	done < <(grep -vxF -f <(echo "$table") <<<"$2")
	mapfile -t kinds < <(cut -d ' ' -f 1 <<<"$table")
	expected=$(cut -d ' ' -f 2- <<<"$table")
	with() { paste -d ' ' - <(printf '%s\n' "${kinds[@]}"); }
	how=()
	t_is "check, $1" "$(by_check "${kinds[@]}" | with)" "$(with <<<"$expected")"
	how=(--supervise)
	t_is "check --supervise, $1" "$(by_check "${kinds[@]}" | with)" "$(with <<<"$expected")"
	t_is "trace, $1" "$(by_trace "${kinds[@]}" | with)" "$(with <<<"$expected")"
	hold "${kinds[@]}"
	t_is "inspect, $1" "$(by_inspect | tr -d + | with)" "$(with <<<"$expected")"
	t_is "trace --snapshot, $1" "$(by_snapshot | tr -d + | with)" "$(with <<<"$expected")"
	t_is "the two say of the same that it may be worse, $1" "$(by_snapshot)" "$(by_inspect)"
	kill "$pid"
	wait "$holder"
}
where=none
agree "files" "$files"
agree "sockets and objects" "$others"
where=
agree "the own terminal" "$terminals"
where='setsid -w'
agree "another's terminal" "$anothers"

# Whether the next program may read it is not known, though this one may.
where=none
hold "r:$T/secret"
t_is "of a file for its owner alone inspect says" "$(by_inspect)" "medium+ private"
t_is "and so does a snapshot" "$(by_snapshot)" "medium+ private"
kill "$pid" "$theirs"
wait

# A row of the summary is of those that read the same.
start "$F" trace -q --summary --intent none -- sh -c "
	$H/danger memfd -- true; $H/danger sealed -- true
	$H/danger r:$T/open -- true; $H/danger lock:$T/open -- true"
t_is "a summary tells apart what is not as bad" "$(awk '$6 ~ /^(memfd|file)$/ { print $5, $6, $1 }' "$T/out" | sort)" \
	"high memfd 1
low file 1
medium file 1
medium memfd 1"
t_done
