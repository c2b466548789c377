#!/bin/bash
# fdfence trace: where it writes.  A reader that takes nothing, a disk that is full, records of any
# size; and figures that are of the same things as what stands above them.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
opens=$H/trace/opens

# More than a pipe holds, into one that nobody reads.  The tracer's number in tracer.
stuck() { # stderr
	rm -f "$T/fifo"
	mkfifo "$T/fifo"
	exec 9<>"$T/fifo"
	"$B/fdfence" trace -- "$opens" -f -n 20 -i 300 true >"$T/fifo" 2>"$1" 9<&- &
	tracer=$!
}
is_gone() { ! kill -0 "$1"; }
# Within a minute; sets status, "deaf" if it has to be killed.
ends() { # signal
	status=
	kill "-$1" "$tracer"
	t_until is_gone "$tracer"
	kill -KILL "$tracer" 2>/dev/null && status=deaf
	wait "$tracer" 2>/dev/null
	status=${status:-$?}
	exec 9<&-
}
stuck "$T/err"
t_until grep -q 'takes nothing: execs wait' "$T/err"
t_ok "a reader that takes nothing is told" grep -q 'stdout takes nothing: execs wait' "$T/err"
ends TERM
t_is "... and SIGTERM ends the tracer all the same" "$status" 125
t_ok "... which says that something is lost" grep -q 'still to be told is lost' "$T/err"
stuck "$T/fifo"
attached "$tracer"
sleep 2
ends INT
t_is "SIGINT ends it where its messages are stuck too" "$status" 125

for how in "" --summary; do
	# shellcheck disable=SC2086 # options
	t_is "a full disk is an error: trace $how" \
		"$(spawn "$B/fdfence" trace -q $how -- "$opens" true 2>&1 >/dev/full; echo "= $?")" \
		$'fdfence: stdout: No space left on device\n= 125'
done
t_is "... --format json" "$(spawn "$B/fdfence" trace -q --format json -o /dev/stdout -- "$opens" true 2>&1 >/dev/full; echo "= $?")" \
	$'fdfence: /dev/stdout: No space left on device\n= 125'
t_like "--format json without a file of its own is refused: the command writes to standard output, too" \
	"$(spawn "$B/fdfence" trace -q --format json -- touch "$T/touched" 2>&1; echo "= $?"; ls "$T/touched" 2>&1)" \
	'^fdfence: --format json: expected --output FILE, too: .*= 125.*No such file'

# A slow one gets everything.
t_is "a slow reader gets each line" "$(spawn "$B/fdfence" trace -q -- "$opens" -f -n 20 -i 300 true 2>&1 |
	{ sleep 3; grep -c 'leaked'; })" 6000

out=$(spawn "$B/fdfence" trace -q -o /dev/full -- "$opens" true 2>&1)
t_is "... and names its file" "$? $out" "125 fdfence: /dev/full: No space left on device"
for what in --help '--columns help'; do
	# shellcheck disable=SC2086
	out=$("$B/fdfence" trace $what 2>&1 >/dev/full)
	t_is "... trace $what too" "$? $out" "125 fdfence: stdout: No space left on device"
done

traced --max-fds 20000 --into true -- "$opens" -n 10000 true
t_is "10,000 descriptors are all told" \
	"$? $(grep -o '{"fd":' "$T/json" | wc -l) $(grep -c '"more"\|"inexact"' "$T/json")" "0 10000 0"
traced --max-fds 9000 --into true -- "$opens" -n 10000 true
t_is "... and with fewer asked for says how many are not in it, and why" \
	"$? $(grep -o '{"fd":' "$T/json" | wc -l) $(jq -c 'select(.more) | [.more, .inexact, .part == .parts]' "$T/json")" \
	'3 9000 [1000,"more descriptors than --max-fds",true]'
# limits: record-size
wide=$T/$(printf 'a-name-as-services-have-them/%.0s' {1..6}) # each descriptor takes some 400 bytes
mkdir -p "$wide"
for n in 20 700 3000; do
	traced --intent none --into bash -- "$opens" -n "$n" -p "$wide/app.log" bash -c '
		for fd in /proc/$$/fd/*; do [ ! -e "$fd" ] || [ "${fd##*/}" -le 2 ] || n=$((n + 1)); done; echo "$n"'
	t_is "$n files of one exec, in records of 64 KiB at most: the report has what /proc has" \
		"$(cat "$T/err"; "$B/fdfence" report --format json "$T/json" 2>&1 |
			jq -c '[.execs, .leaks, .lines_skipped, .inexact, .descriptors_not_listed]') $(awk 'length >= 65536' "$T/json" | wc -l)" \
		"[1,$(cat "$T/out"),0,0,0] 0"
	t_is "... each by its number once, and the arguments once" \
		"$(jq '.fds[].fd' "$T/json" | sort -n | uniq | wc -l) $(jq -c 'select(.argv)' "$T/json" | wc -l)" "$n 1"
done
t_is "... each is another record, a part of the first" \
	"$(jq -s -c '[.[0].id as $first | (map(.id) | unique | length), all(.part_of == $first), (map(.part) == [range(1; length + 1)]), (map(.parts) | last)]' "$T/json")" \
	"[$(wc -l <"$T/json"),true,true,$(wc -l <"$T/json")]"
spawn "$B/fdfence" trace -q --format sarif -o "$T/sarif" --intent none --into true -- "$opens" -n 700 -p "$wide/app.log" true
t_like "... and in a report of the tracer's own" "$(cat "$T/sarif")" '700 times'

# The figures.
figures() { # options of trace -- command...
	spawn "$B/fdfence" trace "$@" 2>&1 >"$T/out" | sed -n 's/^fdfence: trace: \(.* leaked\)/\1/p'
}
t_is "the closing line counts execs and descriptors" "$(figures -- "$opens" -l true)" \
	"2 execs, 2 descriptors leaked, 0 kept"
t_is "... one is one" "$(figures -- true)" "1 exec, 0 descriptors leaked, 0 kept"
t_is "... what --type leaves out is not in it" "$(figures --type listener -- "$opens" -l true)" \
	"of what was asked for: 1 descriptor leaked, 0 kept"
t_is "... nor what --exe leaves out" "$(figures --exe '*sh' -- "$opens" -l sh -c 'exec 7</dev/null; exec true')" \
	"of what was asked for: 0 descriptors leaked, 3 kept"
t_is "... what was sealed where somebody asks for it" "$(figures --show would -- "$B/fdfence" run -- "$opens" -l true)" \
	"3 execs, 0 descriptors leaked, 0 kept, 2 would have leaked"
t_is "... with --summary it is of the table" \
	"$(figures --summary -- "$opens" -f -n 3 -i 70 true) $(awk 'NR > 1 { n += $1 } END { print n }' "$T/out")" \
	"71 execs, 210 descriptors leaked, 0 kept 210"
t_is "... behind filters too" \
	"$(figures --summary --uid 0 -- "$opens" -f -n 3 -i 70 true) $(awk 'NR > 1 { n += $1 } END { print n }' "$T/out")" \
	"of what was asked for: 210 descriptors leaked, 0 kept 210"
t_is "... which leave nothing of another user" "$(figures --summary --uid 4242 -- "$opens" -f -i 7 true)" \
	"of what was asked for: 0 descriptors leaked, 0 kept"

# One describer: what stands under WHAT, whoever tells it.
whats() { # of lines: from the words of the type on, without access and times
	sed -nE 's/.*(file|listener|pipe)( [rw]+)? +(([^ ]|[^ ] [^ ])*[^ ])( +[0-9]+)?$/\1 \3/p' | sed 's/: nobody meant it$//' | sort
}
expected=$'file /etc/passwd\nlistener tcp 127.0.0.1:*'
t_is "a leak reads the same in check" "$(spawn "$B/fdfence" check -- "$opens" -l true 2>&1 | whats)" "$expected"
t_is "... in trace" "$(spawn "$B/fdfence" trace -q -- "$opens" -l true | whats)" "$expected"
t_is "... in its summary" "$(spawn "$B/fdfence" trace -q --summary -- "$opens" -l true | whats)" "$expected"
t_is "... and in explain" "$(spawn "$B/fdfence" explain -- "$opens" -l true 2>&1 |
	sed -nE 's/^ +[34] +seal +(file|listener)( r)? (.*): nobody meant it$/\1 \3/p' | sort)" "$expected"
t_like "--columns TARGET has the port" \
	"$(spawn "$B/fdfence" trace -q --columns TYPE,TARGET -- "$opens" -l true)" 'listener +tcp 127\.0\.0\.1:[0-9]+'
t_done
