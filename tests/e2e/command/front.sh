#!/bin/bash
# limit: 300
# CMD through fdfence is what it is without: what its starter says to it, sends it and hears of its end, in
# every way in which fdfence starts one.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

subs=("run -q" "run -q --log $T/log" "check -q -o $T/report" "explain -q -o $T/report")
if "$F" trace -q --duration 0.1 -o /dev/null >/dev/null 2>&1; then
	subs+=("trace -q -o $T/report")
else
	t_skip 'trace' 'it cannot run here'
fi
if "$F" run -q --supervise -- true 2>/dev/null; then
	subs+=("run -q --supervise" "run -q --supervise=auto --log $T/log" "check -q --seal --supervise -o $T/report")
else
	t_skip 'run --supervise' 'it cannot run here'
fi

# --- variables that name a process by its number ---
# They are of the process that was started, which CMD is not; those of another stay.
# shellcheck disable=SC2016 # for the inner shells
named='export LISTEN_PID=$$ LISTEN_FDS=1 WATCHDOG_PID=$$ SYSTEMD_EXEC_PID=$$
	LISTEN_PIDFDID=$(/usr/bin/python3 -c "import os, sys; print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)" $$)
	export LISTEN_PIDFDID; exec "$@"'
cat >"$T/named" <<'P'
import os
own = {name: str(os.getpid()) for name in ("LISTEN_PID", "WATCHDOG_PID", "SYSTEMD_EXEC_PID")}
own["LISTEN_PIDFDID"] = str(os.fstat(os.pidfd_open(os.getpid())).st_ino)
print(*(name for name in own if os.environ[name] == own[name]), os.path.exists("/proc/self/fd/3"))
P
for sub in "${subs[@]}"; do
	# shellcheck disable=SC2086 # words
	t_is "${sub%% -o*}: variables that name who was started name the command" \
		"$(spawn -l listener sh -c "$named" sh "$F" $sub -- /usr/bin/python3 "$T/named" 2>&1)" \
		"LISTEN_PID WATCHDOG_PID SYSTEMD_EXEC_PID LISTEN_PIDFDID True"
	# shellcheck disable=SC2086,SC2016
	t_is "${sub%% -o*}: those that name another stay" "$(spawn -e LISTEN_PID=1 "$F" $sub -- sh -c 'echo $LISTEN_PID' 2>&1)" 1
done

# --- signals, stops and ends ---
# Each is what it is without fdfence, which is asked first.
heard() { # what, command...: front.py's line; python passes on nothing that it ignores
	spawn -t 100 /usr/bin/python3 "$(dirname "$0")/../../helpers/front.py" "$@" 2>&1
}
while IFS=: read -r what expected about; do
	t_is "without fdfence: $about" "$(heard "$what")" "$expected"
	for sub in "${subs[@]}"; do
		# shellcheck disable=SC2086 # words
		t_is "${sub%% -o*}: $about" "$(heard "$what" "$F" $sub --)" "$expected"
	done
done <<'END'
ended:killed SIGINT:its starter sees which signal ended it
killed9:killed SIGKILL:SIGKILL too
script:over:^C ends a script
stops:stopped SIGSTOP, stopped SIGTSTP, exit 3:one that stops itself is seen to, and goes on
resumed:stopped SIGSTOP, exit 3:... and where somebody continues its process alone
counts:SIGHUP, SIGRTMIN, SIGTERM, SIGUSR1, exit 0:a signal to the group, or to one, arrives once
killed:killed SIGKILL, gone, child:SIGKILL of its starter's process ends it, and no child of it
END
t_done
