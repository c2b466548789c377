#!/bin/bash
# limit: 180
# What check must never call clean: programs that get around it, rooms in which it cannot work,
# and commands that change its settings for themselves.  Each shows the leak, or says that
# something was not seen.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/command/check.bash
. "$(dirname "$0")/check.bash"
command -v mawk >/dev/null || t_skip_all "no mawk"

for_others "$F" "$SHIM" "$H/leaker"
leak='BEGIN{getline<"/etc/passwd";system("true")}'
# What the report says: "leaks N", "kept WHY N", "not covered PATH (WHY)".
says() { # as check
	check "$@"
	[ -s "$T/json" ] || echo "$status $err"
	q '(select(.leaks > 0) | "leaks \(.leaks)"), (.kept_for | to_entries[] | "kept \(.key) \(.value)"),
		(.not_covered[] | "not covered \(.path) (\(.why))")' 2>/dev/null
}
leaks() { # name, as check
	local name=$1
	shift
	t_is "$name" "$(says "$@")" "leaks 1"
}

leaks "a plain leak" -- mawk "$leak"

# --- past the fence ---
t_is "an exec by a system call of its own is told when what it started reports" \
	"$(says -- "$H/host/outside" raw /bin/true)" "not covered /usr/bin/true (what started it is out of the fence's reach)"
t_is "a program without the shim" "$(says --no-follow -- env -i /usr/bin/mawk "$leak")" \
	"not covered /usr/bin/mawk (no start seen: scrubbed environment, switched off, another namespace, or killed before)"
unset_all='unset LD_PRELOAD ${!FDFENCE_*}; exec "$@"'
leaks "a shell that unsets all of it gets it back" -- bash -c "$unset_all" bash mawk "$leak"
leaks "a deleted program, a memory file" -- /usr/bin/python3 -c 'import os, sys
m = os.memfd_create("x")
os.write(m, open("/usr/bin/mawk", "rb").read())
os.execve(m, ["mawk", sys.argv[1]], os.environ)' "$leak"

# --- what libc starts by itself ---
no_start="no start seen: scrubbed environment, switched off, another namespace, or killed before"
counts() { # as check
	check "$@"
	q '"\(.execs) execs, \(.leaks) leaks\([.not_covered[] | ", not covered \(.execs) \(.path) (\(.why))"] | add // "")"'
}
dash=$(readlink -f /bin/sh)
t_is "wordexp" "$(counts -- "$H/bylibc" '$(true)')" "2 execs, 1 leaks"
t_is "... of several commands, whatever it returns" "$(counts -- "$H/bylibc" '$(true)$(false) `exit 3`' '$(true) ; x' '$(nosuch)')" \
	"4 execs, 3 leaks"
t_is "... that starts nothing" "$(counts -- "$H/bylibc" '$((1+1))' "'\$(true)'" '; $(true)' '$(( $((2)) ))')" "1 execs, 0 leaks"
t_is "... where nobody waits for children, it may have" "$(counts -- "$H/bylibc" -i '$((1+1))')" \
	"2 execs, 1 leaks, not covered 1 $dash ($no_start)"
t_is "... into a shell without the library" "$(counts -- "$H/bylibc" -u '$(true)')" \
	"2 execs, 1 leaks, not covered 1 $dash ($no_start)"
t_is "a spawn with a flag of a newer libc, whose parent ends at once" "$(counts --wait -- "$H/bylibc" -s /bin/true)" "2 execs, 1 leaks"
t_is "... into a static program" "$(counts --wait -- "$H/bylibc" -s "$H/static/fdlist")" "2 execs, 1 leaks, not covered 1 $(realpath "$H/static/fdlist") (static)"
t_is "... that fails" "$(counts -- "$H/bylibc" -s /nonexist)" "1 execs, 0 leaks"
t_is "... that is refused" "$(counts --seal --rule 'deny path=/etc/passwd' -- "$H/bylibc" -s /bin/true)" "1 execs, 1 leaks"
if unavailable=$(spawn "$F" run --supervise -- true 2>&1); then
	t_is "a supervisor tells of it too, once" "$(counts --supervise=auto -- "$H/bylibc" '$(true)')" "2 execs, 1 leaks"
	t_is "... of what is sealed as well" "$(counts --seal --supervise=auto -- "$H/bylibc" '$(true)')" "2 execs, 1 leaks"
else
	t_skip "a supervisor tells of it too, once" "$unavailable"
	t_skip "... of what is sealed as well" "$unavailable"
fi
t_is "a report of a log says the same" "$(spawn "$F" run --log "$T/left.jsonl" --log-what all -- sh -c "$H/bylibc '\$(true)\$(true)'; $H/bylibc -ws /bin/true; $H/bylibc -s /nonexist; $H/bylibc '\$((2))'; true"
	"$F" report --format json "$T/left.jsonl" | jq -c '[.execs, .leaks, .not_covered]')" '[7,2,[]]'

# --- settings below the command ---
off="no start seen: scrubbed environment, switched off, another namespace, or killed before"
for change in MODE=off LOG=@nobody LOG_KEY= LOG=/dev/null; do
	t_like "FDFENCE_$change below the command" "$(says -- env FDFENCE_$change mawk "$leak")" "^not covered /usr/bin/mawk \\($off\\)$"
done
t_is "FDFENCE_KEEP below the command is a weak reason" "$(says -- env FDFENCE_KEEP=3- mawk "$leak")" "kept keep 1"
t_is "so is FDFENCE_RULES" "$(says -- env FDFENCE_RULES='keep fd=3' mawk "$leak")" "kept rule 1"
t_is "what check was asked to keep is none" "$(says --keep 3 -- mawk "$leak")$(says --rule 'keep fd=3' -- mawk "$leak")" ""
outer() { # variable: what check says that has it in its own environment
	spawn -e "$1" "$F" check -o "$T/text" --format text --format json -o "$T/json" -- mawk "$leak" >/dev/null 2>&1
	echo "$(jq -r '.left_out[] | "\(.what): \(.text)"' "$T/json"), $(jq -c .kept_for "$T/json"), $(grep -c "^fdfence: $(q '.left_out[0].text')\$" "$T/text")"
}
echo 'keep fd=3' >"$T/rules"
t_is "FDFENCE_KEEP of the caller is told, and a weak reason" "$(outer FDFENCE_KEEP=3)" 'environment: the environment is obeyed, too: FDFENCE_KEEP=3, {"keep":1}, 1'
t_is "so is FDFENCE_RULES" "$(outer FDFENCE_RULES='keep fd=3')" 'environment: the environment is obeyed, too: FDFENCE_RULES=keep fd=3, {"rule":1}, 1'
t_is "and FDFENCE_RULES_FILE" "$(outer FDFENCE_RULES_FILE="$T/rules")" "environment: the environment is obeyed, too: FDFENCE_RULES_FILE=$T/rules, {\"rule\":1}, 1"
t_is "where an option says otherwise it holds no more" "$(FDFENCE_KEEP=3 FDFENCE_RULES='keep fd=3' says --keep 9 --rule 'keep fd=9' -- mawk "$leak"; q '.left_out')" $'leaks 1\n[]'
t_like "FDFENCE_LOG_WHAT below the command hides no leak" "$(says -- env FDFENCE_LOG_WHAT=leaks mawk "$leak")" "^leaks 1"

# --- a log that nobody writes any more ---
t_is "run --log: its writer is killed, which is told" \
	"$(spawn "$F" run -q --log "$T/killed.jsonl" -- sh -c 'kill -KILL $PPID; sleep 60' 2>&1; echo "status $?")" \
	"fdfence: $T/killed.jsonl: who wrote it was killed: records from there on are lost, and the status of the command is not known"$'\nstatus 125'
t_is "... a command that dies so is another thing" \
	"$(spawn "$F" run -q --log "$T/killed.jsonl" -- sh -c 'kill -KILL $$' 2>&1; echo "status $?")" "status 137"

# --- what still runs, where /proc does not tell ---
lasting() { # how command...
	local how=$1
	shift
	spawn unshare -Urmpf --kill-child sh -c "$how" sh "$F" check -q -o "$T/lasting" "$@" 2>&1
	echo "status $? $(sed -n 's/ when the command had ended.*//p' "$T/lasting")"
}
if spawn unshare -Urmpf true 2>/dev/null; then
	t_is "the /proc of another PID namespace: nobody of the machine is below the command" "$(lasting 'exec "$@"' -- true)" "status 0 "
	t_is "... what is below is not counted, and told" "$(lasting 'exec "$@"' -- sh -c 'sleep 60 & sleep 60 &')" \
		"status 0 fdfence: at least 1 process still ran"
	t_is "... no /proc at all" "$(lasting 'mount -t tmpfs none /proc; exec "$@"' -- sh -c 'sleep 60 & sleep 60 &')" \
		"status 0 fdfence: at least 1 process still ran"
	t_is "... one's own counts" "$(lasting 'mount -t proc none /proc && exec "$@"' -- sh -c 'sleep 60 & sleep 60 &')" \
		"status 0 fdfence: 2 processes still ran"
else
	t_skip "what still runs, where /proc does not tell" "no namespaces here"
fi

# --- no room ---
t_is "no descriptor left for the record" "$(says -- /usr/bin/python3 -c 'import os, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
e = dict(os.environ)
try:
    while True: os.set_inheritable(os.open("/etc/passwd", os.O_RDONLY), True)
except OSError: os.execve("/bin/true", ["true"], e)' 2>/dev/null)" \
	"not covered $(readlink -f /usr/bin/python3) (records lost: no descriptor was left to send them)"
t_is "... and the number of lost records is not zero" "$(q '"\(.records_lost) \(.not_seen[] | select(.what == "records-lost").text)"')" \
	"1 at least 1 record lost: their senders could not hand them on"
limits() { # limit: status, and what check says of a plain leak
	spawn bash -c 'ulimit -S "$1" "$2"; shift 2; exec "$@"' bash "$@" "$F" check -- mawk "$leak" 2>&1 | head -n 1
}
for limit in "-n 5" "-n 8" "-n 12" "-n 16" "-f 0" "-s 64" "-c 0" "-l 0" "-q 0" "-i 0"; do
	# shellcheck disable=SC2086 # words
	t_like "ulimit $limit: the leak, or a failure" "$(limits $limit)" \
		"^fdfence: (1 leak with 1 cause in 2 execs|cannot .*: .*)$"
done
# shellcheck disable=SC2016 # for the inner shells
for closed in "<&-" ">&-" "<&- >&-"; do
	t_is "with $closed: a descriptor below 3 is meant, one above is a leak" \
		"$(spawn bash -c "exec $closed; exec \"\$@\"" bash "$F" check -- bash -c 'exec -a x 0</dev/null 1>/dev/null mawk "$0"' "$leak" 2>&1 | head -n 1)" \
		"fdfence: 1 leak with 1 cause in 3 execs"
done
t_is "with nowhere to report to the status says so" "$(spawn bash -c 'exec 2>&-; exec "$@"' bash "$F" check -- true; echo $?)" 125
t_is "... nor does a file get what is for stderr" \
	"$(spawn bash -c 'exec 0<&- 1>&- 2>&-; exec "$@"' bash "$F" check -v -o "$T/report" -- "$H/static/fdlist"; echo "$?"; head -c 8 "$T/report")" \
	$'0\nfdfence:'
t_is "the command finds closed what was closed" "$(spawn bash -c 'exec 0<&-; exec "$@"' bash "$F" check -q -o /dev/null -- "$H/fdlist" 0 2>/dev/null | cut -d' ' -f1,2)" \
	$'1 open\n2 open'
# A socket holds ten datagrams in a network namespace of its own (net.unix.max_dgram_qlen), and hundreds elsewhere.
printf '#!/bin/sh\nexec unshare -n "%s" "$@"\n' "$F" >"$T/apart"
chmod +x "$T/apart"
# shellcheck disable=SC2016 # for the inner shell
slow=$(F=$T/apart untapped says -- sh -c 'kill -STOP $PPID
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do mawk "$0"; done; kill -CONT $PPID' "$leak")
if unshare -n true 2>/dev/null; then
	t_like "a collector that stands still: what it did not get is told" "$slow" \
		"not covered .* \\(records lost: nobody took them for a second\\)"
else
	t_skip "a collector that stands still: what it did not get is told" "no network namespace here"
fi
leaks "no HOME, no PATH, no LANG" -- env -i /usr/bin/mawk "$leak"
leaks "TMPDIR that is not there" -- env TMPDIR=/nowhere mawk "$leak"
name=$T/$'\xff\n\e[31m'
cp /usr/bin/mawk "$name"
leaks "a name that is no text" -- "$name" "$leak"
if [ "$(id -u)" -eq 0 ] && spawn unshare -m true 2>/dev/null; then
	cp -r "$T/bin" /run/fdfence-test.$$
	t_last='rm -rf /run/fdfence-test.$$'
	ro='for d in /tmp /dev/shm; do mount -t tmpfs -o ro none $d; done; exec "$@"'
	away=(/run/fdfence-test.$$/fdfence check --format=json -o /dev/stdout)
	room() { # how command...
		spawn unshare -m sh -c "$1" sh "${away[@]}" "${@:2}" >"$T/room" 2>/dev/null
		jq .leaks "$T/room"
	}
	t_is "no folder to write to" "$(room "mount -t tmpfs -o ro none /var/tmp; $ro" -- mawk "$leak")" 1
	t_is "a full /tmp" "$(room 'mount -t tmpfs -o size=4k none /tmp; head -c 9999 /dev/zero >/tmp/x 2>/dev/null; exec "$@"' \
		-- mawk "$leak")" 1
	t_is "no /proc" "$(room 'umount -l /proc; exec "$@"' -- mawk "$leak")" 1
	F=$T/bin/fdfence leaks "a worker that dropped its privileges" -- setpriv --reuid=65534 --regid=65534 --clear-groups mawk "$leak"
else
	for i in 1 2 3 4; do t_skip "a room of its own ($i)" "needs root and mount namespaces"; done
fi
# limits: record-size
cat >"$T/crowd.py" <<'END'
import ctypes, sys
libc = ctypes.CDLL(None)
for i in range(int(sys.argv[1])):
    libc.open(sys.argv[2].encode(), 2)
libc.open(b"/etc/passwd", 0)
libc.system(b"true")
END
: >"$T/many"
t_like 'six hundred that are kept do not take the place of a leak' \
	"$("$F" check --rule "keep path=$T/many" -- /usr/bin/python3 "$T/crowd.py" 600 "$T/many" 2>&1; echo "status $?")" \
	'1 leak with 1 cause.*/etc/passwd.*status 99'
t_like 'leaks that do not fit are none of the known ones' \
	"$("$F" check --min-severity critical -- /usr/bin/python3 "$T/crowd.py" 900 "$T/many" 2>&1; echo "status $?")" \
	'did not fit into their records.*status 99'
t_done
