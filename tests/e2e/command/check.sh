#!/bin/bash
# limit: 240
# fdfence check: what leaks in a tree, counted by cause; what is not covered; statuses and outputs.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/command/check.bash
. "$(dirname "$0")/check.bash"

leak=("$H/leaker" -w "$T/db" -l -p -n 5 true)

# --- causes ---
check -- "${leak[@]}"
t_is "a leak is status 99" "$status" 99
t_is "leaks, causes, execs" "$(q '"\(.leaks) \(.causes|length) \(.execs)"')" "20 4 6"
t_is "each cause says who, into whom, what and how often" \
	"$(q '.causes[] | "\(.exe) \(.into) \(.type) \(.access // "-") \(.fds) \(.times)"' | sort)" \
	"$(printf '%s\n' "$H/leaker /usr/bin/true file rw [3] 5" "$H/leaker /usr/bin/true listener - [4] 5" \
		"$H/leaker /usr/bin/true pipe r [5] 5" "$H/leaker /usr/bin/true pipe w [6] 5" | sort)"
t_is "the file is named" "$(q '.causes[] | select(.type=="file") | .what')" "$T/db"
t_is "all is covered" "$(q '.not_covered | length')" 0
t_is "nothing is lost" "$(q '"\(.records_lost) \(.datagrams_refused) \(.inexact)"')" "0 0 0"
t_is "the status of the command is in the report" "$(q .status)" 0

check -- sh -c 'for i in 1 2 3; do true; /bin/true; done'
t_is "no leak is status 0" "$status $(q .leaks)" "0 0"

# --- let through, or sealed ---
check -- "$H/leaker" -w "$T/db" "$H/fdlist"
t_is "an audit lets through" "$out" "3 open $T/db"
check --seal -- "$H/leaker" -w "$T/db" "$H/fdlist"
t_is "--seal does not" "$out" ""
t_is "and reports all the same" "$status $(q '.causes[0].verdict')" "99 seal"

# limits: once
# A leak is judged where it enters: what the next program relays is no second leak.
check -- "$H/leaker" -w "$T/db" env nice /bin/true
t_is "a relayed leak is one leak" "$(q .leaks)" 1

# --- statuses ---
check -- sh -c 'exit 7'
t_is "without leaks the command's status" "$status" 7
check -- sh -c 'kill -TERM $$'
t_is "128+n when a signal killed it" "$status" 143
check --error-exitcode=3 -- "${leak[@]}"
t_is "--error-exitcode" "$status" 3
check --error-exitcode=0 -- "$H/leaker" -w "$T/db" sh -c 'exit 4'
t_is "--error-exitcode=0 is the command's status" "$status $(q .leaks)" "4 1"
check -- no-such-command
t_is "127: not found" "$status" 127
t_ok "and no report" test ! -e "$T/json"
check -- /etc/passwd
t_is "126: not executable" "$status" 126
t_is "125: a status that means something else" \
	"$(spawn "$F" check --error-exitcode=126 -- true 2>/dev/null; echo $?)" 125

# --- failed execs ---
check -- "$H/leaker" -w "$T/db" -x no-such-command
t_is "an exec that failed leaks nothing" "$status $(q .leaks)" "121 0"

check --rule 'deny type=listener' -- "$H/leaker" -l true
t_is "one that was denied is no program that was not covered" "$(q '"\(.leaks) \(.not_covered | length)"')" "1 0"
for entry in execve posix_spawn popen system; do
	check --rule 'deny type=file' -- "$H/entry" $entry /bin/true
	t_is "... by $entry, whose record says so" "$(q '"\(.leaks) \(.not_covered | length) \([.causes[].outcome] | unique[])"')" "3 0 refused"
done

# --- what is meant ---
check --rule "keep path=$T/db" --rule 'keep type=listener,pipe' -- "${leak[@]}"
t_is "rules that keep suppress" "$status $(q .leaks)" "0 0"
check --keep 3-6 -- "${leak[@]}"
t_is "--keep suppresses" "$status" 0
check -- bash -c 'exec 9</etc/passwd; /bin/true; cat <(echo x)'
t_is "a shell's redirections are meant" "$status $out" "0 x"
# limits: shell
check --intent none -- bash -c 'exec 9</etc/passwd; /bin/true'
t_is "with --intent none they are listed" "$(q '.causes[0].what')" /etc/passwd

# --- what the command was given ---
check -l write:8 -- sh -c '/bin/true; /bin/true'
t_is "what was open outside is told apart" "$status $(q '"\(.leaks) \(.outside|length) \(.outside[0].fds)"')" "0 0 1 [8]"
spawn bash -c 'exec 3</etc/passwd 12>>"$0/app" 7</etc/hostname; exec "$1" check --format json -o "$0/given" -- true' "$T" "$F"
t_is "... by its number" "$(jq -c '[.outside[].fds[0]]' "$T/given")" "[3,7,12]"

# --- not covered ---
check -- sh -c "'$H/static/fdlist'; '$H/static/fdlist'"
# limits: static
t_is "a static program" "$(q '.not_covered[] | "\(.execs) \(.path) \(.why)"')" "2 $H/static/fdlist static"
check -- "$H/leaker" -w "$T/db" "$H/static/fdlist"
t_is "what leaks into it counts" "$(q .leaks)" 1
check -- "$H/static/fdlist"
t_like "the command itself" "$(q '.not_covered[0].path')$err" "static/fdlist.*does not reach it"
t_like "the text says so" "$(spawn "$F" check -q -- "$H/static/fdlist" 2>&1)" \
	"^fdfence: not covered: 1 exec of $H/static/fdlist \(static\)$"
check --no-follow -- env -i /bin/true
t_is "an environment without the fence" "$(q '.not_covered[0].path')" /usr/bin/true
check -- env -i /bin/true
# limits: environment
t_is "by default it is put back" "$(q '.not_covered | length')" 0
if "$H/m32/fdlist" 999999 2>/dev/null; then
	check -- sh -c "'$H/m32/fdlist' 999999"
	# limits: other-arch
	t_is "a 32-bit program" "$(q '.not_covered[] | "\(.execs) \(.why)"')" "1 of another architecture"
else
	t_skip "a 32-bit program" "cannot run 32-bit programs here"
fi
printf '#!/bin/sh\nexit 0\n' >"$T/script"
chmod +x "$T/script"
check -- "$T/script"
t_is "a script is covered" "$(q '.not_covered | length')" 0
if [ "$(id -u)" -eq 0 ]; then
	check -- setpriv --reuid=65534 --clear-groups passwd --help
	# limits: set-id
	t_is "a set-user-ID program" "$(q '.not_covered[] | "\(.path) \(.why)"')" "/usr/bin/passwd set-user-ID"
else
	t_skip "a set-user-ID program" "needs root to be somebody else"
fi

# --- many at once ---
check -- sh -c 'for i in 1 2 3 4 5 6 7 8; do
	(for j in $(seq 50); do /bin/true; done) & done; wait'
t_is "8 writers: every exec is counted" "$(q '"\(.execs) \(.records_lost) \(.not_covered|length)"')" "409 0 0"

# --- hostile datagrams ---
cat >"$T/hostile" <<'E2'
to=${FDFENCE_LOG#@}
send() { printf "$FDFENCE_LOG_KEY$1" | socat -u - "ABSTRACT-SENDTO:$to"; }
send 'junk\033[2J\n'
send '{"fdfence":1,"event":"exec","pid":1,"exe":"\\u001b[2J","into":"x"}'
send '{"fdfence":1,"event":"exec","pid":1,"fds":7}'
(printf %s "$FDFENCE_LOG_KEY"; head -c 100000 /dev/zero) >"$0.big"
socat -u -b 200000 "OPEN:$0.big" "ABSTRACT-SENDTO:$to" 2>/dev/null
rm "$0.big"
for i in 1 2 3 4 5 6 7 8 9 10; do head -c 3000 /dev/urandom | socat -u - "ABSTRACT-SENDTO:$to"; done
exit 0
E2
if command -v socat >/dev/null; then
	untapped check -- bash "$T/hostile"
	t_like "hostile datagrams are counted and break nothing" "$status $(q .leaks) $(q .datagrams_refused)" "^0 0 4$"
	t_is "and those of strangers" "$(q .datagrams_foreign)" 10
	t_is "and nothing of them is printed" \
		"$(spawn "$F" check -- bash "$T/hostile" 2>&1 | tee "$T/text" | LC_ALL=C tr -d '\n -~' | wc -c)" 0
	t_like "the text tells both" "$(<"$T/text")" \
		"fdfence: 4 datagrams refused: not a record.fdfence: 10 foreign datagrams ignored: not from below the command$"
else
	t_skip "hostile datagrams are counted and break nothing" "no socat"
	t_skip "and nothing of them is printed" "no socat"
fi
# Whoever lacks the key is a stranger, root's check or not; whoever has it is none, root or not.
if [ "$(id -u)" -eq 0 ] && command -v socat >/dev/null; then
	for_others "$F" "$SHIM"
	mkfifo -m 666 "$T/go" "$T/name"
	forged='{"fdfence":1,"event":"exec","source":"shim","pid":1,"into":"/x","fds":[{"fd":9,"verdict":"report","reason":"default"}]}'
	# check as one user, the datagram as another, with the key or without it
	visit() { # checker sender with-key
		local as=(setpriv --clear-groups --reuid="$1" --regid="$1") log key
		# shellcheck disable=SC2016 # for the inner shell
		spawn "${as[@]}" "$T/bin/fdfence" check -- \
			sh -c 'echo "$FDFENCE_LOG $FDFENCE_LOG_KEY" >"$0/name"; read x <"$0/go"' "$T" 2>"$T/err" &
		read -r -t 20 log key <>"$T/name" # for reading and writing: nobody may come
		"$3" || key=
		echo "$key$forged" | spawn -i setpriv --reuid="$2" --regid="$2" --clear-groups \
			socat -u - "ABSTRACT-SENDTO:${log#@}"
		timeout 20 sh -c 'echo go >"$0"' "$T/go"
		wait $!
		status=$?
	}
	visit 65534 65533 false
	t_like "a stranger's datagram is foreign to a user's check" "$status $(<"$T/err")" "^0 .*no leaks in .*1 foreign datagram ignored"
	visit 0 65533 false
	t_like "and to root's" "$status $(<"$T/err")" "^0 .*no leaks in .*1 foreign datagram ignored"
	visit 65534 0 true
	t_like "a record of root below a user's check counts" "$status $(<"$T/err")" "^99 .*1 leak with 1 cause"
else
	for i in 1 2 3; do t_skip "a stranger's datagram ($i)" "needs root and socat"; done
fi

# --- what weak reasons excuse ---
# A listener that the service was given goes on into each child; so does a script's lock.
service() { # check's options
	spawn -l listener "$F" check "$@" -- "$H/leaker" -n 3 bash -c 'exec 9>"$0"; /bin/true' "$T/lock" 2>&1
}
t_is "what a weak reason kept is counted below the table" \
	"$(service | grep -v 'from outside\|^FD\|^3 ')" "$(printf '%s\n' 'fdfence: no leaks in 7 execs' \
		'fdfence: 9 kept: 6 given, 3 shell; --explain-kept lists them')"
t_like "--explain-kept lists it" "$(service --explain-kept)" \
	"9 kept: 6 given, 3 shell.*leaker +/usr/bin/bash +3 +listener .* 3 +it was open when the program started.*bash +/usr/bin/true +9 +file w +$T/lock +3 +the program is special: shell"
service --format=json -o "$T/json"
t_is "JSON has both" "$(q '"\(.kept_for.given) \(.kept_for.shell) \(.kept | length) \(.kept[0].times)"')" "6 3 3 3"
service --format=json -o "$T/json" --intent=-given,-image
t_is "--intent=-given,-image makes them findings" "$(q '"\(.leaks) \(.kept | length)"')" "9 0"
# shellcheck disable=SC2016 # for the inner shell
t_like "a listener that was addressed to the service is for no child" "$(spawn -l listener \
	sh -c 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"' sh "$F" check -- "$H/leaker" -n 3 /bin/true 2>&1)" "3 leaks with 1 cause"
check -- "$H/leaker" -w "$T/db" -x no-such-command
t_is "an exec that failed kept nothing" "$(q '.kept | length')" 0

# --- what still runs ---
mkfifo "$T/ready"
# In a session of its own: spawn ends its process group.
# shellcheck disable=SC2016 # for the inner shells
late=(sh -c 'setsid sh -c "until [ -e \"\$0\" ]; do sleep 0.05; done; \"\$@\"" "$@" >/dev/null 2>&1 & exit 3' sh
	"$T/hold" "$H/leaker" -w "$T/db" true)
t_like "processes that still run are said" "$(spawn "$F" check -- "${late[@]}" 2>&1)" \
	"fdfence: [1-3] process(es)? still ran when the command had ended; what .* from there on is not in this report \(--wait\)$"
check -- "${late[@]}"
t_like "and counted" "$status $(q '"\(.leaks) \(.still_running)"')" "^3 0 [1-3]$"
(sleep 0.5; : >"$T/hold") &
check --wait -- "${late[@]}"
t_is "--wait waits for them" "$status $(q '"\(.leaks) \(.still_running) \(.status)"')" "99 1 0 3"
prints() { # expected command...
	[ "$("${@:2}")" = "$1" ]
}
parent() { # pid
	awk "{ print \$4 }" "/proc/$1/stat"
}
end_waiting() { # seen|unseen: has fdfence seen that CMD has ended when the signal comes?
	local waiter pid sleeper
	spawn "$F" check --wait -o "$T/report" -- sh -c 'sleep 600 >/dev/null 2>&1 & echo "$PPID $!" >"$0"; read x <"$0.end"' "$T/ready" &
	waiter=$!
	read -r -t 20 pid sleeper <>"$T/ready"
	[ "$1" = seen ] || kill -STOP "$pid"
	timeout 20 sh -c 'echo >"$0"' "$T/ready.end"
	# CMD is a zombie, or gone: the sleeper is its heir's
	t_until prints "$pid" parent "$sleeper"
	[ "$1" = unseen ] || t_until prints "$sleeper" pgrep -P "$pid"
	kill -TERM "$pid"
	[ "$1" = seen ] || kill -CONT "$pid"
	wait "$waiter"
	echo "$? $(grep -c 'still ran.* is not in this report$' "$T/report")"
	kill "$sleeper"
}
mkfifo "$T/ready.end"
t_is "a signal ends the waiting" "$(end_waiting seen)" "0 1"
t_is "... also one that comes before CMD's end is seen" "$(end_waiting unseen)" "0 1"

# Whenever it leaks and ends: it is told, or it still ran.
neither=0
for ms in 0 0 1 1 2 2 3 4 5 7 9 12; do
	check -- "$H/leaker" -w "$T/db" -b "$ms" true
	[ "$(q '.leaks + .still_running')" -ge 1 ] || neither=$((neither + 1))
done
t_is "who leaks and ends just behind CMD is told, or was still there" "$neither" 0

# --- what makes the status ---
check --fail-on=uncovered -- "$H/static/fdlist"
t_is "--fail-on=uncovered" "$status" 99
check --fail-on=leaks,lost -- "$H/static/fdlist"
t_is "which others do not ask for" "$status" 0
check --fail-on=uncovered,lost -- "$H/leaker" -w "$T/db" true
t_is "leaks are not asked for" "$status $(q .leaks)" "0 1"
untapped check --fail-on=lost -- "$H/leaker" -w "$T/db" sh -c 'printf "$FDFENCE_LOG_KEY{" | socat -u - "ABSTRACT-SENDTO:${FDFENCE_LOG#@}"'
t_is "--fail-on=lost" "$status" 99
check --fail-on=leaks,running -- sh -c 'sleep 60 >/dev/null 2>&1 & echo $! >"$0"' "$T/behind"
kill "$(<"$T/behind")"
t_is "--fail-on=running: what is left behind is no pass" "$status $(q .still_running)" "99 1"
check --fail-on=running --wait -- sh -c 'sleep 1 >/dev/null 2>&1 &'
t_is "... with --wait nothing is" "$status" 0
inexact=(-- "$H/host/bounds" cleared "$(grep -rhoE '^#define FDF_SLOT_FDS +[0-9]+' "$root/preload" | awk '{ print $3 }')" "$H/fdlist")
check --fail-on=inexact "${inexact[@]}"
t_is "--fail-on=inexact" "$status $(q .inexact)" "99 1"
check --fail-on=leaks,uncovered,lost,running "${inexact[@]}"
t_is "which others do not ask for either" "$status" 0
t_like "a wrong word is refused" "$(spawn "$F" check --fail-on=leak -- true 2>&1)" \
	"--fail-on 'leak': expected some of leaks, uncovered, lost, running and inexact, with commas between them"

# --- outputs ---
t_is "the command's output is its own" "$(spawn "$F" check -- sh -c 'echo out; cat' 2>/dev/null)" out
t_is "-q without leaks says nothing" "$(spawn "$F" check -q -- true 2>&1)" ""
t_is "the text says how much was looked at" "$(spawn "$F" check -- true 2>&1)" "fdfence: no leaks in 1 exec"
spawn "$F" check -- "${leak[@]}" 2>"$T/text"
t_is "the table has a row for each cause" \
	"$(grep " $H/leaker" "$T/text" | sed "s|$H/||; s|$T/||; s/  */ /g" | sort -k 4)" \
	"$(printf '%s\n' 'medium leaker /usr/bin/true 3 file rw db 5' 'high leaker /usr/bin/true 4 listener tcp 127.0.0.1:* 5' \
		'medium leaker /usr/bin/true 5 pipe r pipe 5' 'medium leaker /usr/bin/true 6 pipe w pipe 5')"
t_is "no colours in a file" "$(grep -c $'\033' "$T/text")" 0
t_like "--color=always" "$(spawn "$F" check --color=always -- "${leak[@]}" 2>&1)" $'\033\[1;31m20 leaks'
echo old >"$T/report"
ln -s report "$T/link"
chmod 640 "$T/report"
t_is "-o replaces what a link names" \
	"$(spawn "$F" check -o "$T/link" -- sh -c "cat '$T/report'"; grep -c 'no leaks' "$T/report"; readlink "$T/link")" \
	"$(printf 'old\n1\nreport')"
(umask 022; spawn "$F" check -o "$T/fresh" -- true)
t_is "a new one has that of any new file" "$(stat -c %a "$T/fresh")" 644
t_is "nothing is left beside it" "$(find "$T" -name 'report.*')" ""
t_is "-o to a device writes to it" "$(spawn "$F" check -o /dev/stdout -- true)" "fdfence: no leaks in 1 exec"
t_is "125: -o that cannot be written, and nothing runs" \
	"$(spawn "$F" check -o /no/such/dir/x -- echo ran 2>/dev/null; echo $?)" 125
t_is "125: a full disk" "$(spawn "$F" check -o /dev/full -- true 2>/dev/null; echo $?)" 125

# --- signals and the terminal ---
# shellcheck disable=SC2016 # for the inner shell
spawn "$F" check -o "$T/report" -- sh -c 'trap "exit 9" TERM; echo $PPID >"$0"; while :; do sleep 0.1; done' "$T/ready" &
read -r pid <"$T/ready"
kill -TERM "$pid"
wait $!
t_is "a signal is handed on, and the report is made" "$? $(grep -c 'no leaks' "$T/report")" "9 1"

# The terminal sends it to its whole group.  SIGUSR1 comes behind it, and CMD is in another group,
# so that it counts what was handed on.
cat >"$T/interrupt" <<'P'
import os, pty, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL) # or the shell would not trap it
pid, tty = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "check", "-q", "--", "setsid", "sh", "-c",
        "trap 'n=$((n + 1))' INT; trap 'echo times: $n; exit' USR1; n=0; echo ready; while :; do sleep 0.05; done"])
seen = b""
def until(text):
    global seen
    while text not in seen:
        seen += os.read(tty, 4096)
    seen = seen[seen.index(text) + len(text):]
until(b"ready")
os.write(tty, b"\x03")
os.kill(pid, signal.SIGUSR1)
until(b"times: ")
while b"\n" not in seen:
    seen += os.read(tty, 4096)
print(seen.split()[0].decode())
P
t_is "Ctrl-C, which the terminal sends, is not handed on" "$(timeout 30 /usr/bin/python3 "$T/interrupt" "$F" 2>&1)" 0
# What the kernel sends to fdfence alone: of a timer set before the exec, of a terminal that is gone.
t_is "an alarm from before ends the command" "$(spawn -t 20 /usr/bin/python3 -c 'import os, signal, sys
signal.alarm(1); os.execv(sys.argv[1], sys.argv[1:])' "$F" check -q -- sleep 60; echo $?)" 142
cat >"$T/hangup" <<'P'
import os, pty, sys
pid, tty = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "check", "-q", "-o", "/dev/null", "--", "sh", "-c",
        "trap 'exit 9' HUP; echo ready; while :; do sleep 0.05; done"])
seen = b""
while b"ready" not in seen:
    seen += os.read(tty, 4096)
os.close(tty)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
P
t_is "SIGHUP of a terminal that is gone is handed on" "$(spawn -t 20 /usr/bin/python3 "$T/hangup" "$F" 2>&1)" 9
for signal in VTALRM PROF XCPU URG IO PWR WINCH RTMIN RTMAX; do
	# shellcheck disable=SC2016 # for the inner shell
	t_is "SIG$signal is handed on" "$(spawn -t 20 "$F" check -q -o /dev/null -- bash -c \
		'trap "exit 9" "$0"; kill -"$0" $PPID; while :; do sleep 0.05; done' $signal; echo $?)" 9
done
ignoring_children() {
	spawn bash -c 'trap "" CHLD; exec "$@"' - "$@"
}
t_is "the command ignores SIGCHLD if its caller does" \
	"$(ignoring_children "$F" check -q -- grep SigIgn /proc/self/status)" \
	"$(ignoring_children grep SigIgn /proc/self/status)"

if command -v script >/dev/null; then
	tty() { spawn -i -e TERM=xterm "$@" script -qec "$cmd" /dev/null </dev/null; }
	cmd="$F check -- sleep 2.5"
	t_like "a line of progress on a terminal" "$(tty)" "fdfence: [2-9] s: execs [0-9]+, leaks 0 so far"
	cmd="$F check -q -- sleep 2.5"
	t_is "none with -q" "$(tty)" ""
	cmd="$F check -- true"
	t_like "colours on a terminal" "$(tty)" $'\033\[32mno leaks'
	t_is "not with NO_COLOR" "$(tty -e NO_COLOR=1 | grep -c $'\033')" 0
	cmd="$F check -- bash -c 'test -t 0 && stty -a >/dev/null && read -t 0.1; ps -o tpgid= -o pgid= -p \$\$'"
	t_like "the command is in the terminal's foreground" "$(tty)" "([0-9]+) +\1"
else
	for i in 1 2 3 4 5; do t_skip "on a terminal ($i)" "no script(1)"; done
fi
t_done
