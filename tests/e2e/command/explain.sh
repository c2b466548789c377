#!/bin/bash
# fdfence explain: for each exec and descriptor the verdict, what decided, what to write.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
tap

explain() { spawn "${tapped[@]}" -i "$F" explain -o "$T/out" "$@"; }
# Lines without the process id, runs of blanks made one.
lines() { sed "s|$H/||g; s|$T/||g; s/^[0-9][0-9]* /PID /; s/  */ /g; s/^ //" "$T/out"; }

explain -- "$H/leaker" -w "$T/db" -p true
t_is "a leak" "$(lines)" "PID $F -> leaker (execvp): nothing above 2
PID leaker -> /usr/bin/true (execvp)
3 seal file rw db: nobody meant it
medium: open for writing
to keep it: keep exe=leaker into=/usr/bin/true type=file path=db
4 seal pipe r: nobody meant it
medium: it can take what another reads; the writer is not told when that is gone
to keep it: keep exe=leaker into=/usr/bin/true type=pipe
5 seal pipe w: nobody meant it
medium: the reader does not see the end for as long as it runs
to keep it: keep exe=leaker into=/usr/bin/true type=pipe"

# What it says to write does what it says.
rule=$(sed -n 's/^ *to keep it: //p' "$T/out" | head -n 1)
explain --rule "$rule" -- "$H/leaker" -w "$T/db" true
t_like "the rule that it prints keeps" "$(lines)" "3 keep file rw db: rule 'keep exe=leaker .*path=db'"
rule=$(sed -n 's/^ *to seal it: //p' "$T/out" | head -n 1)
t_like "and the rule that turns it around seals" \
	"$(explain --rule "$rule" -- "$H/leaker" -w "$T/db" true; lines)" "3 seal file rw db: rule "

# The command tells what it gives to CMD, and the library that it runs under of the same exec.
explain -- "$F" run -- true
t_is "an exec of which two tell is told once" "$(lines)" "PID $F -> $F (execvp): nothing above 2
PID $F -> /usr/bin/true (execvp): nothing above 2"
explain -- bash -c 'exec 9</etc/passwd; exec "$0" run --rule "keep exe=fdfence fd=9" -- "$1"' "$F" "$H/fdlist" >/dev/null
t_is "... with each descriptor once" "$(lines | grep -c '^9 keep .*passwd')" 2
explain -- bash -c 'exec 9</etc/passwd; exec "$0" run --inherit -- "$1"' "$F" "$H/fdlist" >/dev/null
t_like "... and what only the second knows" "$(lines)" "-> fdlist [^"$'
'"]*"$'
'"9 keep file r /etc/passwd: it was open when the program started"
cat >"$T/tellers.py" <<'E2'
import json, os, socket
to = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
to.connect("\0" + os.environ["FDFENCE_LOG"][1:])
def tell(source, into, fds, **more):
    record = {"fdfence": 1, "event": "exec", "source": source, "pid": os.getpid(), "exe": "/x", "into": into, "fds": fds, **more}
    to.send(os.environb[b"FDFENCE_LOG_KEY"] + json.dumps(record).encode())
fd = {"fd": 9, "type": "pipe", "verdict": "seal", "reason": "default"}
tell("shim", "/some", [fd])
tell("supervisor", "/some", [fd], more=3)
tell("shim", "/none", [])
tell("supervisor", "/none", [], inexact="not looked at")
tell("shim", "/not-seen", [], inexact="not looked at")
tell("shim", "/clean", [])
tell("supervisor", "/clean", [])
E2
explain --no-follow -- /usr/bin/python3 "$T/tellers.py"
t_is "what only the second adds is no exec of nothing" "$(lines | grep -A 1 '/x ->' | grep -v 'severity\|^--')" \
	"PID /x -> /some ()
9 seal pipe: nobody meant it
PID /x -> /some ()
and 3 more that did not fit into the record
PID /x -> /none (): nothing above 2
PID /x -> /none ()
not exact: not looked at
PID /x -> /not-seen ()
not exact: not looked at
PID /x -> /clean (): nothing above 2"

mkfifo "$T/fifo"
explain -- "$H/leaker" -w "$T/fifo" true
t_like "a named pipe has its name" "$(lines)" "3 seal fifo rw fifo: nobody meant it"

explain -- bash -c 'exec 9</etc/passwd; /bin/true'
t_like "a shell's redirection" "$(lines)" "9 keep file r /etc/passwd: the program is special: "
explain -- sh -c 'true 3<&0; env cat /dev/fd/0' >/dev/null
t_like "an exec without anything" "$(lines)" "/usr/bin/env -> /usr/bin/cat \(exec[a-z]*\): nothing above 2"

spawn -l pipe:7 "$F" explain -o "$T/out" -- true
t_like "what fdfence was given" "$(lines)" "7 seal pipe r: nobody meant it"$'\n'"medium: [^"$'\n'"]*"$'\n'"to keep it: keep exe=fdfence into=/usr/bin/true"
rule=$(sed -n 's/^ *to keep it: //p' "$T/out")
spawn -l pipe:7 "$F" explain --rule "$rule" -o "$T/out" -- true
t_like "its rule too" "$(lines)" "7 keep pipe r: rule 'keep exe=fdfence"

# limits: failed-try
spawn "$F" run --log "$T/tries" --log-what all -- "$H/leaker" -w "$T/db" -x /no/such 2>/dev/null
t_is "a try that can only fail has no record" "$(jq -r '"\(.event) \(.into // .exe)"' "$T/tries")" \
	"$(printf '%s\n' "exec $H/leaker" "start $H/leaker")"
explain -- "$H/leaker" -w "$T/db" -x /no/such 2>/dev/null
t_is "and no line" "$(grep -c no/such "$T/out")" 0
# Against all signs
echo | explain -- "$H/host/drop" 0 >/dev/null
t_like "an exec that failed" "$(lines)" "/true: that exec failed: Input/output error"
t_is "the status is the command's" "$(explain -- sh -c 'exit 7'; echo $?)" 7
t_like "run --explain is the same" "$(spawn "$F" run --explain -- "$H/leaker" -w "$T/db" true 2>&1)" \
	"3  seal +file rw $T/db: nobody meant it"
t_like "125: --explain with --log" "$(spawn "$F" run --explain --log "$T/l" -- true 2>&1; echo $?)" "exclude each other.*125"
t_like "125: a full disk, and why" "$(spawn "$F" explain -o /dev/full -- sh -c 'true; exec true' 2>&1; echo $?)" \
	'^fdfence: -o /dev/full: No space left on device.125$'
t_is "the command's output is its own" "$(spawn "$F" run --explain -- echo out 2>/dev/null)" out
t_is "the fence seals meanwhile" "$(explain -- "$H/leaker" -w "$T/db" "$H/fdlist")" ""
t_done
