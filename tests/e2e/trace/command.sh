#!/bin/bash
# CMD of trace is started and awaited as that of check and explain.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
F=$B/fdfence
# Says what it gets, and ends by itself if nothing comes.
cat >"$T/listens" <<'END'
trap 'echo got TERM; exit 5' TERM
trap 'echo got HUP' HUP
trap 'echo got USR1; exit 6' USR1
echo ready
i=0
while [ $i -lt 300 ]; do i=$((i + 1)); sleep 0.1; done
END

# signalled SUBCOMMAND SIGNAL...: what CMD says when fdfence gets them, and the status of fdfence
signalled() {
	local sub=$1 line pid
	shift
	coproc RUN { exec "$F" "$sub" -q -o "$T/report" -- sh "$T/listens"; }
	pid=$RUN_PID
	exec 8<&"${RUN[0]}"
	read -r line <&8 # ready
	for signal; do
		kill -"$signal" "$pid"
		read -r line <&8
		echo "$line"
	done
	wait "$pid"
	echo "= $?"
	exec 8<&-
}

for sub in check explain trace; do
	t_is "$sub: the status of CMD where the caller ignores SIGCHLD" \
		"$(spawn -t 20 bash -c 'trap "" CHLD; exec "$@"' - "$F" $sub -q -- sh -c 'exit 7'; echo "= $?")" "= 7"
	# shellcheck disable=SC2016 # $$ is that shell's
	t_is "$sub: 128 and the signal that ended CMD" \
		"$(spawn -t 20 "$F" $sub -q -- sh -c 'kill -9 $$'; echo "= $?")" "= 137"
	t_is "$sub: a command that is not there" "$(spawn -t 20 "$F" $sub -q -- "$T/nosuch" 2>&1; echo "= $?")" \
		"fdfence: $T/nosuch: command not found"$'\n= 127'
	t_is "$sub: a command that is none" "$(spawn -t 20 "$F" $sub -q -- /etc/passwd 2>&1; echo "= $?")" \
		$'fdfence: /etc/passwd: Permission denied\n= 126'
	t_is "$sub: SIGTERM is handed on" "$(signalled $sub TERM 2>&1)" $'got TERM\n= 5'
	t_is "$sub: SIGHUP and SIGUSR1 are handed on" "$(signalled $sub HUP USR1 2>&1)" $'got HUP\ngot USR1\n= 6'
done

coproc RUN { exec "$F" trace -q -o "$T/moved" -- sh "$T/listens"; }
pid=$RUN_PID
exec 8<&"${RUN[0]}"
read -r _ <&8
rm "$T/moved"
kill -HUP "$pid"
t_ok "SIGHUP reopens the output beside a command too" t_until test -e "$T/moved"
read -r line <&8
t_is "... and is handed on" "$line" "got HUP"
kill -TERM "$pid"
wait "$pid"

t_is "--duration ends the trace, not CMD" \
	"$(spawn -t 20 "$F" trace -q --duration 0.1 -- sh -c 'sleep 0.5; echo alive; exit 3' 2>&1; echo "= $?")" \
	$'alive\n= 3'
# Whenever it leaks and ends: it is shown, or it still ran.
neither=0
for ms in 0 0 1 1 2 2 3 4 5 7 9 12; do
	spawn -t 20 "$F" trace -- "$H/leaker" -w "$T/db" -b "$ms" true >"$T/behind" 2>&1
	grep -qE "$T/db|1 process still ran when the command had ended" "$T/behind" || neither=$((neither + 1))
done
t_is "who leaks and ends just behind CMD is shown, or was still there" "$neither" 0
t_is "an output that is gone neither ends CMD nor reaches it, and is a failure" \
	"$(spawn -t 20 bash -c '"$1" trace -q -- "$2" sh -c "sleep 0.3; echo alive >&2; exit 3" | :; echo "= ${PIPESTATUS[0]}"' \
		- "$F" "$H/trace/opens" 2>&1)" $'alive\n= 125'
for status in 0 3; do
	for where in "" --summary "--format json"; do
		# shellcheck disable=SC2086 # options
		t_is "so is a full disk, trace $where, CMD's status $status" \
			"$(spawn -t 20 "$F" trace -q $where -o /dev/full -- "$H/trace/opens" sh -c "exit $status" 2>&1; echo "= $?")" \
			$'fdfence: /dev/full: No space left on device\n= 125'
	done
done
t_done
