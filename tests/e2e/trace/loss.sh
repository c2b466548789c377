#!/bin/bash
# fdfence trace loses nothing in silence: every descriptor that an exec had is
# told or counted, and the exit status says when one was not told.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
own_opens

# "EXECS TOLD MORE" of the execs into true
count() {
	awk '/"into":"[^"]*\/true"/ {
		execs += !/"part":/ || /"part":1,/; told += gsub(/\{"fd":/, "")
		if (match($0, /"more":[0-9]+/)) more += substr($0, RSTART + 7, RLENGTH - 7)
	} END { print execs + 0, told + 0, more + 0 }' "$1"
}

traced -- "$opens" -n 200 -f -i 50 true
t_is "50 execs with 200 descriptors each: all are told" "$? $(count "$T/json") $(cat "$T/err")" \
	"0 50 10000 0 "

traced --max-fds 10 -- "$opens" -n 200 true
t_is "beyond --max-fds descriptors are counted, and the status is 3" \
	"$? $(count "$T/json")" "3 1 10 190"
t_like "... and the record says so" "$(cat "$T/json")" '"inexact":"more descriptors than --max-fds"'
t_like "... and the closing message" "$(cat "$T/err")" 'lost: 190 descriptors'
t_is "... and the text has a line of the exec of which nothing else is shown" \
	"$(spawn "$B/fdfence" trace -q --type pipe --max-fds 10 --columns INTO,VERDICT -- "$opens" -n 200 true 2>/dev/null |
		sed 's/  */ /g; s/^ //; s/ *$//')" \
	$'INTO VERDICT\n'"$(readlink -f "$(type -P true)") lost"$'\n(more descriptors than --max-fds)'

# More processes than there are places for what they meant: a leak of one of them may be meant.
rm -f "$T/json"
spawn "$B/fdfence" trace --format json -o "$T/json" -- "$H/static/trace/opens" -F 4100 -f true 2>"$T/err"
t_is "more processes than what they meant is kept of: the status is 3" $? 3
t_like "... and the record says so" "$(cat "$T/json")" '"inexact":"calls meant more descriptors than are remembered'
t_like "... and the closing message" "$(cat "$T/err")" 'lost: .* [1-9][0-9]* processes not tracked'

# The reader stands still while 1 MiB of ring is filled many times over.
rm -f "$T/json"
coproc OPENS { spawn -i "$opens" -w -n 400 -f -i 200 true; }
spawned=$OPENS_PID
read -r _ <&"${OPENS[0]}"
"$B/fdfence" trace --ring 1 --pid "$spawned" --format json -o "$T/json" 2>"$T/err" &
tracer=$!
attached "$tracer"
kill -STOP "$tracer"
echo >&"${OPENS[1]}"
wait "$spawned"
kill -CONT "$tracer"
kill -INT "$tracer"
wait "$tracer"
status=$?
read -r execs told more < <(count "$T/json")
t_is "a full ring: the status is 3" "$status" 3
t_is "... every exec is there, begin and end always fit" "$execs" 200
t_is "... and what is not told is counted, to the descriptor" "$((told + more))" 80000
t_ok "... and something was dropped, and something told ($told, $more)" \
	test "$told" -gt 0 -a "$more" -gt 0
t_like "... and the record says why" "$(cat "$T/json")" '"inexact":"the ring was full'
t_is "... and the closing message" "$(sed -n 's/.*lost: \([0-9]*\) descriptors.*/\1/p' "$T/err")" "$more"

# A slow output holds up the reader, not the machine.
t_ok "a reader of the output that goes away ends the tracer" \
	timeout 200 bash -c "'$B/fdfence' trace -q --intent none -- '$opens' -f -i 20 true | head -1 >'$T/first'"
t_like "... after its line" "$(cat "$T/first")" 'PID'
t_done
