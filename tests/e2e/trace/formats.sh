#!/bin/bash
# fdfence trace, trace --snapshot and inspect: reports in the formats of check, of the same leaks.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/trace/lib.bash
. "$(dirname "$0")/lib.bash"

trace_or_skip
own_opens
F=$B/fdfence
true=$(readlink -f "$(type -P true)")
formats=(sarif junit github markdown gitlab otlp prometheus html)

# What each format says of a leak of a listener and of two of /etc/passwd, in the words of all.
said() { # format, file: severity, descriptors and how often, as far as the format tells
	case $1 in
	sarif) jq -r '.runs[].results[] | "\(.properties.severity) \(.properties.times)"' "$2" ;;
	junit) xmllint --xpath '//testcase[failure]/@name' "$2" ;;
	github) sed 's/^::\([a-z]*\) .*, \([0-9]*\) times*: .*/\1 \2/' "$2" ;;
	markdown) sed -n 's/^| [^ ]* \([a-z]*\) | .* | \([0-9]*\) | .*/\1 \2/p' "$2" ;;
	gitlab) jq -r '.[] | "\(.check_name) \(.severity)"' "$2" ;;
	otlp) jq -r '.resourceLogs[].scopeLogs[].logRecords[] | .severityText +
		" " + (.attributes[] | select(.key == "fdfence.times").value.intValue)' "$2" ;;
	prometheus) sed -n 's/^fdfence_leaks{.*severity="\([a-z]*\)".* /\1 /p' "$2" ;;
	html) grep -oE '"severity":"[a-z]*"|"times":[0-9]+' "$2" ;;
	esac
}
args=()
for format in "${formats[@]}"; do
	args+=(--format "$format" -o "$T/t.$format")
done
spawn "$F" trace -q --format text "${args[@]::2}" -o "$T/rows" "${args[@]:2:2}" "${args[@]:4}" -- \
	"$opens" -l -f -i 2 true 2>"$T/err"
t_is "trace: text and eight reports at once" "$? $(cat "$T/err")" "0 "
t_is "... the text as ever" "$(grep -c "leaked .* /etc/passwd" "$T/rows")" 2
spawn "$F" trace -q --format json -o "$T/records" -- "$opens" -l -f -i 2 true
for format in "${formats[@]}"; do
	spawn "$F" report --format "$format" -o "$T/r.$format" "$T/records"
	t_like "$format: something is said" "$(said "$format" "$T/t.$format")" '[a-zA-Z]'
	t_is "$format: what report makes of the same records" \
		"$(said "$format" "$T/t.$format")" "$(said "$format" "$T/r.$format")"
done
spawn "$F" trace -q --acts no --format prometheus -o "$T/p" -- sh -c "true; $opens -f true; true"
t_is "every exec counts, clean ones too" "$(sed -n 's/^fdfence_execs //p' "$T/p")" 3

deny_outcomes() { # [OPTIONS]: what became of a leak that a rule denies
	rm -f "$T/deny.jsonl"
	spawn "$F" trace -q --rule 'deny type=file' "$@" --format json -o "$T/deny.jsonl" --format prometheus -o "$T/deny" -- \
		"$opens" -f true 2>"$T/err"
	sed -n 's/^fdfence_leaks{.*outcome="\([a-z]*\)".*/\1/p' "$T/deny"
	"$F" report --format json "$T/deny.jsonl" | jq -r '.causes[].outcome'
}
t_is "a rule that denies stops nothing without --kill: it leaked" "$(deny_outcomes | xargs)" "leaked leaked"
refused=$(deny_outcomes --kill)
case $(<"$T/err") in
*"needs the tracepoint"*) t_skip "... and with it the exec was refused" "$(<"$T/err")" ;;
*) t_is "... and with it the exec was refused" "$(xargs <<<"$refused")" "refused refused" ;;
esac

t_is "filters are obeyed" "$(spawn "$F" trace -q --type listener --format prometheus -o "$T/p" -- \
	"$opens" -l -f true; grep -c '^fdfence_leaks{' "$T/p")" 1
# What was left out is said by each, and by the text.
for left in '--min-severity critical' '--exe nosuch' '--type memfd'; do
	args=()
	for format in "${formats[@]}"; do args+=(--format "$format" -o "$T/left.$format"); done
	# shellcheck disable=SC2086 # options
	said=$(spawn "$F" trace $left --format text -o "$T/rows" "${args[@]}" -- "$opens" -l -f true 2>&1)
	words='only what was asked for counts|"filtered"} 1$'
	[ "${left#--min}" = "$left" ] || words='2 leaks below critical not counted|"below-severity"} 2$'
	t_is "$left: each format tells what is not in it" "$(grep -lE "$words" "$T"/left.* | wc -l)" "${#formats[@]}"
	t_like "... and so does the text" "$said" "^fdfence: trace: .*0 descriptors leaked.*fdfence: (${words%%|*})"
	# shellcheck disable=SC2086 # options
	t_is "... and --summary" "$(spawn "$F" trace $left --summary -- "$opens" -l -f true 2>&1 >"$T/rows" | grep -cE "${words%%|*}")" 1
done
t_like "a suite is of the subcommand that wrote it" "$("$F" report --format junit "$T/records"; spawn "$F" inspect --format junit $$)" \
	'testsuite name="fdfence report [^"]*".*testsuite name="fdfence inspect"'
t_like "... and inspect" "$(spawn "$F" inspect --all --exe nosuch --format junit 2>&1)" 'skipped message="only what was asked for counts: --exe nosuch"'
t_like "... and report" "$("$F" report --outcome sealed --format junit "$T/records")" 'skipped message="only what was asked for counts: --outcome sealed"'
t_like "what the environment keeps is no clean run" \
	"$(spawn -e FDFENCE_RULES='keep type=file' "$F" trace -q --format junit -o "$T/left" -- "$opens" -f true 2>&1; cat "$T/left")" \
	'^fdfence: the environment is obeyed, too: .*skipped message="the environment is obeyed'

t_like "a command that leaves a process behind: not seen" \
	"$(spawn "$F" trace -q --format markdown -o "$T/m" -- sh -c 'sleep 60 >/dev/null 2>&1 & echo $! >"$0"' "$T/behind"; cat "$T/m")" \
	'Not seen, so not known to be clean:.*1 process still ran'
kill "$(<"$T/behind")"
if unshare -m true 2>/dev/null; then
	spawn unshare -m sh -c 'mount -t tmpfs none /proc; exec "$@"' _ \
		"$F" trace -q --format markdown -o "$T/m" -- sh -c 'sleep 60 >/dev/null 2>&1 & echo $! >"$0"' "$T/behind"
	kill "$(<"$T/behind")"
	t_like "... where they cannot be counted: at least" "$(<"$T/m")" 'at least 1 process still ran'
else
	t_skip "... where they cannot be counted: at least" "no mounts here"
fi
spawn "$F" trace -q --max-fds 5 --format prometheus -o "$T/p" -- "$opens" -n 9 -f true
t_is "more than is looked at: not seen, and the status says so" \
	"$? $(grep -c 'fdfence_not_seen{what="descriptors-not-listed"} [1-9]' "$T/p")" "3 1"

# What cannot be is refused, with a reason, and before anything runs.
while read -r options; do
	# shellcheck disable=SC2086 # options
	t_like "refused: trace $options" "$(spawn "$F" trace $options -- touch "$T/ran" 2>&1; echo "= $?")" \
		'^fdfence: .*format.*= 125$'
done <<END
--format sarif
--format sarif --summary -o $T/x
--format sarif --show kept -o $T/x
--format sarif --columns FD -o $T/x
--format sarif --rotate 1M -o $T/x
--format text --format json -o $T/x
--format text --format text -o $T/x
--format sarif --format junit -o $T/x
--format sarif --format junit -o $T/x -o $T/x
END
t_is "... and nothing has run" "$(echo "$T"/ran*)" "$T/ran*"
echo old >"$T/kept"
spawn "$F" trace -q --format sarif -o "$T/kept" -- /no/such 2>/dev/null
t_is "a command that was not found: the old report stands" "$? $(cat "$T/kept")" "127 old"
spawn "$F" trace -q --format sarif -o /dev/full -- true 2>"$T/err"
t_is "a full disk" "$? $(cat "$T/err")" "125 fdfence: -o /dev/full: No space left on device"

# --summary in JSON is the table.
spawn "$F" trace -q --summary --format json -o "$T/s" -- "$opens" -l -p "$T/a \"b\\" -f -i 3 true
t_is "--summary --format json" "$(jq -r '[.count, .exe, .into, .verdict, .severity, .type, .access, .what] | join(" ")' \
	"$T/s" | sed 's/127.0.0.1:[*]/PORT/' | sort)" "$(printf '%s\n' \
	"3 $opens $true leaked high listener  tcp PORT" \
	"3 $opens $true leaked low file r $T/a \"b\\x5c" | sort)"

# --- live processes ---
"$opens" -l -w </dev/zero >"$T/ready" &
held=$!
t_until grep -q ready "$T/ready"
live() { # what a report says of the process: descriptor types
	sed -n 's/^fdfence_leaks{.*exe="[^"]*\/opens".*type="\([a-z]*\)".*/\1/p' "$1" | sort -u | paste -sd' '
}
spawn "$F" trace -q --snapshot --pid $held --format prometheus -o "$T/p"
t_is "--snapshot" "$? $(live "$T/p")" "0 file listener"
for format in "${formats[@]}"; do
	spawn "$F" inspect -q --format json -o "$T/records" --format "$format" -o "$T/i.$format" $held
	spawn "$F" report --format "$format" -o "$T/r.$format" "$T/records"
	t_like "inspect, $format: something is said" "$(said "$format" "$T/i.$format")" '[a-zA-Z]'
	t_is "inspect, $format: what report makes of its records" \
		"$(said "$format" "$T/i.$format")" "$(said "$format" "$T/r.$format")"
done
t_is "inspect: text to a file" "$(spawn "$F" inspect -q -o "$T/text" $held; grep -c ' leak ' "$T/text")" \
	"$(spawn "$F" inspect -q $held | grep -c ' leak ')"
kill $held
wait $held 2>/dev/null
t_like "inspect: a process that cannot be looked at is not clean" \
	"$(spawn "$F" inspect --format markdown $held 2>/dev/null; echo "= $?")" \
	'Not seen, so not known to be clean:.*1 process could not be looked at.*= 3$'
while read -r options; do
	# shellcheck disable=SC2086 # options
	t_like "refused: inspect $options" "$(spawn "$F" inspect $options $$ 2>&1; echo "= $?")" \
		'^fdfence: .*format.*= 125$'
done <<END
--format sarif --watch
--format sarif --sealed
--format sarif --by unit
--format sarif --columns FD
--format text --format json -o $T/x
--format sarif --format junit
END

t_done
