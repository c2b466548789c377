#!/bin/bash
# limit: 120
# Where reports go: what is open already keeps what was written there, a file keeps its mode and owner,
# and nothing but a file is ever replaced.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
log=$T/job.log
leak=("$H/danger" r:/etc/passwd -- true)

# As a job in CI: one log, both streams behind what is there.  The paths are links below /proc, so that
# no file of the machine is at stake.
job() { # path, then options and the command
	printf 'before\n' >"$log"
	(
		exec 9>>"$log"
		[ "$mode" = append ] || exec 9<&- 9>"$log"
		[ "$mode" = append ] || printf 'before\n' >&9
		spawn "$F" "$@" 2>&9 >&2
		printf 'after\n' >&9
	)
}

for mode in append write; do
	for path in /dev/fd/2 /proc/self/fd/2 /dev/fd/1; do
		inode=$(touch "$log" && stat -c %i "$log")
		job check -o "$path" -- true
		t_is "check -o $path, a file open to $mode: behind what is there" "$(<"$log")" "before
fdfence: no leaks in 1 exec
after"
		t_is "and the file is the same" "$(stat -c %i "$log")" "$inode"
	done
	job explain -o /dev/fd/2 -- true
	t_like "explain -o, $mode" "$(<"$log")" $'^before\n.*nothing above 2.*after$'
	job report -o /dev/fd/2 /proc/self/fd/0
	t_like "report -o, $mode" "$(<"$log")" $'^before\n.*fdfence.*after$'
done
if [ "$(id -u)" = 0 ] && spawn "$F" trace -q -- true >/dev/null 2>&1; then
	for mode in append write; do
		job trace --show clean -o /dev/fd/2 -- true
		t_like "trace -o, $mode" "$(<"$log")" $'^before\n.*true.*after$'
	done
else
	t_skip "trace -o" "no eBPF here"
fi
t_like "trace does not rotate what it cannot name" "$(spawn "$F" trace -o /dev/fd/2 --rotate 4k -- true 2>&1; echo "= $?")" \
	'--rotate needs an --output that is a file of its own.*= 125'

full() { # formats...: what is on stderr where the disk is full, and the status
	{ spawn "$F" check "$@" -o /dev/full -- "${leak[@]}" >/dev/null; } 2>&1
	echo "= $?"
}
for format in text json html; do
	t_like "the findings of a run are not lost with its $format" "$(full --format $format)" \
		'^fdfence: -o /dev/full: No space left on device.fdfence: 1 leak with 1 cause in 2 execs.*/etc/passwd.*= 125$'
done
t_is "... nor told twice" "$(full --format json --format text | grep -c '^fdfence: 1 leak')" 1

/usr/bin/python3 - "$H/spawn" "$F" >"$T/socket" 2>&1 <<'EOF2'
import socket, subprocess, sys
ours, theirs = socket.socketpair()
done = subprocess.run([*sys.argv[1:], "check", "-o", "/dev/fd/2", "--", "true"], stderr=theirs)
theirs.close()
print(ours.recv(100).decode(), done.returncode)
EOF2
t_is "-o to a socket, which no path opens" "$(<"$T/socket")" "fdfence: no leaks in 1 exec
 0"
if [ "$(id -u)" = 0 ]; then
	for_others "$F" "$SHIM"
	t_is "-o to another user's pipe" "$(spawn setpriv --reuid 65534 --clear-groups "$T/bin/fdfence" check -o /dev/fd/2 -- true 2>&1 | cat)" \
		"fdfence: no leaks in 1 exec"
else
	t_skip "-o to another user's pipe" "not root"
fi
t_like "a number that is not open, and nothing was run" "$(spawn "$F" check -o /dev/fd/77 -- touch "$T/ran" 2>&1; echo "= $?")" \
	'-o /dev/fd/77: it is not open here.*= 125'
t_like "nor one of fdfence's own" "$(for n in {3..30}; do spawn "$F" check -o "/dev/fd/$n" -- touch "$T/ran" 2>&1; done | grep -c "it is not open here")" "^28$"
: >"$T/fresh0"
t_like "nor one that is open for reading alone" "$(spawn -i "$F" check -o /dev/fd/0 -- touch "$T/ran" 2>&1 <"$T/fresh0"; echo "= $?")" '= 125'
t_ok "nothing was run" test ! -e "$T/ran"

# --- as --log, and where something is read ---
records='"source":"shim"'
for mode in append write; do
	job run --log /dev/fd/2 -- "$H/leaker" -l -n 3 sh -c 'echo own >&2'
	t_is "run --log /dev/fd/2, $mode: behind what is there, among what the command says" \
		"$(grep -c "$records" "$log") $(grep -c '^own$' "$log") $(head -n 1 "$log") $(tail -n 1 "$log")" "3 3 before after"
done
t_is "run --log /dev/stdout" "$(spawn "$F" run --log /dev/stdout -- "$H/leaker" -l true | grep -c "$records")" 1
t_is "a reader that goes away is told, and ends nobody" \
	"$(spawn bash -c 'exec "$@" 3> >(head -c 10 >/dev/null)' bash "$F" run --log /dev/fd/3 -- "$H/leaker" -l -n 200 sh -c 'exit 3' 2>&1 | sed 's/[0-9]* records/N records/'
	echo "= ${PIPESTATUS[0]}")" $'fdfence: /dev/fd/3: N records lost: Broken pipe\n= 3'
for bad in /dev/fd/77 /proc/self/fd/0; do
	t_like "run --log $bad, and nothing is run" "$(spawn "$F" run --log $bad -- touch "$T/ran" 2>&1; echo "= $?")" "^fdfence: --log $bad: it is .*open.*= 125"
done
t_like "--log-group cannot change it" "$(spawn "$F" run --log /dev/stderr --log-group root -- touch "$T/ran" 2>&1; echo "= $?")" '--log-group: expected.*= 125'
t_like "FDFENCE_LOG names none: it is for others to open" "$(spawn -e FDFENCE_LOG=/dev/stderr "$F" run -- touch "$T/ran" 2>&1; echo "= $?")" 'FDFENCE_LOG /dev/stderr: .*--log takes.*= 125'
t_ok "nothing was run" test ! -e "$T/ran"
"$F" run --log "$T/some.jsonl" -- "$H/leaker" -l true
cat >"$T/reads" <<'EOF2'
import socket, subprocess, sys
ours, theirs = socket.socketpair()
ours.sendall(open(sys.argv[1], "rb").read())
ours.shutdown(socket.SHUT_WR)
print(subprocess.run(sys.argv[2:], stdin=theirs, capture_output=True, text=True).stderr.split("\n")[0])
EOF2
reads() { # what is in standard input, a socket; fdfence's arguments
	printf '%s\n' "$1" >"$T/in"
	/usr/bin/python3 "$T/reads" "$T/in" "$F" "${@:2}"
}
declare -A new=([--baseline]="new ")
for option in --rules --profile --baseline; do
	t_is "$option from a socket, which no path opens" "$(reads '# no rule' check $option /dev/stdin -- true)" "fdfence: no ${new[$option]:-}leaks in 1 exec"
done
t_like "a report of records from a socket" "$(reads "$(cat "$T/some.jsonl")" report -o /dev/stderr /dev/stdin)" "1 sealed, with 1 cause"
t_like "once" "$("$F" report - /dev/fd/0 <"$T/some.jsonl" 2>&1; echo "= $?")" "report /dev/fd/0: it can be read only once.= 125"

# --- a file that is there keeps what it was ---
umask 022
for way in "check" "explain" "report"; do
	install -m 600 /etc/passwd "$T/kept"
	chgrp 12 "$T/kept" 2>/dev/null
	chown 12 "$T/kept" 2>/dev/null
	owner=$(stat -c '%a %u %g' "$T/kept")
	if [ $way = report ]; then
		spawn "$F" report -o "$T/kept" - </etc/hostname >/dev/null 2>&1
	else
		spawn "$F" "$way" -o "$T/kept" -- true >/dev/null 2>&1
	fi
	t_is "$way -o keeps mode, owner and group" "$(stat -c '%a %u %g' "$T/kept")" "$owner"
	t_fails "$way: and it was written anew" cmp "$T/kept" /etc/passwd
done
spawn "$F" check -o "$T/fresh" -- true
t_is "a new one is as the umask says" "$(stat -c %a "$T/fresh")" 644
if [ "$(id -u)" = 0 ]; then
	mkdir -m 777 "$T/open"
	install -m 664 /etc/passwd "$T/open/theirs"
	chgrp 12 "$T/open/theirs"
	spawn setpriv --reuid 65534 --regid 65534 --clear-groups "$T/bin/fdfence" check -o "$T/open/theirs" -- true
	t_is "a group that may not be kept gets no more than all" "$(stat -c '%a %u %g' "$T/open/theirs")" "644 65534 65534"
	printf 'report type=pipe\n' >"$T/base12"
	chown 12:12 "$T/base12"
	chmod 640 "$T/base12"
	spawn "$F" check -q --baseline "$T/base12" --update-baseline -- "${leak[@]}"
	t_is "a baseline keeps them, too" "$(stat -c '%a %u %g' "$T/base12") $(grep -c /etc/passwd "$T/base12")" "640 12 12 1"
else
	t_skip "files of others, and in groups of others" "not root"
fi

# --- nothing that is read is written over, by whatever name ---
mkdir "$T/inputs"
spawn "$F" run --log "$T/inputs/log.jsonl" --log-what all -- true
gzip -k "$T/inputs/log.jsonl"
echo 'keep type=file' >"$T/inputs/rules"
echo 'report type=file' >"$T/inputs/base"
cp "$(readlink -f "$(type -P true)")" "$T/inputs/program"
ln "$T/inputs/log.jsonl" "$T/inputs/hard"
ln -s log.jsonl "$T/inputs/soft"
cp -a "$T/inputs" "$T/before"
over() { # fdfence's words: refused, with nothing run and nothing lost
	t_like "refused: $*" "$(cd "$T/inputs" && spawn "$F" "$@" 2>&1 </dev/null; echo "= $?")" \
		'^fdfence: ([^ ]*: .* is read from this file, and it would be lost|--update-baseline and --output name the same file: ).*= 125$'
	t_ok "... and all is as it was" diff -r "$T/before" "$T/inputs"
}
over report -o log.jsonl log.jsonl
over report -o hard log.jsonl
over report -o soft log.jsonl
over report --html log.jsonl log.jsonl
over report -o log.jsonl.gz .
over report --diff log.jsonl -o log.jsonl log.jsonl.gz
over report --tree -o log.jsonl log.jsonl
over check --baseline base -o base -- true
over check --baseline base --update-baseline -o base -- true
over check --rules base --baseline base --update-baseline -- true
over check --rules rules -o rules -- true
over check -o program -- ./program
over check --format json -o /dev/null --format text -o ./program -- ./program
over explain -o program -- ./program
over run --log program -- ./program
over run --rules rules --log rules -- ./program
over inspect --rules rules -o rules $$
if [ "$(id -u)" = 0 ]; then
	over trace -o program -- ./program
	over trace --format junit -o program -- ./program
fi
# shellcheck disable=SC2094 # as a user may
t_like "... standard input, too" "$(cd "$T/inputs" && "$F" report -o log.jsonl - <log.jsonl 2>&1; echo "= $?")" \
	'is read from this file, and it would be lost.*= 125$'

# --- nothing but a file is replaced ---
mkfifo "$T/fifo"
update() {
	spawn timeout 20 "$F" check --baseline "$1" --update-baseline -- touch "$T/ran" 2>&1
	echo "= $?"
}
t_like "a FIFO is no baseline to update, and nobody waits" "$(update "$T/fifo")" "--baseline $T/fifo: it is not a regular file.*= 125"
t_like "nor one to read" "$(spawn timeout 20 "$F" check --baseline "$T/fifo" -- touch "$T/ran" 2>&1; echo "= $?")" \
	'it is not a regular file.*= 125'
t_like "a folder is none" "$(update "$T")" 'it is not a regular file.*= 125'
t_like "a folder that is not there is told first" "$(update "$T/none/x")" 'No such file or directory.*= 125'
if [ "$(id -u)" = 0 ] && mknod "$T/node" c 1 3; then
	t_like "a device is none" "$(update "$T/node")" 'it is not a regular file.*= 125'
	t_is "and is one after that" "$(stat -c %F "$T/node")" "character special file"
	spawn "$F" check -o "$T/node" -- true
	t_is "-o writes to it" "$? $(stat -c %F "$T/node")" "0 character special file"
	mkdir "$T/closed"
	chmod 755 "$T/closed"
	t_like "a folder that cannot be written is told first" \
		"$(spawn setpriv --reuid 65534 --clear-groups "$T/bin/fdfence" check --baseline "$T/closed/x" --update-baseline -- true 2>&1; echo "= $?")" \
		'Permission denied.*= 125'
else
	t_skip "a device, and a folder that cannot be written" "not root, or no device can be made here"
fi
t_ok "and nothing was run" test ! -e "$T/ran"
printf 'report type=file path=/etc/passwd\n' >"$T/base"
t_like "what a shell hands as <(...) is read" "$(spawn -i "$F" check --baseline /dev/fd/0 -- "${leak[@]}" 2>&1 < <(cat "$T/base"))" 'no new leaks'
t_is "nothing is left beside" "$(find "$T" -name '*.??????' ! -name 'fdfence-test*')" ""

# --- a named pipe that nobody reads yet ---
mkfifo "$T/later"
waits() { # fdfence command and options
	spawn "$F" "$@" >/dev/null 2>"$T/err" &
	t_until grep -q . "$T/err"
	t_like "$1 says that it waits" "$(<"$T/err")" "$T/later: nobody reads this named pipe yet: waiting"
	cat "$T/later" >/dev/null
	wait "$!"
	t_is "and goes on when somebody does" $? 0
}
waits check -q -o "$T/later" -- true
waits inspect -q -o "$T/later" $$
if [ "$(id -u)" = 0 ] && spawn "$F" trace -q -- true >/dev/null 2>&1; then
	waits trace -q --show clean -o "$T/later" -- true
else
	t_skip "trace says that it waits" "no tracer here"
fi
t_done
