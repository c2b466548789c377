#!/bin/bash
# CMD is waited for, signalled and reaped through a pidfd; where there is none, by its number; where it cannot
# be waited for at all, it is not started.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
# Says that it runs, then what it gets, and ends by itself if nothing comes; it waits for no child.
cat >"$T/listens" <<'END'
$| = 1;
$SIG{TERM} = sub { print "got TERM\n"; exit 5 };
print "$$\n";
sleep 1 for 1 .. 30; # a signal just before one is met behind it
END

# signalled COMMAND...: CMD's number, what it says when its starter gets SIGTERM, and the status
signalled() {
	local line
	coproc RUN { exec "$@" perl "$T/listens"; }
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
none_left() { # of what signalled() has started, supervisors too
	! grep -aqsF "$T/listens" /proc/[0-9]*/cmdline
}

subs=("check -q --wait -o $T/report" "explain -q -o $T/report" "run -q --log $T/log")
if "$F" trace -q --duration 0.1 -o /dev/null >/dev/null 2>&1; then
	subs+=("trace -q -o $T/report")
else
	t_skip 'trace' 'it cannot run here'
fi
if "$F" run -q --supervise -- true 2>/dev/null; then
	subs+=("run -q --supervise" "run -q --supervise=auto --log $T/log" "check -q --supervise -o $T/report")
else
	t_skip 'run --supervise' 'it cannot run here'
fi

# What is denied, and by which errors: then it is as if nothing were ...
while read -r calls errors; do
	for error in ${errors//,/ }; do
		for sub in "${subs[@]}"; do
			name="${sub%% -o*}, ${calls/-/nothing denied} ${error/-/}"
			t_wants "$name" || continue
			within=(timeout --foreground -k 5 60 "$H/within")
			[ "$calls" = - ] || for call in ${calls//+/ }; do within+=("deny=$call:$error"); done
			# shellcheck disable=SC2206 # words
			within+=(-- "$F" $sub --)
			"${within[@]}" sh -c 'exit 7' >/dev/null 2>&1
			status=$?
			if [ $status -eq 77 ]; then
				t_skip "$name" 'cannot filter system calls here'
				continue
			fi
			t_is "$name: the status of CMD" $status 7
			t_is "$name: a signal is handed on" "$(signalled "${within[@]}" 2>&1 | tail -n +2)" $'got TERM\n= 5'
			t_ok "$name: nothing is left" t_until none_left
		done
	done
done <<'END'
- -
pidfd_open EPERM,EACCES,ENOSYS
pidfd_send_signal EPERM,ENOSYS
waitid_pidfd EINVAL
waitid EPERM,ENOSYS
wait4 EPERM,ENOSYS
waitid+pidfd_open EPERM
wait4+pidfd_open ENOSYS
clone3 ENOSYS
END
# limits: denied-waits
# ... or it says what it lacks, and has started nothing.
while read -r calls errors word; do
	for error in ${errors//,/ }; do
		for sub in "${subs[@]}"; do
			name="${sub%% -o*}, $calls $error"
			t_wants "$name" || continue
			within=(timeout --foreground -k 5 60 "$H/within")
			for call in ${calls//+/ }; do within+=("deny=$call:$error"); done
			# shellcheck disable=SC2206 # words
			within+=(-- "$F" $sub --)
			"${within[@]}" sh -c ': >"$0"' "$T/started" >"$T/out" 2>&1
			t_is "$name: its own status" $? 125
			t_like "$name: it says why" "$(cat "$T/out")" "$word"
			t_ok "$name: nothing was started" test ! -e "$T/started"
			rm -f "$T/started"
		done
	done
done <<'END'
waitid+wait4 EPERM,ENOSYS wait4.and.waitid
poll EPERM,ENOSYS poll:
signalfd EPERM,ENOSYS signalfd:
rt_sigtimedwait EPERM,ENOSYS rt_sigtimedwait:
clone3 EPERM,EACCES clone3
END
for sub in "${subs[@]}"; do
	# shellcheck disable=SC2016,SC2086 # $$ is that shell's; words
	t_is "${sub%% -o*}: 128 and the signal that ended it" "$("$F" $sub -- sh -c 'kill -9 $$' >/dev/null 2>&1; echo $?)" 137
	# An orphan that ends before CMD is reaped by whoever adopted it.
	# shellcheck disable=SC2016,SC2086
	t_is "${sub%% -o*}, waitid: an orphan that ends first" "$(timeout 60 "$H/within" deny=waitid:EPERM -- "$F" $sub -- \
		sh -c '(sh -c "echo \$\$; exit 3" & exec true) | { read -r orphan; while kill -0 $orphan; do sleep 0.1; done; }; exit 7' >/dev/null 2>&1; echo $?)" 7
done

# Where there is no CMD: what ends by itself, or with the process that it looks at, or by a signal.
perl "$T/listens" >/dev/null 9</etc/passwd &
watched=$!
if [[ ${subs[*]} = *trace* ]]; then
	while read -r call word; do
		t_like "trace --pid, $call EPERM: it says why" \
			"$(timeout -k 5 60 "$H/within" deny="$call:EPERM" -- "$F" trace -q --pid $watched 2>&1; echo "= $?")" "$word"$'.*\n= 125$'
	done <<'END'
pidfd_open pidfd_open:
poll poll:
rt_sigtimedwait rt_sigtimedwait:
clone3 clone3
END
fi
for error in EPERM EACCES ENOSYS; do
	rm -f "$T/watched"
	"$H/within" deny=pidfd_open:$error -- "$F" inspect -q --watch=1 $watched >"$T/watched" &
	t_ok "inspect --watch, pidfd_open $error: it shows the process" t_until grep -q /etc/passwd "$T/watched"
	kill -TERM $!
	wait $!
	t_is '... and ends on a signal' $? 143
done
kill $watched
wait $watched

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
	# KILL is for the witness.
	t_is 'nothing is done by number' "$(calls)" 'P_PIDFD,pidfd KILL,pidfd TERM'
	t_is 'where that is denied all is' "$(calls deny=pidfd_open:EPERM)" 'kill TERM,wait4'
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
