#!/bin/bash
# fdfence run --supervise: what it asks and needs for itself: /proc, numbers of processes, limits, memory, threads.
# limit: 200
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/supervise.bash"
S=$H/supervise

# --- numbers in /proc that are those of others ---
apart=(unshare -Urpf --kill-child)
if spawn "${apart[@]}" true 2>/dev/null; then
	refused() { # fdfence's arguments
		spawn -t 60 "${apart[@]}" "$F" "$@" -- echo ran 2>&1
		echo "status $?"
	}
	refusal=$'fdfence: /proc is that of another PID namespace: mount one in this\nstatus 125'
	for how in "run --supervise" "run --supervise=auto" "run --supervise=auto --mode deny --on-error deny" \
		"run --supervise --log $T/apart.log" "check --supervise" "check --supervise=auto" "explain --supervise"; do
		# shellcheck disable=SC2086 # words
		t_is "the /proc of another PID namespace: $how starts nothing" "$(refused $how)" "$refusal"
	done
	t_is "... but what a supervisor above sees, it seals" \
		"$(status_of sup -- "${apart[@]}" "$F" run -q --supervise -- "$W" fork "$N")" 0
	t_is "... and with one of its own it is as everywhere" \
		"$(spawn -t 60 "${apart[@]}" --mount-proc "$F" run -q --supervise -- "$W" fork "$N"; echo "$?")" 0
	# The same number in both: whoever asks has to ask for more than that.
	cat >"$T/alike" <<-'END'
		read -r me _ </proc/self/stat
		echo "$me" >/proc/sys/kernel/ns_last_pid || exit 77
		"$@" -- echo ran
		exit $?
	END
	alike=$(spawn -t 60 unshare -rmpf --mount-proc unshare -pf bash "$T/alike" "$F" run --supervise 2>&1)
	case $? in
	77 | 1) t_skip "... also where ours is the same number there" "no number can be asked for: $alike" ;;
	*) t_is "... also where ours is the same number there" "$alike" "${refusal%$'\n'*}" ;;
	esac
else
	t_skip "the /proc of another PID namespace" "no namespaces here"
fi

# --- who is meant is gone, and somebody else has the number ---
# A thread of it is about to attach to a caller that is killed, and holds the next one of that number.
cat >"$T/reused" <<'END'
	read -r _ _ _ s _ <"/proc/$PPID/stat"
	strace -qq -f -p "$s" -e trace=ptrace -e inject=ptrace:delay_enter=1000000:when=1 -o /dev/null 2>"$0.said" &
	until [[ $(<"/proc/$s/status") = *TracerPid:?[1-9]* ]]; do # by what asks nobody
		kill -0 $! || exit 77
		read -rt 0.1 -u 9
	done 9<>"$0.fifo"
	echo 20000 >/proc/sys/kernel/ns_last_pid || exit 77
	(exec "$1" execve "$2") &
	gone=$!
	until read -r _ _ state _ <"/proc/$gone/stat" && [ "$state" = S ]; do read -rt 0.1 -u 9; done 9<>"$0.fifo"
	kill -KILL "$gone"
	wait "$gone"
	echo 20000 >/proc/sys/kernel/ns_last_pid
	(exec "$1" execve "$2") &
	[ "$gone" = $! ] || exit 77
	wait $!
	echo "status $?"
	kill %1
END
mkfifo "$T/reused.fifo"
reused=$(spawn -t 30 unshare -rmpf --kill-child --mount-proc "$F" run -q --supervise -- bash "$T/reused" "$W" "$N" 2>/dev/null)
case $? in
77 | 1) t_skip "an exec of a process that a thread holds by mistake" "no number can be asked for, or no strace of a supervisor here" ;;
*) t_is "an exec of a process that a thread holds by mistake is attended to by that thread" "$reused" "status 0" ;;
esac

# --- what is mounted over /proc, before and after it starts ---
cat >"$T/over" <<-'END'
	sleep 100 & # it has stdio alone
	mount --bind "/proc/$!/fd" "/proc/$$/fd" && exec "$1" execve "$2"
END
for own in -m -rm; do # with a /proc of its own; with a copy of what is there
	if spawn unshare "$own" true 2>/dev/null; then
		t_is "unshare $own: another's numbers over those of a process: its leaks are sealed" \
			"$(status_of spawn -t 60 unshare "$own" "$F" run -q --supervise -- bash "$T/over" "$W" "$N")" 0
	else
		t_skip "unshare $own: another's numbers over those of a process" "denied here"
	fi
done
if spawn unshare -rm true 2>/dev/null; then
	t_is "nothing over /proc: what is given arrives" \
		"$(spawn -t 60 unshare -rm "$F" run -q --supervise -- bash -c \
			'exec 6</etc/group; mount -t tmpfs none /proc; sh -c "read -r line <&6; echo \$line"')" "$(head -n 1 /etc/group)"
	mkdir -p "$T/proc/self"
	ln -s "$F" "$T/proc/self/exe"
	printf 'NSpid:\t1\n' >"$T/proc/self/status"
	t_is "a folder that looks like /proc: nothing starts" \
		"$(spawn -t 60 unshare -rm bash -c "mount --bind $T/proc /proc; $F run --supervise -- echo ran; echo status \$?" 2>&1)" \
		$'fdfence: /proc: no proc file system is there: it has to be mounted\nstatus 125'
else
	t_skip "a folder over /proc" "denied here"
fi
cat >"$T/lock.py" <<-'END'
	import ctypes, fcntl, os, sys
	libc = ctypes.CDLL(None) # os.open() marks close-on-exec
	kept, leak = [libc.open(sys.argv[1].encode(), os.O_RDWR) for _ in range(2)]
	os.set_inheritable(kept, False)
	os.set_inheritable(kept, True) # that one is meant
	fcntl.lockf(kept, fcntl.LOCK_EX)
	os.execv(sys.argv[2], sys.argv[2:])
END
: >"$T/locked"
pids_alone=(unshare -rmpf --mount-proc --propagation private sh -c 'mount -t proc -o subset=pid none /proc && exec setpriv --bounding-set=-sys_admin "$@"' -)
if spawn "${pids_alone[@]}" true 2>/dev/null; then
	t_is "/proc that tells of processes alone (subset=pid): a lock that is kept stays, and a leak of its file" \
		"$(spawn -t 60 "${pids_alone[@]}" "$F" run -q --supervise -- /usr/bin/python3 "$T/lock.py" "$T/locked" "$H/static/fdlist")" \
		"3 open $T/locked"$'\n'"4 open $T/locked"
else
	t_skip "/proc that tells of processes alone" "denied here"
fi

# --- limits of its own ---
cat >"$T/limits" <<-'END'
	read -r _ _ _ s _ <"/proc/$PPID/stat"
	for p in "$s" $$; do
		sed -n 's/^Max \(cpu time\|file size\|address space\|open files\) *\([^ ]*\) *\([^ ]*\) .*/\2 \3/p' "/proc/$p/limits" | tr '\n' ','
	done
END
limited() { # user or none, what bounds processor time, file size, open files and address space...
	spawn -t 60 "${@:1:$#-1}" prlimit --cpu=1000:2000 --fsize=3000:4000 --nofile=100:200 --as=50000000000 \
		"${!#}" run --supervise -- bash "$T/limits" 2>&1
}
its="1000 2000,3000 4000,100 200,50000000000 50000000000,"
name="limits that are set for the command are not the supervisor's"
if spawn prlimit --cpu=2000:2000 prlimit --cpu=unlimited true 2>/dev/null; then
	t_is "$name" "$(limited "$F")" "unlimited unlimited,unlimited unlimited,4096 4096,unlimited unlimited,$its"
else
	t_skip "$name" "CAP_SYS_RESOURCE is not there"
fi
if [ "$(id -u)" = 0 ]; then
	for_others "$F" "$W" "$N"
	# limits: supervise-cpu
	t_is "others: up to the hard ones; and processor time is told" \
		"$(limited setpriv --reuid nobody --regid nogroup --clear-groups "$T/bin/fdfence" | grep -v privileges)" \
		"fdfence: the supervisor may use 2000 s of processor time (ulimit -t); behind that execs below it fail
2000 2000,4000 4000,200 200,50000000000 50000000000,$its"
else
	t_skip "limits, without CAP_SYS_RESOURCE" "not root"
fi
cat >"$T/denied" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	strace -qq -f -p "\$s" -e trace=pidfd_getfd,openat -e inject=pidfd_getfd:error=EMFILE -e "inject=openat:error=EMFILE:when=\$1" \
		-o /dev/null 2>"$T/denied.said" &
	until [[ \$(<"/proc/\$s/status") = *TracerPid:?[1-9]* ]]; do # by what asks nobody
		kill -0 \$! || exit 77
		read -rt 0.1 -u 9
	done 9<>"$T/fifo"
	exec 6</etc/group
	$W execve $N
	status=\$?
	kill %1
	exit \$status
END
mkfifo "$T/fifo"
without_files() { # the call that cannot open a file, "+": and all behind it; what became of what is given
	rm -f "$T/denied.log"
	sup --log "$T/denied.log" -- bash "$T/denied" "$1" >/dev/null
	case "$? $(jq -s 'any(.inexact)' "$T/denied.log")" in
	"1 "*) echo "it arrives" ;;
	"0 true") echo "it is lost, and that is said" ;;
	*) echo "$1: $(jq -c '[.into, .inexact]' "$T/denied.log")" ;;
	esac
}
# limits: supervise-limits
if [ "$(without_files 1000)" = "it arrives" ]; then
	t_is "where a file cannot be opened any more, what that costs is said" \
		"$(for when in {1..20} 8+; do without_files "$when"; done | sort -u)" $'it arrives\nit is lost, and that is said'
else
	t_skip "where a file cannot be opened any more" "no strace of a supervisor here: $(tail -n 1 "$T/denied.said")"
fi

cat >"$T/no_memory" <<-END
	read -r _ _ _ s _ <"/proc/\$PPID/stat"
	prlimit --pid "\$s" --as=1:1 --data=1:1
	for _ in 1 2 3 4; do
		$W many $N
		echo \$?
	done
END
t_is "no memory is left: nothing goes through" "$(sup --log "$T/no_memory.log" -- bash "$T/no_memory" 2>/dev/null | grep -cx -e 0 -e 126 -e 137)" 4
t_like "... and it is said" "$(sup --log "$T/no_memory.log" -- bash "$T/no_memory" 2>&1)" "fdfence: out of memory.*fdfence: the supervisor was killed"

# --- what does not work is said, and nothing starts ---
refused() { spawn "$@" "$F" run -q --supervise -- echo ran 2>&1; }
t_like "a listener above" "$(refused "$S/filters" none listen)" \
	"^fdfence: --supervise: a listener of somebody else is above it .*; nothing was started"
t_like "no seccomp" "$(refused "$S/filters" seccomp EPERM)" "^fdfence: --supervise: seccomp is denied here; nothing was started"
t_like "a kernel without it" "$(refused "$S/filters" seccomp ENOSYS)" "^fdfence: --supervise: this kernel has no notification .*; nothing was started"
t_like "no ptrace" "$(refused "$S/filters" ptrace EPERM)" "^fdfence: --supervise: ptrace is denied here .*; nothing was started"
# limits: supervise-traced
t_like "strace above" "$(refused strace -qq -f -o /dev/null)" \
	"^fdfence: --supervise: another program traces this one already: strace \(process [0-9]+\); nothing was started"
t_like "no ioctl, by which it would answer" "$(refused "$S/filters" ioctl EPERM)" \
	"^fdfence: --supervise: ioctl is denied here, .*; nothing was started"
for call in ioctl ptrace kcmp process_vm_readv pidfd_getfd kill getdents64 readlinkat; do
	t_like "a filter that kills who calls $call" "$(refused "$S/filters" $call KILL)" \
		"^fdfence: --supervise: a filter here kills who calls $call, .*; nothing was started"
done
t_is "... and the status is 125" "$(status_of spawn "$S/filters" ptrace EPERM "$F" run --supervise -- true)" 125

t_is "... and check reports nothing of it" "$(spawn "$S/filters" ptrace EPERM "$F" check --supervise -- true 2>&1 | grep -c "no leaks"; echo "${PIPESTATUS[0]}")" $'0\n125'

# --- no thread to be had ---
if [ "$(id -u)" = 0 ]; then
	user=$((60000 + $$ % 1000 * 4)) # nobody else's, and another one for each case, since what ends may linger
	for_others "$F" "$W" "$N"
	few() { # how many processes and threads; command...: what it says, and its status
		local n=$1
		shift
		spawn -t 60 setpriv --reuid "$user" --regid "$user" --clear-groups \
			prlimit --nproc="$n" -- "$T/bin/fdfence" run -q --supervise -- "$@" 2>&1
		echo "status $?"
	}
	# The front and its witness, the supervisor and one thread of it, the reaper, and the command, which execs three times.
	t_is "RLIMIT_NPROC: one thread does it" "$(few 6 sh -c "exec env $T/bin/ways execve $T/bin/count")" "status 0"
	user=$((user + 1))
	t_is "... and a fork fails as it would" "$(few 6 sh -c "$T/bin/count; echo ran")" $'sh: 1: Cannot fork\nstatus 2'
	user=$((user + 1))
	t_is "... twenty, one behind the other" \
		"$(few 24 sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do $T/bin/ways execve $T/bin/count || exit; done; echo all")" \
		$'all\nstatus 0'
	user=$((user + 1))
	t_is "... too few for the supervisor: nothing starts" "$(few 2 echo ran)" \
		$'fdfence: cannot fork: Resource temporarily unavailable\nfdfence: the supervisor ended before the command started\nstatus 125'
else
	t_skip "RLIMIT_NPROC" "not root"
fi
t_done
