#!/bin/bash
# limit: 180
# How fdfence ends: by a signal while nobody takes its report, stopped and continued alone, out of
# memory; and what it leaves behind, which is nothing.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence

is_gone() { ! kill -0 "$1"; }
state() { sed 's/.*) \(.\).*/\1/' "/proc/$1/stat"; }
is() { [ "$(state "$2")" = "$1" ]; }
has_ended() { is_gone "$1" || is Z "$1"; }
blocks_term() { # pid: is SIGTERM among the blocked signals?
	local mask
	mask=$(sed -n 's/^SigBlk:\t//p' "/proc/$1/status")
	((0x$mask >> 14 & 1))
}
waits_to_write() { # pid: CMD has ended, and its report does not get out
	! pgrep -P "$1" && ! blocks_term "$1"
}

# --- a report that nobody takes ---
mkfifo "$T/pipe"
exec {full}<>"$T/pipe"
head -c 65536 /dev/zero >&"$full"
for sub in check explain; do
	for sig in INT TERM HUP; do
		"$H/spawn" -t 60 /usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL) # the shell ignores it for us
os.setpgid(0, 0)
print(os.getpid(), flush=True)
fd = os.open(sys.argv[1], os.O_RDWR)
os.dup2(fd, 2)
os.execv(sys.argv[2], sys.argv[2:])' "$T/pipe" "$F" $sub -- true >"$T/pid" &
		t_until test -s "$T/pid"
		pid=$(<"$T/pid")
		t_until waits_to_write "$pid"
		kill -$sig "$pid"
		t_ok "$sub whose report nobody takes ends at SIG$sig" t_until is_gone "$pid"
		kill -KILL "$pid" 2>/dev/null
		wait $!
		rm "$T/pid"
	done
done
exec {full}>&-

# --- files on the way ---
# An outer collector that takes nothing: each record that the inner one hands on waits a second.
cat >"$T/stuck" <<'P'
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("\0" + sys.argv[1])
if os.fork():
    os.environ.update(FDFENCE_LOG="@" + sys.argv[1], FDFENCE_LOG_KEY="key", FDFENCE_LOG_WHAT="all")
    os.execv(sys.argv[2], sys.argv[2:])
import time
time.sleep(60)
P
mkdir "$T/way"
# shellcheck disable=SC2016 # for the inner shell
spawn -t 60 /usr/bin/python3 "$T/stuck" "$T/sock" "$H/within" deny=openat_tmpfile:EINVAL -- "$F" check -o "$T/way/report" -- sh -c \
	'echo "$PPID $$ $FDFENCE_LOG" >"$0"; for i in $(seq "$1"); do /bin/true; done; echo >"$0.end"' \
	"$T/start" $(($(cat /proc/sys/net/unix/max_dgram_qlen) + 30)) &
t_until test -s "$T/start.end"
read -r pid cmd log <"$T/start"
t_ok "there is a folder of the socket, and a report on the way" \
	bash -c 'test -S "$0" && ls "$1"/report.?????? >/dev/null' "${log#@}" "$T/way"
t_until has_ended "$cmd"
kill -TERM "$pid"
wait $!
t_is "a signal that ends fdfence takes its files along" \
	"$? $(ls -d "$(dirname "${log#@}")" "$T"/way/* 2>/dev/null)" "143 "

killed() { # word of within: what is beside a report that SIGKILL comes before
	"$H/within" "$@" -- "$F" check -q -o "$T/way/report" -- sh -c 'kill -KILL $PPID' 2>/dev/null
	ls "$T/way"
	rm -f "$T"/way/*
}
t_is "SIGKILL leaves nothing" "$(killed)" ""
# limits: left-beside
t_like "... where files may have no name" "$(killed deny=openat_tmpfile:EINVAL)" '^report\.[[:alnum:]]{6}$'
t_is "... there a report is written all the same" "$("$H/within" deny=openat_tmpfile:EINVAL -- \
	"$F" check -q -o "$T/way/report" -- true; ls "$T/way"; rm "$T/way/report")" report

# --- a limit of the size of files ---
limited() { # fdfence's arguments: the file may have no byte
	(ulimit -f 0; spawn "$F" "$@" 2>&1; echo "= $?")
}
t_is "check says that the report is too large, and what it has found" \
	"$(limited check -o "$T/way/report" -- true | sed 's/.*\(File too\)/\1/')" \
	$'File too large\nfdfence: no leaks in 1 exec\n= 125'
t_is "... and leaves nothing" "$(ls "$T/way")" ""
t_like "run says that records are lost" "$(limited run --log "$T/way/log" -- "$H/leaker" -l true)" \
	"1 record lost: File too large.= 0$"
t_is "the command ends as without fdfence" \
	"$(limited check -q -o /dev/null -- /usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), b"x")' "$T/way/x")" "= 153"

# --- stopped and continued ---
# shellcheck disable=SC2016 # for the inner shell
sleeper=(sh -c 'echo "$PPID $$" >"$0"; while [ ! -e "$0.end" ]; do sleep 0.1; done; exit 7' "$T/pids")
for sub in "check -q" "run --log $T/way/log"; do
	rm -f "$T/pids" "$T/pids.end"
	# shellcheck disable=SC2086 # words
	spawn -t 60 "$F" $sub -- "${sleeper[@]}" &
	t_until test -s "$T/pids"
	read -r pid cmd <"$T/pids"
	[ "$sub" = "check -q" ] || pid=$(ps -o ppid= -p "$pid" | tr -d ' ')
	kill -TSTP "$pid"
	t_until is T "$cmd"
	t_ok "$sub: SIGTSTP to fdfence alone stops it" t_until is T "$pid"
	t_is "... and the command" "$(state "$cmd")" T
	kill -CONT "$pid"
	t_until is S "$pid"
	t_ok "... and SIGCONT continues both" t_until is S "$cmd"
	: >"$T/pids.end"
	wait $!
	t_is "... to their end" $? 7
done

# --- out of memory ---
# shellcheck disable=SC2016 # for the inner shell
out=$(spawn -t 60 -e LD_PRELOAD="$H/starve" -e STARVED=fdfence -e STARVE="$T/starve" "$F" check -- \
	sh -c 'echo "$FDFENCE_LOG" >"$0"; : >"$STARVE"; exec sleep 600' "$T/oom" 2>&1)
t_like "check: out of memory is the end of the command, too" "$? $out" "^125 .*out of memory.*the command was killed"
t_ok "... and of the folder of the socket" test ! -e "$(dirname "$(sed 's/^@//' "$T/oom")")"
# Now it is the reader of JSON that finds none, now fdfence itself.
# shellcheck disable=SC2016 # for the inner shell
hungry=(sh -c 'prlimit --pid "$(ps -o ppid= -p $$)" --data=1
	for i in 1 2 3 4 5 6 7 8 9; do /usr/bin/python3 -c "import os
for i in range(900): os.set_inheritable(os.open(\"/etc/passwd\", os.O_RDONLY), True)
os.execv(\"/bin/true\", [\"true\"])"; done')
for sub in check "explain -o $T/way/oom" "run --log $T/way/oom.log --log-what all"; do
	# shellcheck disable=SC2086 # words
	out=$(spawn -t 60 "$F" $sub --intent=-act -- "${hungry[@]}" 2>&1)
	t_like "${sub%% *}: ... or a record that could not be read is counted" "$out$(tail -n 3 "$T/way/oom" 2>/dev/null)" \
		"datagrams refused|out of memory"
done
t_done
