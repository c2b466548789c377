#!/bin/bash
# fdfence trace: what crossed is told, and judged as the fence judges it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
own_opens

# shows NAME EXPECTED [options] -- command: what is told of the execs into true
shows() {
	local name=$1 expected=$2
	shift 2
	t_wants "$name" || return 0
	traced "$@"
	t_is "$name" "$(trace_lines "$T/json" | sed -n 's/^true //p'; cat "$T/err")" "$expected"
}

shows "an open file that crosses is a leak" "report default 3 file /etc/passwd" \
	-- "$opens" true
shows "an exec that nothing crosses is not shown" "" -- "$opens" -n 0 true
shows "a static program is seen" "report default 3 file /etc/passwd" \
	-- "$H/static/trace/opens" true
shows "what a parent leaks is judged once, where it enters" "keep given 3 file /etc/passwd" \
	--show kept -- "$opens" env true
t_is "... and there it is a leak" \
	"$(traced -- "$opens" env true; trace_lines "$T/json")" "env report default 3 file /etc/passwd"
shows "a given number that another file has taken is a leak" "report default 3 file /etc/passwd" \
	--show leaked,kept --into true -- "$H/host/reused" "$(type -P true)"
for saved in restored_dup3 restored_F_DUPFD_CLOEXEC vfork_restored_dup3; do
	shows "a given open file that is put back on its number is given ($saved)" "keep given 3 file /etc/passwd" \
		--show leaked,kept --into true -- sh -c 'exec 3</etc/passwd; exec "$@"' sh "$H/reuse" $saved "$(type -P true)"
done
shows "... one that is moved to another is not known" "report default 7 file /etc/passwd" \
	--show leaked,kept --into true -- sh -c 'exec 3</etc/passwd; exec "$@"' sh "$H/reuse" F_DUPFD "$(type -P true)"
shows "close-on-exec cleared by a call is an act" "keep act 3 file /etc/passwd" \
	--show kept -- "$opens" -c true
shows "... by ioctl too" "keep act 3 file /etc/passwd" --show kept -- "$opens" -C true
shows "... also by the parent of the one that execs" "keep act 3 file /etc/passwd" \
	--show kept -- "$opens" -c -f true
shows "dup2 between fork and exec is an act" \
	"report default 3 file /etc/passwd"$'\n'"keep act 9 file /etc/passwd" \
	--show leaked,kept -- "$opens" -f -d true
shows "... also when that child forks once more" \
	"report default 3 file /etc/passwd"$'\n'"keep act 9 file /etc/passwd" \
	--show leaked,kept -- "$opens" -D true
shows "... dup2 by a program before it forks is none" \
	"report default 3 file /etc/passwd"$'\n'"report default 9 file /etc/passwd" \
	--show leaked,kept -- "$opens" -P true
shows "... nor dup2 by a program before its own exec" \
	"report default 3 file /etc/passwd"$'\n'"report default 9 file /etc/passwd" \
	--show leaked,kept -- "$opens" -d true
if [ -e "$SHIM" ]; then
	for how in "" -f; do
		# shellcheck disable=SC2086 # an option or none
		shows "a flag that the fence puts back after a failed exec is no act (opens $how -x)" \
			"report default 3 file /etc/passwd" --show leaked,kept --into true -- \
			env LD_PRELOAD="$SHIM" FDFENCE_MODE=report "$opens" $how -x true
		# shellcheck disable=SC2086
		shows "... and one that the program cleared stays one (opens $how -c -x)" \
			"keep act 3 file /etc/passwd" --show leaked,kept --into true -- \
			env LD_PRELOAD="$SHIM" FDFENCE_MODE=report "$opens" $how -c -x true
	done
else
	t_skip "a flag that the fence puts back after a failed exec is no act" "the shim is not built"
fi
shows "close-on-exec set, an exec that failed, and cleared again: as it was" \
	"report default 3 file /etc/passwd" --show leaked,kept -- "$opens" -u true
shows "--acts=no does not look at system calls" "report default 3 file /etc/passwd" \
	--acts no --show leaked,kept -- "$opens" -c true
shows "/dev/fd/3 in the arguments of the new image is intent" "keep generic 3 file /etc/passwd" \
	--show kept -- "$opens" true /dev/fd/3
shows "a variable of the new image is intent" "keep generic 3 file /etc/passwd" \
	--show kept -- env INPUT_FD=3 "$opens" true
if spawn unshare --pid --fork true 2>/dev/null; then
	traced --show leaked,kept --into true -- \
		env LISTEN_FDS=1 LISTEN_PID=1 unshare --pid --fork "$opens" -n 0 -l true
	t_is "LISTEN_PID is the number that a process has in its own pid namespace" \
		"$(trace_lines "$T/json" | cut -d' ' -f1-4)" "true keep precise 3"
else
	t_skip "LISTEN_PID is the number that a process has in its own pid namespace" "no pid namespaces here"
fi
padding=$(printf '%.0sx' {1..40000})
shows "... also behind 40,000 bytes of environment" "keep generic 3 file /etc/passwd" \
	--show kept -- env A="$padding" INPUT_FD=3 "$opens" true
shows "a rule decides first" "keep rule 3 file /etc/passwd" \
	--show kept --rule 'keep path=/etc/pass*' -- "$opens" true
shows "--keep names numbers" "keep keep 3 file /etc/passwd" --show kept --keep 3-4 -- "$opens" true
shows "... each time it is given" $'keep keep 3 file /etc/passwd' --show kept --keep 3 --keep 5 -- "$opens" true
t_is "the environment's settings hold" "$(spawn -e FDFENCE_KEEP=3 "$B/fdfence" trace -q --show kept --columns fd,reason \
	-- "$opens" true 2>&1 | sed 's/ *$//; s/  */ /g; s/^ //')" \
	$'FD REASON\n3 the setting keep names it\nfdfence: the environment is obeyed, too: FDFENCE_KEEP=3'
shows "a profile holds" "report default 3 file /etc/passwd" --profile strict -- "$opens" -c true
shows "--intent none is strict" "report default 3 file /etc/passwd" \
	--intent none -- "$opens" -c true /dev/fd/3
shows "--type chooses descriptors" "report default 3 file /etc/passwd" \
	--type file -- "$opens" -l true
shows "--exe chooses who execs" "" --exe dash -- "$opens" true
shows "--into chooses what is executed" "" --into false -- "$opens" true
shows "--uid chooses the user" "" --uid 65534 -- "$opens" true
shows "an exec from a thread that is not the leader" "report default 3 file /etc/passwd" \
	-- "$opens" -t true
traced -- "$opens" -t true
t_like "... names the thread that called it" \
	"$(sed -n 's/.*"pid":\([0-9]*\),"tid":\([0-9]*\),.*"into":"[^"]*true".*/\1 \2/p' "$T/json" |
		awk '{ print $1 != $2 ? "another" : "the same" }')" '^another$'

mkdir "$T/dir"
printf '#!/bin/sh\nexit 0\n' >"$T/dir/script"
chmod +x "$T/dir/script"
traced -- sh -c "cd $T && exec $opens ./dir/script"
t_is "a script is named, not its interpreter" \
	"$(sed -n 's/.*"into":"\([^"]*\)".*/\1/p' "$T/json")" "$T/dir/script"

cp "$(type -P true)" "$T/suid" && chmod 4755 "$T/suid"
if grep -q nosuid <(findmnt -no OPTIONS -T "$T" 2>/dev/null); then
	t_skip "a set-user-ID program is seen, with both users" "$T is mounted nosuid"
elif ! prepares; then
	t_skip "a set-user-ID program is seen, with both users" "needs sched_prepare_exec (Linux 6.10)"
else
	traced -- setpriv --reuid=65534 --regid=65534 --clear-groups "$opens" "$T/suid"
	t_like "a set-user-ID program is seen, with both users" "$(cat "$T/json")" \
		'"uid":65534,"gid":65534,.*"into_cred":"0:65534"'
fi

name=$T/$'evil\e[31m\n\x9b\xff"\\'
traced -- "$opens" -p "$name" true $'\e]0;title\a'
t_like "hostile names are told" "$(cat "$T/json")" 'evil\\\\x1b\[31m\\\\x0a\\\\x9b\\\\xff'
spawn "$B/fdfence" trace -q --columns TARGET,ARGV,INTO -- "$opens" -p "$name" true \
	$'\e]0;title\a' >"$T/text" 2>&1
t_is "no control byte reaches the output" \
	"$(LC_ALL=C tr -d '\n -~' <"$T/text" | wc -c) $(LC_ALL=C tr -d '\n -~' <"$T/json" | wc -c)" "0 0"
t_like "... where the name stands readable" "$(cat "$T/text")" 'evil\\x1b\[31m'

spawn "$B/fdfence" trace -q --columns fd,verdict -- "$opens" true >"$T/text" 2>&1
t_is "--columns chooses what is shown" "$(sed 's/ *$//; s/  */ /g; s/^ //' "$T/text")" \
	$'FD VERDICT\n3 leaked'
t_is "--color always shows a leak in red; a pipe is plain" "$(for when in always auto; do
	spawn "$B/fdfence" trace -q --color $when --columns fd,verdict -- "$opens" true 2>&1 | grep -c $'\e\\[31mleaked'
done)" $'1\n0'
t_like "an unknown column is refused by name" \
	"$("$B/fdfence" trace --columns fd,nonsense -- true 2>&1)" 'nonsense: expected a list of columns'
t_like "--columns help lists them" "$("$B/fdfence" trace --columns help)" 'CONTAINER +container id'

status() {
	spawn "$B/fdfence" trace -q "$@" >/dev/null 2>&1
	echo $?
}
# shellcheck disable=SC2016 # $$ is that shell's
t_is "the exit status is the command's" \
	"$(status -- sh -c 'exit 7') $(status -- sh -c 'kill -9 $$') $(status -- /nonexistent) $(status -- /etc/passwd) $(status --nonsense)" \
	"7 137 127 126 125"

spawn "$B/fdfence" trace --pid 4194304 >"$T/out" 2>"$T/err"
t_is "--pid of a process that is not there is refused" "$? $(cat "$T/err")" \
	"125 fdfence: trace: --pid 4194304: there is no such process"
sleep 1000 & # not through spawn: it is this one that ends
ending=$!
"$B/fdfence" trace --pid "$ending" >"$T/out" 2>"$T/err" &
tracer=$!
attached "$tracer"
kill "$ending"
wait "$tracer"
t_is "... of one that ends is watched until then" "$? $(sed -n 1p "$T/err")" \
	"0 fdfence: trace: --pid $ending: the process has ended"

# One tree of a running process, and the whole system, ended by a signal.
coproc RUNNING { spawn -i "$opens" -w -f true 2>&1; }
for how in "--pid" "the whole system"; do
	[ "$how" = --pid ] || coproc RUNNING { spawn -i "$opens" -w -f true 2>&1; }
	read -r _ <&"${RUNNING[0]}"
	# shellcheck disable=SC2086 # the option and its value, or none
	pid=$(pgrep -n -f "^$opens -w -f true" || echo "$RUNNING_PID")
	options=
	[ "$how" = --pid ] && options="--pid $pid"
	rm -f "$T/json"
	# shellcheck disable=SC2086
	"$B/fdfence" trace $options --into true --exe "$opens" --format json -o "$T/json" 2>"$T/err" &
	tracer=$!
	attached "$tracer"
	running=$RUNNING_PID
	echo >&"${RUNNING[1]}"
	wait "$running"
	kill -INT "$tracer"
	wait "$tracer"
	status=$?
	# Where others keep the machine busy something of theirs may be lost, and that is said.
	[ "$how" = --pid ] || [ "$status" != 3 ] || ! grep -q 'lost: ' "$T/err" || status=0
	t_is "$how: the leak is shown and SIGINT ends with a closing line" \
		"$status $(trace_lines "$T/json" | sort -u) $(grep -c 'asked for: [0-9]* descriptors* leaked' "$T/err")" \
		"0 true report default 3 file /etc/passwd 1"
done
t_done
