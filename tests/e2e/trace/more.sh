#!/bin/bash
# fdfence trace: summary, snapshot, kill, rotation, cgroups.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
own_opens

trace() {
	spawn "$B/fdfence" trace -q "$@" 2>&1
}
squeezed() {
	sed 's/  */ /g; s/^ //; s/ *$//'
}

out=$(trace --summary -- "$opens" -l -f -i 50 true | squeezed)
t_is "--summary counts by group" "$(sed 's/127.0.0.1:[*]/PORT/' <(echo "$out") | sort)" \
	"$(printf '%s\n' 'COUNT FROM INTO VERDICT SEVERITY TYPE WHAT' \
		"50 $opens $(readlink -f "$(type -P true)") leaked low file r /etc/passwd" \
		"50 $opens $(readlink -f "$(type -P true)") leaked high listener tcp PORT" | sort)"

printf '#!/bin/sh\n:\n' | tee "$T/first" >"$T/second"
chmod +x "$T/first" "$T/second"
t_is "... scripts apart, not by their interpreter" \
	"$(trace --summary -- sh -c "$opens -f -i 3 $T/first; $opens -f -i 2 $T/second" | squeezed | cut -d' ' -f1-3)" \
	"$(printf '%s\n' "COUNT FROM INTO" "3 $opens $T/first" "2 $opens $T/second")"

if [ "$(id -u)" -eq 0 ]; then
	(umask 077 && echo secret >"$T/secret")
	# shellcheck disable=SC2016 # the shell's own
	t_is "... and apart who could have had it without and who could not" \
		"$(trace --summary --intent none --into true -- sh -c \
			'exec 9<"$0"; setpriv true; setpriv --reuid=65534 --clear-groups true; setpriv true' "$T/secret" |
			squeezed | grep -o '.* leaked [a-z]*' | sed 's|/[^ ]*/||g')" \
		"$(printf '%s\n' "2 setpriv true leaked low" "1 setpriv true leaked critical")"
else
	t_skip "... and apart who could have had it without and who could not" "not root"
fi

coproc HOLDER { spawn -i "$opens" -l -e -w; }
holder=$HOLDER_PID
read -r _ <&"${HOLDER[0]}"
"$B/fdfence" trace -q --snapshot --exe "$opens" >"$T/snap" 2>&1
t_like "--snapshot tells what a live process would let through" "$(cat "$T/snap")" \
	"$opens +low[+] +3 +file r +/etc/passwd"
t_is "--snapshot leaves out what is close-on-exec" "$(grep -c passwd "$T/snap")" 1
t_like "... sockets with their address" "$(cat "$T/snap")" "$opens +high +5 +listener +tcp 127\.0\.0\.1:[*]"
# Each filter, and its opposite.
snapshot() { # options: rows of the holder
	trace --snapshot "$@" | grep -c " $opens "
}
cgroup=$(sed -n 's/^0:://p' "/proc/$holder/cgroup" 2>/dev/null)
sleep 100 &
t_is "... obeys --pid, and shows what is below that" \
	"$(snapshot --pid "$holder") $(snapshot --pid $$) $(snapshot --pid $!)" "2 2 0"
kill $!
t_is "... --exe" "$(snapshot --exe opens) $(snapshot --exe open) $(snapshot --exe "$T/*") $(snapshot --exe '/*')" "2 0 2 0"
t_is "... --uid, by number and by name" \
	"$(snapshot --uid "$(id -u)") $(snapshot --uid "$(id -un)") $(snapshot --uid 12345)" "2 2 0"
t_is "... --type" "$(snapshot --type file) $(snapshot --type listener) $(snapshot --type socket) $(snapshot --type pipe)" "1 1 1 0"
t_is "... --cgroup" "$(snapshot --cgroup "${cgroup:-/}") $(snapshot --cgroup '/no/such/**')" "2 0"
for options in "--summary" "--kill --rule deny" "--show would" "--into true" "--duration 1" "-- true"; do
	# shellcheck disable=SC2086 # options
	t_like "... and refuses what it cannot: $options" "$(trace --snapshot $options; echo "= $?")" "^fdfence: trace: --.*= 125\$"
done
"$B/fdfence" trace -q --snapshot --exe "$opens" --format json >"$T/snap" 2>&1
t_like "... as JSON" "$(cat "$T/snap")" '"event":"snapshot".*"exe":"[^"]*/opens".*"type":"listener"'
echo >&"${HOLDER[1]}"
wait "$holder" 2>/dev/null

# The kernel hands a snapshot on in pieces of 32 KiB; each of these fills almost 1 KiB, and what does
# not fit is asked for again.
deep=$T/$(printf '%0200d' 0)
mkdir "$deep"
cp "$(type -P sleep)" "$deep/sleep"
: >"$deep/held"
sleepers=()
for _ in {1..100}; do
	"$deep/sleep" 600 9<"$deep/held" &
	sleepers+=($!)
done
for sleeper in "${sleepers[@]}"; do
	until [ "/proc/$sleeper/exe" -ef "$deep/sleep" ]; do sleep 0.1; done
done
t_is "--snapshot leaves out no process where a read ends" \
	"$(trace --snapshot --exe "$deep/sleep" | grep -c '/held$')" 100
kill "${sleepers[@]}"
wait "${sleepers[@]}" 2>/dev/null

# Exit status of opens' child when a rule stands against it.
killed() {
	trace --kill "$@" >/dev/null
	echo $?
}
out=$(trace --kill --rule deny -- "$opens" -f true)
case $out in
*"needs the tracepoint"*) t_skip "--kill ends an exec that a rule denies" "$out" ;;
*)
	t_like "--kill ends an exec that a rule denies" "$out" 'killed +low +3 +file r +/etc/passwd'
	t_like "... and the closing line tells it from a leak" "$(spawn "$B/fdfence" trace --kill --rule deny -- "$opens" -f true 2>&1)" '0 descriptors leaked.*1 descriptor denied: the exec was ended'
	t_is "... and in the summary one count is of one thing" \
		"$(spawn "$B/fdfence" trace --summary --kill --rule 'deny fd=3' -- "$opens" -n 2 -f true 2>&1 | squeezed |
			sed "s|.*$opens [^ ]*true||; s/.*execs, //" | tail -n +2)" \
		"$(printf '%s\n' ' killed low file r /etc/passwd' ' leaked low file r /etc/passwd' \
			'1 descriptor leaked, 0 kept' 'fdfence: trace: 1 descriptor denied: the exec was ended')"
	t_is "... before the new image runs" \
		"$(killed --rule 'deny path=/etc/*' -- "$opens" -f touch "$T/ran") $(echo "$T"/ran*)" \
		"137 $T/ran*"
	t_is "... by descriptor, type, image and pattern" "$(for rule in 'deny fd=3-4' 'deny type=file' \
		'deny into=tr?e' 'deny exe=op*' 'deny into=/*/*/true' 'deny path=*pass*' \
		'deny into=/**/true' 'deny path=/**ss*' 'deny into=**/b*n/t*e'; do
		killed --rule "$rule" -- "$opens" -f true
	done | sort | uniq -c | squeezed)" "9 137"
	t_is "... and no other" "$(for rule in 'deny fd=4-' 'deny type=socket' 'deny into=false' \
		'deny exe=true' 'deny into=/*/*/tru' 'deny path=pass*' 'deny exe=*pens into=fals?' \
		'deny into=/*/true' 'deny path=/*sswd' 'deny path=/etc?passwd' 'deny into=/**/b*true'; do
		killed --rule "$rule" -- "$opens" -f true
	done | sort | uniq -c | squeezed)" "11 0"
	t_is "... the first rule that matches decides" \
		"$(killed --rule 'keep path=/etc/passwd;deny' -- "$opens" -f true) $(killed --keep 3 --rule deny -- "$opens" -f true)" \
		"0 0"
	t_is "... what --keep names is no reason to overlook the rule" \
		"$(killed --keep 9 --rule deny -- "$opens" -f true)" 137
	t_is "... a rule for listeners ends what leaks one, and nothing else" \
		"$(killed --rule 'deny type=listener' -- "$opens" -n 0 -l -f true) $(killed --rule 'deny type=listener' -- "$opens" -f true)" \
		"137 0"
	trace --intent none --format json -o "$T/kinds.json" -- "$H/trace/factory" "$T/kinds" "$T/truth"
	types=$(grep '"argv":\["factory"' "$T/kinds.json" | 
		grep -oE '"fd":[0-9]+,"type":"[a-z]*"' | cut -d'"' -f6 | sort -u)
	t_is "... types are those that are told (${types//$'\n'/, })" "$(for type in $types; do
		mkdir "$T/of-$type"
		killed --rule "deny type=$type" -- "$H/trace/factory" "$T/of-$type/kinds" "$T/of-$type/truth"
	done | sort | uniq -c | squeezed)" "$(wc -w <<<"$types") 137"
	t_is "... a sealed descriptor is no leak" "$(killed --rule deny -- "$opens" -r 4 -f true)" 0
	t_like "a rule that the kernel side cannot judge is refused" \
		"$(trace --kill --rule 'deny path=[a-z]*' -- true)" 'rule 1: the kernel side takes patterns without'
	t_like "... so is one with an address" \
		"$(trace --kill --rule 'deny type=listener addr=10.*' -- true)" 'rule 1: the kernel side takes rules without addr='
	;;
esac

trace --format json -o "$T/log" --rotate 20k --keep-files 2 -- "$opens" -n 10 -f -i 100 true
t_is "--rotate keeps so many files" "$(cd "$T" && echo log*)" "log log.1 log.2"
t_ok "... of about that size, with whole lines" awk 'FNR == 1 && !/^\{"fdfence":1/ { exit 1 }
	!/\}$/ { exit 1 } { size[FILENAME] += length($0) + 1 }
	END { for (f in size) if (size[f] > 30000 || (f ~ /[12]$/ && size[f] < 20480)) exit 1 }' \
	"$T/log" "$T/log.1" "$T/log.2"

"$B/fdfence" trace -q --exe "$opens" --format json -o "$T/moved" 2>"$T/err" &
tracer=$!
attached "$tracer"
spawn "$opens" true
t_until grep -q /true "$T/moved"
mv "$T/moved" "$T/old"
kill -HUP "$tracer"
t_until test -e "$T/moved"
spawn "$opens" false
t_until grep -q /false "$T/moved"
kill -INT "$tracer"
wait "$tracer"
t_is "SIGHUP reopens the file" "$(trace_lines "$T/old" | cut -d' ' -f1) $(trace_lines "$T/moved" | cut -d' ' -f1)" \
	"true false"

limit=6000
for mode in "--show all" "--show would --acts no" --summary "--kill --rule deny"; do
	# shellcheck disable=SC2086 # options
	out=$(trace -v $mode -- true | sed -n 's/.*: \([a-z_]*: [0-9]*\) instructions verified/\1/p')
	if [ -z "$out" ] || grep -q ': 0$' <<<"$out"; then
		t_skip "verified instructions of each program, $mode: at most $limit" "not offered or not told here"
	else
		t_ok "verified instructions of each program, $mode: at most $limit (${out//$'\n'/, })" \
			awk -v limit=$limit '$2 > limit { exit 1 }' <<<"$out"
	fi
done

id=$(printf 'c0ffee%.0s' {1..11} | cut -c1-64)
group=
for root in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	[ -e "$root/cgroup.controllers" ] && group=$root/fdfence-test/docker-$id.scope
done
if [ -n "$group" ] && mkdir -p "$group" 2>/dev/null; then
	rm -f "$T/json"
	# shellcheck disable=SC2016 # $$ is that shell's
	"$B/fdfence" trace -q --cgroup '*docker*' --format json -o "$T/json" -- \
		sh -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$group" "$opens" -f true 2>"$T/err"
	t_like "the cgroup and the container are named" "$(cat "$T/json")" \
		"\"cgroup\":\"[^\"]*/fdfence-test/docker-$id.scope\",\"container\":\"$id\",\"mnt_ns\":[0-9]+,\"pid_ns\":[0-9]+"
	t_until rmdir "$group" "${group%/*}" # what ran there is not gone at once
else
	t_skip "the cgroup and the container are named" "no cgroup v2 to write to"
fi
t_done
