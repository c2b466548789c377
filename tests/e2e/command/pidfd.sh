#!/bin/bash
# CMD is waited for, signalled and reaped through a pidfd; where there is none, by its number.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
# Says that it runs, then what it gets, and ends by itself if nothing comes.
cat >"$T/listens" <<'END'
trap 'echo got TERM; exit 5' TERM
echo $$
i=0
while [ $i -lt 300 ]; do i=$((i + 1)); sleep 0.1; done
END

# signalled COMMAND...: CMD's number, what it says when its starter gets SIGTERM, and the status
signalled() {
	local line
	coproc RUN { exec "$@" sh "$T/listens"; }
	local pid=$RUN_PID
	exec 8<&"${RUN[0]}"
	read -r line <&8
	echo "$line"
	kill -TERM "$pid"
	cat <&8
	wait "$pid"
	echo "= $?"
	exec 8<&-
}

subs=("check -q -o $T/report" "explain -q -o $T/report" "run -q --log $T/log")
if "$F" trace -q --duration 0.1 -o /dev/null >/dev/null 2>&1; then
	subs+=("trace -q -o $T/report")
else
	t_skip 'trace' 'it cannot run here'
fi
for denied in '' pidfd_open:EPERM pidfd_open:ENOSYS pidfd_send_signal:EPERM waitid_pidfd:EINVAL; do
	for sub in "${subs[@]}"; do
		name="${sub%% *}${denied:+, $denied}"
		within=("$H/within" ${denied:+deny="$denied"} -- "$F")
		# shellcheck disable=SC2206 # words
		within+=($sub --)
		"${within[@]}" sh -c 'exit 7' >/dev/null 2>&1
		status=$?
		if [ $status -eq 77 ]; then
			t_skip "$name" 'cannot filter system calls here'
			continue
		fi
		t_is "$name: the status of CMD" $status 7
		# shellcheck disable=SC2016 # $$ is that shell's
		t_is "$name: 128 and the signal that ended it" "$("${within[@]}" sh -c 'kill -9 $$'; echo $?)" 137
		t_is "$name: a signal is handed on" "$(signalled "${within[@]}" 2>&1 | tail -n +2)" $'got TERM\n= 5'
	done
done

# What the system calls are.
if command -v strace >/dev/null; then
	calls() { # WORD...: those on CMD, when it gets a SIGTERM
		local pid
		rm -f "$T/calls"
		pid=$(signalled strace -D -qq -o "$T/calls" -e trace=kill,tgkill,pidfd_send_signal,waitid,wait4 \
			"$H/within" "$@" -- "$F" check -q -o "$T/report" -- | head -n 1)
		sed -n "s/^\(tgkill\|kill\)($pid.*SIG\([A-Z]*\).*/kill \2/p; s/^pidfd_.*SIG\([A-Z]*\).*/pidfd \1/p
			s/^wait4($pid.*/wait4/p; s/^waitid(P_PID, $pid.*/P_PID/p; s/^waitid(P_PIDFD.*/P_PIDFD/p" "$T/calls" | sort -u | paste -sd,
	}
	t_is 'nothing is done by number' "$(calls)" 'P_PIDFD,pidfd TERM'
	t_is 'where that is denied all is' "$(calls deny=pidfd_open:EPERM)" 'P_PID,kill TERM'
else
	t_skip 'nothing is done by number' 'no strace here'
	t_skip 'where that is denied all is' 'no strace here'
fi

# CMD has ended, and nobody takes the report: the signal is for fdfence then.
mkfifo "$T/full"
exec 7<>"$T/full"
dd if=/dev/zero of="$T/full" bs=4096 oflag=nonblock status=none 2>/dev/null
for sub in check explain; do
	"$F" $sub -- sh -c 'exec 9</etc/passwd; mawk "BEGIN { system(\"true\") }"; echo >"$0"' "$T/$sub.ended" >&7 2>&1 &
	pid=$!
	t_until test -e "$T/$sub.ended"
	for _ in {1..100}; do # CMD may get the first
		kill -TERM $pid 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL $pid 2>/dev/null
	wait $pid
	t_is "$sub ends on a signal when its report is stuck" $? 143
done
t_done
