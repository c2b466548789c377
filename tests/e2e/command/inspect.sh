#!/bin/bash
# limit: 300
# fdfence inspect: what live processes would let through, whether it is told as they see it
# themselves, as /proc, lsfd and ss see it, and what the policy says of it.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/command/inspect.bash
. "$(dirname "$0")/inspect.bash"

# --- every kind of descriptor that this kernel offers, as its holder sees it ---
fields() {
	sed 's/^.*"fds":\[//; s/},{"fd":/}\n{"fd":/g' |
		sed 's/^,//; s/,"verdict":.*$//; s/,"rdev":"[0-9:]*"//'
}
mkdir "$T/f"
spawn -t 300 -e FACTORY_STAYS=1 "$H/trace/factory" "$T/f/kinds" "$T/f/truth" &
factory=$!
t_until test -s "$T/f/truth"
pid=$(pgrep -P "$(pgrep -P "$factory")")
held+=("$pid")
"$F" inspect -q --intent none --format json "$pid" >"$T/f/json"
t_is "of every kind of descriptor all could be told" "$?" 0
grep -v '^-' "$T/f/truth" | fields | sort >"$T/f/seen"
fields <"$T/f/json" | sort >"$T/f/told"
t_ok "this kernel offers at least 80 descriptors" test "$(grep -c . "$T/f/seen")" -ge 80
t_is "no field of any descriptor differs" "$(cat "$T/f/told")" "$(cat "$T/f/seen")"

# --- what others say: /proc, lsfd, ss ---
t_is "numbers, flags and names are those of /proc" \
	"$(jq -r '.fds[] | "\(.fd) \(.target)"' "$T/f/json" | sort -n)" \
	"$(for fd in "/proc/$pid/fd"/*; do
		n=${fd##*/} flags=$(awk '/^flags:/ { print $2 }' "/proc/$pid/fdinfo/${fd##*/}")
		[ "$n" -le 2 ] || ((flags & 02000000)) || /usr/bin/python3 -c '
import json, os, sys
raw = os.readlink(os.fsencode(sys.argv[1]))
try:
    text = "".join(c if c.isprintable() and c != "\\" else "".join("\\x%02x" % b for b in c.encode())
                   for c in raw.decode())
except UnicodeDecodeError:
    text = "".join(chr(b) if 32 <= b < 127 and b != 92 else "\\x%02x" % b for b in raw)
print(sys.argv[2], text)' "$fd" "$n"
	done | sort -n)"
# Two files of one name behind each other are one to lsfd (2.38): those called /file are left out.
if command -v lsfd >/dev/null; then
	t_is "lsfd counts the same, by type and inode" \
		"$(jq -r '.fds[] | select(.target != "/file") | "\(.fd) \(.ino) \(.flags[0])"' "$T/f/json" |
			sed 's/rdonly/r--/; s/wronly/-w-/; s/rdwr/rw-/; s/path/---/; s/ioctl/---/' | sort -n)" \
		"$(lsfd -n -r -p "$pid" -Q 'FD > 2' -o FD,INODE,MODE,NAME | awk '$4 != "/file" { print $1, $2, substr($3, 1, 3) }' |
			while read -r n rest; do
				flags=$(awk '/^flags:/ { print $2 }' "/proc/$pid/fdinfo/$n")
				((flags & 02000000)) || echo "$n $rest"
			done | sort -n)"
else
	t_skip "lsfd counts the same, by type and inode" "util-linux here has no lsfd"
fi
if command -v ss >/dev/null; then
	t_is "ss has the same listeners and connections of inet" \
		"$(jq -r '.fds[] | select(.socket.protocol == "tcp" and .state != "unconnected")
			| "\(.state) \(.socket.local) \(.socket.peer // "*")"' "$T/f/json" | sort)" \
		"$(ss -Htanp | grep "pid=$pid," | awk '{
			print ($1 == "LISTEN" ? "listening" : "established"), $4, ($1 == "LISTEN" ? "*" : $5) }' | sort)"
else
	t_skip "ss has the same listeners and connections of inet" "no ss (iproute2)"
fi

# --- what it says beside a record ---
mkdir "$T/k"
hold /usr/bin/python3 "$root/tests/helpers/inspect/kinds.py" "$T/k"
kinds=$pid
note() { rows --columns FD,NOTE "$kinds" | awk -v fd="$1" '$1 == fd { sub(/^[0-9]+ ?/, ""); print }'; }
t_is "a duplicate is the same open file, what was opened again is not" "$(note 110)/$(note 111)/$(note 112)" "/same as 110/"
t_is "... stdout too" "$(note 126)" "same as 1"
t_is "seals of memory files" "$(note 113)/$(note 114)" "seals shrink,grow/no seals"
t_is "states of tcp" "$(note 115)/$(note 116)/$(note 117)/$(note 118)" "listening/established/established/close-wait"
t_is "states of unix sockets" "$(note 119)/$(note 120)/$(note 121)" "listening/connected/connected"
t_is "states of others" "$(note 124)/$(note 125)" "connected/unconnected"
t_is "terminals, and which is its own" "$(note 122)/$(note 123)" "tty/controlling tty, same as 0"
"$F" inspect -q --format json "$kinds" >"$T/kinds.json"
t_is "records say it too" "$(jq -c '[.fds[] | {(.fd | tostring): (.state // .tty // .seals // .same_as)}] | add
	| [."111", ."113", ."115", ."118", ."122", ."123"]' "$T/kinds.json")" \
	'[110,["shrink","grow"],"listening","close-wait","other","controlling"]'
port=$(jq -r '.fds[] | select(.fd == 115) | .socket.local' "$T/kinds.json")
t_is "the client's address is the peer of what was accepted" \
	"$(jq -r '.fds[] | select(.fd == 116) | .socket | .local + " " + .peer' "$T/kinds.json")" \
	"$(jq -r '.fds[] | select(.fd == 117) | .socket | .peer + " " + .local' "$T/kinds.json")"
t_like "... at the listener's port" "$(rows --columns FD,TARGET "$kinds")" "116 tcp 127.0.0.1:[0-9]+ -> $port"
t_is "listeners come first, connections, then the rest of what is high, then files for writing, and a copy of stdout" \
	"$(rows --columns TYPE,SEVERITY --type listener,socket,file "$kinds" | uniq | tr '\n' ';')" \
	"listener high;socket high;file w medium+;socket medium;file w low;"
t_is "with --sealed what is close-on-exec, too" "$(rows --sealed --columns VERDICT "$kinds" | sort | uniq -c | awk '$2 == "sealed" { print $1 }')" \
	"$(for info in "/proc/$kinds/fdinfo"/*; do
		flags=$(sed -n 's/^flags:[[:space:]]*/8#/p' "$info")
		[ "${info##*/}" -le 2 ] || ((!(flags & 8#2000000))) || echo
	done | wc -l)"

# --- judgement ---
sleeper -l listener:5 -l write:6 -l file:7 -l pipe:8
t_is "what nobody meant is a leak" "$(rows --columns FD,VERDICT,TYPE "$pid")" \
	$'5 leak listener\n6 leak file rw\n8 leak pipe r\n7 leak file r'
t_is "a rule keeps, and the reason says so" "$(rows --rule 'keep type=listener # ours' --columns VERDICT,REASON --type listener "$pid")" \
	"kept rule 'keep type=listener': ours"
t_is "... with --leaks it is not shown" "$(rows --keep 5 --leaks --columns FD "$pid" | tr '\n' ' ')" "6 8 7 "
t_is "a rule that denies is told by its word" "$(rows --rule 'deny type=pipe' --columns VERDICT --type pipe "$pid")" deny
t_is "rules see the image that runs" "$(rows --rule "keep exe=sleep type=pipe" --columns FD,VERDICT --type pipe "$pid")" "8 kept"
t_is "the profile counts" "$(rows --profile ci --columns FD "$pid" | wc -l)" 4
t_like "a number that is named twice counts once" "$(said "$pid" "$pid" "0$pid" | tail -2)" $'^fdfence: 4 leaks in 1 of 1 process; 0 kept\nstatus 0'
t_like "the closing line counts" "$(said "$pid" | tail -2)" $'^fdfence: 4 leaks in 1 of 1 process; 0 kept\nstatus 0'
t_like "... what is kept too, where leaks alone are shown" "$(said --keep 5 --leaks "$pid" | tail -2)" \
	$'^fdfence: 3 leaks in 1 of 1 process; 1 kept\nstatus 0'
t_like "... of the types asked for, which is said" "$(said --keep 5 --type listener,pipe "$pid" | tail -3)" \
	$'^fdfence: 1 leak in 1 of 1 process; 1 kept\nfdfence: only what was asked for counts: --type pipe,listener\nstatus 0'
t_like "--error-exitcode" "$(said -q --error-exitcode 9 "$pid" | tail -1)" 'status 9'
t_like "... for leaks alone" "$(said -q --error-exitcode 9 --keep 5-8 "$pid" | tail -1)" 'status 0'
t_is "records have the verdicts of trace --snapshot" \
	"$("$F" inspect -q --keep 8 --format json "$pid" | jq -c '[.event, .source, .exe, (.fds[] | [.fd, .verdict, .severity])]')" \
	'["snapshot","inspect","/usr/bin/sleep",[5,"report","high"],[6,"report","medium"],[7,"report","low"],[8,"keep",null]]'
hold -l pipe:5 bash -c 'echo $$; read -r _ <&5; sleep 300; :'
t_is "a shell keeps what it holds" "$(rows --columns FD,VERDICT,REASON "$pid")" \
	"5 kept the program is special: shell: a redirection leaves no other trace"
t_is "... not with --intent none" "$(rows --intent none --columns FD,VERDICT "$pid")" "5 leak"
sleeper -e MAKEFLAGS=' --jobserver-auth=5,6' -l pipe:5 -l file:6
t_is "what its environment names is meant, where it fits" "$(rows --columns FD,VERDICT "$pid" | sort)" $'5 kept\n6 leak'
hold -l listener:4 sh -c 'echo $$; LISTEN_FDS=2 LISTEN_PID=$$ exec sleep 300'
t_is "what LISTEN_PID gives to the process it does not give to others" "$(rows --columns FD,VERDICT "$pid")" "4 leak"

# --- threads ---
# --- processes that run under the fence ---
leaks='
import os, time
f = os.open("/etc/passwd", os.O_RDONLY)
os.dup2(f, 6)
print(os.getpid(), flush=True)
time.sleep(300)'
fenced_by() { # pid: the line about it and what its record has
	"$F" inspect -q "$1" | sed -n "s/^ *($1: \(.*\))$/\1/p"
	"$F" inspect -q --format json "$1" | jq '.fds[] | select(.fd == 6) | .fenced'
}
for mode in seal report off ''; do
	hold -e FDFENCE_MODE="$mode" "$F" run ${mode:+--mode "$mode"} -- /usr/bin/python3 -c "$leaks"
	case $mode in
	seal | '') want=$'libfdfence.so is in it, and seals what its settings call a leak\ntrue' ;;
	*) want=null ;;
	esac
	t_is "mode '$mode': fenced or not" "$(fenced_by "$pid")" "$want"
done
mkdir "$T/replaced"
cp "$SHIM" "$T/replaced/libfdfence.so"
hold -e LD_PRELOAD="$T/replaced/libfdfence.so" /usr/bin/python3 -c "$leaks"
rm "$T/replaced/libfdfence.so"
t_is 'the library was replaced since then' "$(fenced_by "$pid")" \
	$'libfdfence.so is in it, and seals what its settings call a leak\ntrue'
mkdir "$T/etc"
machine() { # [MODE]: where the machine preloads it, and its settings have that mode
	rm -f "$T/etc/fdfence.cache"
	[ -z "${1-}" ] || printf 'FDFENCE_MODE=%s\0FDFENCE_INTENT=all\0' "$1" >"$T/etc/fdfence.cache"
	hold "${@:2}" unshare -m sh -c 'mount --bind "$1" /etc && exec /usr/bin/python3 -c "$2"' _ "$T/etc" "${leaks/passwd/group}"
}
if unshare -m true 2>/dev/null; then
	cp -P /etc/ld.so.cache /etc/group "$T/etc"
	realpath "$SHIM" >"$T/etc/ld.so.preload"
	yes=$'libfdfence.so is in it, and seals what its settings call a leak\ntrue'
	machine
	t_is 'a machine without settings seals' "$(fenced_by "$pid")" "$yes"
	machine seal
	t_is '... and one that is told so' "$(fenced_by "$pid")" "$yes"
	machine report
	t_is '... one that reports does not' "$(fenced_by "$pid")" null
	machine report -e FDFENCE_MODE=seal
	t_is '... a variable goes before it' "$(fenced_by "$pid")" "$yes"
	machine report -e LD_PRELOAD="$(realpath "$SHIM")"
	t_is '... and it does not count where a variable preloads' "$(fenced_by "$pid")" "$yes"
	mkfifo "$T/pipe"
	machine report && rm "$T/etc/fdfence.cache" && mv "$T/pipe" "$T/etc/fdfence.cache"
	t_is 'a pipe in their place is not waited for, nor is it said to seal' "$(fenced_by "$pid")" null
else
	t_skip 'settings of a machine' 'no mounts here'
fi
if "$F" run -q --supervise -- true 2>/dev/null; then
	supervised=$'a supervisor is above it, and seals what its settings call a leak\ntrue'
	hold "$F" run -q --supervise -- /usr/bin/python3 -c "$leaks"
	t_is 'a supervisor seals' "$(fenced_by "$pid")" "$supervised"
	# It has left the group that spawn ends before its parent ends.
	hold "$F" run -q --supervise -- sh -c 'setsid -f env -i /usr/bin/python3 -c "$0"; until [ -s "$1" ]; do sleep 0.1; done' \
		"$leaks" "$T/held.${#held[@]}"
	t_is '... what it has adopted, too' "$(fenced_by "$pid")" "$supervised"
	hold "$F" run -q --supervise --mode report -- /usr/bin/python3 -c "$leaks"
	t_is '... and one that reports does not' "$(fenced_by "$pid")" null
	hold "$F" run -q --supervise --mode report -- /usr/bin/python3 -c "
import ctypes, sys
ctypes.CDLL(None).prctl(15, b'fdfence-seals')
import os
if os.fork(): os.wait(); sys.exit()
$leaks"
	t_is '... nor one that has its name alone' "$(fenced_by "$pid")" null
else
	t_skip 'supervised processes' 'no supervisor here'
fi

hold "$H/inspect/tables"
tid=$pid process=$(awk '/^Tgid:/ { print $2 }' "/proc/$pid/status")
held+=("$process")
t_is "a thread with a table of its own is shown by its number, those that share one are not" \
	"$(rows --columns PID,FD,TARGET "$process")" \
	"$process 10 /etc/passwd"$'\n'"$process/$tid 10 /etc/passwd"$'\n'"$process/$tid 11 /etc/group"
t_is "... as a record of its own" "$("$F" inspect -q --format json "$process" | jq -c '[.pid, .tid, [.fds[].fd]]')" \
	"[$process,$process,[10]]"$'\n'"[$process,$tid,[10,11]]"
hold "$H/inspect/tables" gone
process=$(awk '/^Tgid:/ { print $2 }' "/proc/$pid/status")
held+=("$process")
t_is "where the first thread has ended the others are seen" "$(rows --columns FD "$process" | sort -u | tr '\n' ' ')" "10 11 "

# --- all, filters, groups ---
sleeper -l listener:5
one=$pid
t_is "--all has it" "$("$F" inspect -q --all --format json 2>/dev/null | jq -c "select(.pid == $one) | [.fds[].fd]")" "[5]"
cp /usr/bin/sleep "$T/group" && chmod 755 "$T" "$T/group"
for _ in 1 2 3; do
	hold -l write:6 -l file:7 sh -c "echo \$\$; exec $T/group 300"
done
t_is "--exe" "$("$F" inspect -q --all --exe "$T/group" --format json | jq -s length)" 3
t_is "--by program: the same in three processes is one row" \
	"$("$F" inspect -q --all --exe "$T/group" --by program | awk '{ $1 = $1; print }')" \
	"FROM HELD VERDICT SEVERITY TYPE WHAT
$T/group 3 leak medium+ file rw /dev/shm/#* (deleted)
$T/group 3 leak low+ file r /etc/passwd"
t_is "--type" "$({ rows --all --exe "$T/group" --type dir,file --columns FD | grep -v "^fdfence: not seen"; } | sort | uniq -c | awk '{ $1 = $1; print }' | tr '\n' ' ')" "3 6 3 7 "
t_is "--uid" "$("$F" inspect -q --all --exe "$T/group" --uid 65534 --format json | wc -l)" 0
# A hierarchy that is mounted for this alone: there may be none here.
in_unit() { # pid: its rows by unit, and the unit of its record
	mkdir -p "$T/cgroups" && unshare -m bash -c '
		mount -t cgroup2 none "$1" && mkdir -p "$1/fdfence-test.slice/fdfence-test.service" || exit 77
		echo "$3" >"$1/fdfence-test.slice/fdfence-test.service/cgroup.procs" || exit 77
		"$2" inspect -q --all --cgroup "*fdfence-test*" --by unit | awk "NR > 1 { print \$1, \$2, \$5 }"
		"$2" inspect -q --format json "$3" | jq -r .unit
		echo "$3" >"$1/cgroup.procs"
		rmdir "$1/fdfence-test.slice/fdfence-test.service" "$1/fdfence-test.slice"' _ "$T/cgroups" "$F" "$1" 2>&1
}
units=$(in_unit "$one")
if [ $? -eq 77 ]; then
	t_skip "--by unit" "no cgroup can be made here: $units"
else
	t_is "--by unit, and in a record" "$units" $'fdfence-test.service 1 listener\nfdfence-test.service'
fi

# --- watch ---
hold /usr/bin/python3 -c '
import os, sys, time
kept = os.open("/etc/passwd", os.O_RDONLY)
os.set_inheritable(kept, True)
print(os.getpid(), flush=True)
while not os.path.exists(sys.argv[1] + "/open"):
    time.sleep(0.05)
os.set_inheritable(os.open("/etc/group", os.O_RDONLY), True)
while not os.path.exists(sys.argv[1] + "/end"):
    time.sleep(0.05)' "$T"
"$F" inspect --watch=1 "$pid" >"$T/watch" 2>"$T/watch.err" &
watcher=$!
t_until grep -q /etc/passwd "$T/watch"
touch "$T/open"
t_until grep -q /etc/group "$T/watch"
touch "$T/end"
wait "$watcher"
t_is "--watch ends with the last process" "$?" 0
t_is "... shows what is new, once" "$(grep -o '/etc/[a-z]*' "$T/watch" | tr '\n' ' ')" "/etc/passwd /etc/group "
t_like "... and says that it has ended" "$(cat "$T/watch.err")" "inspect: $pid: it has ended"

# --- the manual's examples ---
page=$root/docs/fdfence-inspect.1
mapfile -t examples < <(sed -n 's/^\.Dl //p' "$page")
t_ok "the manual has examples" test "${#examples[@]}" -ge 5
sleeper -l listener:5
mkdir "$T/path" && ln -s "$F" "$T/path/fdfence"
for example in "${examples[@]}"; do
	line=${example//812/$pid} line=${line//inspect 1 /inspect $pid }
	t_like "$example" "$(PATH=$T/path:$PATH timeout -s INT 3 bash -c "set -o pipefail; $line" 2>&1 >"$T/example.out"; echo "status $?")" \
		'status (0|1|3|124)$'
done
t_is "the sample of the manual has the default columns" \
	"$(awk '/PID  FROM/ { $1 = $1; print; exit }' "$page")" "$("$F" inspect -q "$pid" | awk 'NR == 1 { $1 = $1; print }')"
t_done
