#!/bin/bash
# limit: 240
# check --format: what others read is read by others: schemas, parsers and linters of their own;
# names that somebody chose to break out of a format stay names; several formats at once.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
golden=$root/tests/golden/report

evil="$T/a]]></failure>&\"'|\`%0A::error::x"$'\n\033[31m\u202e\xff'"</script>"
mkdir -p "${evil%/*}"
leak=("$H/danger" listener "w:$evil" r:/etc/passwd -- sh -c "exec '$H/static/fdlist'")
report() { # format
	spawn "$F" check --format="$1" -o "$T/report.$1" -- "${leak[@]}" >/dev/null 2>"$T/err"
	cat "$T/report.$1"
}
holds_none() { # name file: nothing that a terminal acts on, nothing that is not UTF-8
	t_ok "$1: no control bytes, and UTF-8" /usr/bin/python3 - "$2" <<-'PYTHON'
		import sys
		text = open(sys.argv[1], encoding="utf-8").read()
		bad = [hex(ord(c)) for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160
		       or 0x202a <= ord(c) <= 0x202e]
		sys.exit(str(bad) if bad else 0)
	PYTHON
}

# --- SARIF, against the schema of its makers ---
cat >"$T/sarif.py" <<'EOF2'
import json, sys, warnings
warnings.simplefilter("ignore")
import jsonschema
schema = json.load(open(sys.argv[1]))
log = json.load(open(sys.argv[2]))
jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
EOF2
schema=$root/tests/schemas/sarif-2.1.0-rtm.5.json
report sarif >/dev/null
for file in "$golden.sarif" "$T/report.sarif"; do
	t_ok "SARIF fits its schema: ${file##*/}" /usr/bin/python3 "$T/sarif.py" "$schema" "$file"
	holds_none "SARIF" "$file"
done
sed 's/"ruleId"/"rule"/' "$golden.sarif" >"$T/broken.sarif"
t_fails "and what does not is seen" /usr/bin/python3 "$T/sarif.py" "$schema" "$T/broken.sarif"
r() { jq -r "$1" "$T/report.sarif"; }
t_is "the rule is FD-LEAK-EXEC, of CWE-403" \
	"$(r '.runs[0].tool.driver.rules[0] | "\(.id) \(.relationships[0].target.id) \(.help.text | length > 50)"')" \
	"FD-LEAK-EXEC 403 true"
t_is "a result for each cause, the worst first" "$(r '[.runs[0].results[] | "\(.ruleId) \(.level)"] | join(" ")')" \
	"FD-LEAK-EXEC error FD-LEAK-EXEC warning FD-LEAK-EXEC note"
t_is "it lies where the program does" "$(r '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri')" \
	"file://$H/danger"
t_is "what was not covered is said beside them" "$(r '.runs[0].invocations[0].toolExecutionNotifications[].message.text')" \
	"not covered: 1 exec of $H/static/fdlist (static)"
prints() { jq -r '.runs[0].results[].partialFingerprints["fdfenceLeak/v1"]' "$T/report.sarif" | sort; }
first=$(prints)
t_is "fingerprints differ" "$(sort -u <<<"$first" | grep -cE '^[0-9a-f]{32}$')" 3
report sarif >/dev/null
t_is "and are the same in the next run" "$(prints)" "$first"

for copy in here there; do
	mkdir "$T/$copy"
	(cd "$T/$copy" && spawn "$F" check -q --format sarif -o "$T/report.sarif" --intent=-image -- bash -c 'exec 7>>log.txt; /bin/true' >/dev/null 2>&1)
	prints >"$T/$copy.prints"
done
t_ok "there are some in a checkout" test -s "$T/here.prints"
t_is "and are the same in another checkout" "$(cat "$T/there.prints")" "$(cat "$T/here.prints")"

# --- JUnit ---
alike=(bash -c 'exec 7>>"$0/y1" 8>>"$0/y2"; /bin/true' "$T")
spawn -e TMPDIR="$T" "$F" check -q --intent=-image --format junit -o "$T/alike" -- "${alike[@]}" >/dev/null 2>&1
t_is "two cases of one name are told apart" "$(grep -o 'name="file w .*/y[^ ]* into [^"]*"' "$T/alike" | grep -oE '/y.*"' | sort)" \
	"$(printf '%s\n' "/y* into $(readlink -f /bin/true)\"" "/y* into $(readlink -f /bin/true)-2\"")"
spawn -e TMPDIR="$T" "$F" check -q --intent=-image --max-new 5 --format junit -o "$T/alike" -- "${alike[@]}" >/dev/null 2>&1
t_is "what --max-new allows did not fail" "$? $(xmllint --xpath 'string(//testsuite/@failures)' "$T/alike") $(grep -c '<skipped message="allowed by --max-new: ' "$T/alike")" "0 0 2"
spawn -e TMPDIR="$T" "$F" check -q --intent=-image --max-new 1 --format junit -o "$T/alike" -- "${alike[@]}" >/dev/null 2>&1
t_is "... and did, where there are more" "$? $(xmllint --xpath 'string(//testsuite/@failures)' "$T/alike")" "99 2"
junit() { # option...: status, failures, what the skipped are allowed by
	TMPDIR=$T spawn "$F" check -q --intent=-image --format junit -o "$T/alike" "$@" >/dev/null 2>&1
	echo "$? $(xmllint --xpath 'string(//testsuite/@failures)' "$T/alike") $(grep -o 'allowed by [^:]*' "$T/alike" | sort -u)"
}
t_is "what is no failure to --error-exitcode 0 did not fail" "$(junit --error-exitcode 0 -- "${alike[@]}")" "0 0 allowed by --error-exitcode 0"
t_is "... to --fail-on" "$(junit --fail-on uncovered -- "${alike[@]}")" "0 0 allowed by --fail-on"
# A descriptor that no record has room for is not allowed by a number of causes.
crowd=(bash -c 'for ((i = 20; i < 700; i++)); do eval "exec $i</etc/passwd"; done; exec /bin/true')
t_is "... and fails, where some are not listed" "$(junit --max-new 9 -- "${crowd[@]}")" "99 1 "
for copy in ws1 ws2; do
	mkdir -p "$T/$copy/bin"
	cp "$(readlink -f /bin/bash)" "$T/$copy/bin/shell"
	cp "$(readlink -f /bin/true)" "$T/$copy/bin/yes"
	(cd "$T/$copy" && junit -- bin/shell -c 'exec 7>>a.db; bin/yes; bin/yes 8<"$0"' "$H/static/fdlist" >/dev/null)
	grep -o '<testcase .*' "$T/alike" >"$T/$copy.names"
done
t_like "names are from here" "$(cat "$T/ws1.names")" 'classname="bin/shell" name="file w \./a\.db into \./bin/yes"'
t_is "... and the same in another checkout" "$(cat "$T/ws2.names")" "$(cat "$T/ws1.names")"
report junit >/dev/null
for file in "$golden.junit.xml" "$T/report.junit"; do
	t_ok "JUnit is XML: ${file##*/}" xmllint --noout "$file"
	holds_none "JUnit" "$file"
done
x() { xmllint --xpath "$1" "$T/report.junit" 2>/dev/null; }
t_is "as many failures as causes, and what was not covered is skipped" \
	"$(x 'string(//testsuite/@failures)') $(x 'count(//testcase/failure)') $(x 'count(//skipped)') $(x 'string(//testsuite/@tests)')" \
	"3 3 1 4"
t_like "the name of a file is text and nothing else" "$(x 'string(//failure[contains(@message, "file w")]/@message)')" \
	'a\]\]></failure>&"'"'"
spawn "$F" check --format=junit -o "$T/clean" -- true >/dev/null 2>&1
t_is "nothing leaks: one case, which passed" \
	"$(xmllint --xpath 'concat(string(//testsuite/@tests), " ", string(//testsuite/@failures), " ", count(//failure))' "$T/clean")" "1 0 0"

# --- GitHub ---
report github >/dev/null
t_is "an annotation a line, and nothing else" "$(grep -cvE '^::(error|warning|notice) title=[^:]*::[^:]' "$T/report.github")" 0
t_is "as severe as the cause" "$(cut -d ' ' -f 1 "$T/report.github" | xargs)" "::error ::warning ::notice ::warning"
t_is "a per cent sign is no escape of ours" "$(grep -c '%250A::error::x' "$T/report.github")" 1
printf 'before\n' >"$T/summary"
spawn -e GITHUB_STEP_SUMMARY="$T/summary" "$F" check --format=github -o /dev/null -- "${leak[@]}" >/dev/null 2>&1
t_is "the step's summary gets the table behind what it has" "$(head -n 1 "$T/summary") $(grep -c '^| .* high | danger | sh' "$T/summary")" "before 0"
t_is "a row for each cause" "$(grep -c '^| [^s-]' "$T/summary")" 3
t_is "in which names are text" "$(grep -E '^\| ' "$T/summary" | tail -n +2 | grep -cE '[][<>`*_"@]')" 0
t_like "a summary that cannot be written is said" \
	"$(spawn -e GITHUB_STEP_SUMMARY="$T/none/x" "$F" check --format=github -o /dev/null -- "${leak[@]}" 2>&1 >/dev/null)" \
	"GITHUB_STEP_SUMMARY=$T/none/x: No such file"
mkfifo "$T/fifo"
ln -s "$T/summary" "$T/link"
for bad in "$T/fifo" "$T" "$T/link" /dev/full; do
	t_like "so is $(basename "$bad"), and nothing waits for it" \
		"$(spawn -t 20 -e GITHUB_STEP_SUMMARY="$bad" "$F" check --format=github -o /dev/null -- true 2>&1; echo "= $?")" \
		"^fdfence: GITHUB_STEP_SUMMARY=$bad: .*: the summary is not there.= 0$"
done

# --- GitLab ---
report gitlab >/dev/null
t_ok "GitLab's report has what it asks for" jq -e '([.[].check_name] | . == ["FD-LEAK-EXEC", "FD-LEAK-EXEC", "FD-LEAK-EXEC", "FD-NOT-SEEN"]) and all(.[]; (.description | length > 0)
	and (.fingerprint | test("^[0-9a-f]{32}(-[0-9]+)?$")) and (.severity | IN("info", "minor", "major", "critical", "blocker"))
	and (.location.path | length > 0) and .location.lines.begin == 1)' "$T/report.gitlab"
"$F" check --format gitlab -o "$T/running.gitlab" -- sh -c 'sleep 60 >/dev/null 2>&1 & echo $! >"$0"' "$T/running.pid" 2>/dev/null
kill "$(cat "$T/running.pid")"
t_is "... also of what no program is known for" "$(jq -r '.[].location.path' "$T/running.gitlab")" sh
t_is "each fingerprint comes once" "$(jq -r '.[].fingerprint' "$golden.gitlab.json" | sort | uniq -d)" ""
holds_none "GitLab's report" "$T/report.gitlab"

# --- OpenTelemetry ---
report otlp >/dev/null
t_is "one request is one line" "$(wc -l <"$T/report.otlp")" 1
t_ok "with the members of OTLP's JSON" jq -e '.resourceLogs[0] | (.resource.attributes | length > 0) and (.scopeLogs[0].logRecords | length == 4
	and .[3].timeUnixNano == "0" and all(.[:3][]; .timeUnixNano | test("^[0-9]{19}$")) and all(.[]; (.severityNumber | IN(9, 13, 17, 21)) and (.body.stringValue | length > 0)
	and all(.attributes[]; (.key | length > 0) and (.value | keys | IN(["stringValue"], ["intValue"])))))' "$T/report.otlp"
now=$(date +%s)
t_ok "the time is that of the exec" test "$(jq -r '.resourceLogs[0].scopeLogs[0].logRecords[0].timeUnixNano[:10]' "$T/report.otlp")" -ge $((now - 100))
holds_none "OpenTelemetry's logs" "$T/report.otlp"

# --- Prometheus ---
report prometheus >/dev/null
holds_none "Prometheus' text" "$T/report.prometheus"
spawn "$F" check -q --format json -o "$T/words.json" -- sh -c : $'a\xff\\' $'two\nlines'
t_is "json: the command's bytes are in the words of the format" "$(jq -c '.command[3:]' "$T/words.json")" '["a\\xff\\x5c","two\\x0alines"]'
if command -v promtool >/dev/null; then
	for file in "$golden.prom" "$T/report.prometheus"; do
		t_is "promtool has nothing to say: ${file##*/}" "$(promtool check metrics <"$file" 2>&1; echo $?)" 0
	done
	t_fails "and sees what is wrong" promtool check metrics < <(sed 's/what="/what="\\q/' "$golden.prom")
else
	t_skip "promtool has nothing to say" "no promtool"
fi
t_is "leaks by severity" "$(sed -n 's/^fdfence_severity_leaks//p' "$T/report.prometheus" | grep -v ' 0$' | xargs)" \
	'{outcome=leaked,severity=low} 1 {outcome=leaked,severity=medium} 1 {outcome=leaked,severity=high} 1'

# --- what was not seen is called clean by none ---
clean() { # format file: does a reader of that format take it for clean?
	case $1 in
	text) grep -qE '^fdfence: no (new )?leaks in [0-9]+ execs?$' "$2" && [ "$(grep -c . "$2")" = 1 ] ;;
	json) jq -e '.leaks == 0 and .not_seen == [] and .left_out == []' "$2" ;;
	sarif) jq -e '.runs[0] | .results == [] and .invocations[0].toolExecutionNotifications == []' "$2" ;;
	junit) [ "$(xmllint --xpath 'count(//testcase[not(*)])' "$2")" != 0 ] ;;
	github) ! grep -q '^::' "$2" ;;
	markdown) tail -n 1 "$2" | grep -qE '^No leaks in [0-9]+ execs?\.$' ;;
	gitlab) jq -e '. == []' "$2" ;;
	otlp) jq -e '.resourceLogs[0].scopeLogs[0].logRecords == []' "$2" ;;
	prometheus) ! grep -E '^fdfence_(not_seen|left_out|severity_leaks)\{' "$2" | grep -qv ' 0$' ;;
	esac >/dev/null
}
formats=(text json sarif junit github markdown gitlab otlp prometheus)
calls_clean() { # [check's options --] command...: the formats that do
	local options=() format clean=
	case " $* " in *" -- "*) while [ "$1" != -- ]; do options+=("$1"); shift; done; shift ;; esac
	for format in "${formats[@]}"; do options+=(--format "$format" -o "$T/seen.$format"); done
	spawn "${tapped[@]}" "$F" check "${options[@]}" -- "$@" >/dev/null 2>&1
	for format in "${formats[@]}"; do ! clean "$format" "$T/seen.$format" || clean="$clean $format"; done
	echo "${clean# }"
}
t_is "all call clean what is" "$(calls_clean true)" "${formats[*]}"
t_is "none a leak" "$(calls_clean mawk 'BEGIN{getline<"/etc/passwd";system("true")}')" ""
t_is "none a leak that is not severe enough to be counted" \
	"$(calls_clean --min-severity high -- mawk 'BEGIN{getline<"/etc/passwd";system("true")}')" ""
t_is "how many those are is said in each" "$(grep -l 'below high not counted\|below-severity"} 1$' "$T"/seen.* | wc -l)" "${#formats[@]}"
spawn "$F" check --baseline "$T/known" --update-baseline -- mawk 'BEGIN{getline<"/etc/passwd";system("true")}' >/dev/null 2>&1
t_is "none a leak that is known" "$(calls_clean --baseline "$T/known" -- mawk 'BEGIN{getline<"/etc/passwd";system("true")}')" ""
t_is "how many those are is said in each, too" "$(grep -l '1 cause with 1 leak\|what="known"} 1$' "$T"/seen.* | wc -l)" "${#formats[@]}"
t_is "none what is not covered" "$(calls_clean "$H/static/fdlist")" ""
t_is "none what still runs" "$(calls_clean sh -c 'sleep 60 >/dev/null 2>&1 & echo $! >"$0"' "$T/behind")" ""
kill "$(<"$T/behind")"
t_is "none a lost record" "$(calls_clean /usr/bin/python3 -c 'import os, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
try:
    while True: os.set_inheritable(os.open("/etc/passwd", os.O_RDONLY), True)
except OSError: os.execve("/bin/true", ["true"], dict(os.environ))')" ""

# --- several at once ---
both() {
	rm -f "$T/one" "$T/two"
	{ spawn "$F" check "$@" -- "${leak[@]}" >/dev/null; } 2>&1
	echo "$?"
}
both --format=sarif -o "$T/one" --format=junit -o "$T/two" >"$T/err"
t_is "each to its file" "$(jq -r .version "$T/one") $(xmllint --xpath 'string(//@failures)' "$T/two") $(cat "$T/err")" "2.1.0 3 99"
both -o "$T/one" -o "$T/two" --format=sarif --format=junit >"$T/err"
t_is "in whichever order they are given" "$(jq -r .version "$T/one") $(xmllint --xpath 'string(//@failures)' "$T/two")" "2.1.0 3"
both --format=sarif -o "$T/one" --format=text >"$T/err"
t_is "the one without a file goes to standard error" "$(jq -r .version "$T/one") $(grep -c '^fdfence: 3 leaks' "$T/err")" "2.1.0 1"
t_like "two of those are refused" "$(both --format=sarif --format=text)" 'only one may go to standard error.*125'
for format in json sarif junit markdown gitlab otlp prometheus; do
	t_like "--format=$format without a file is refused: the command's own words would stand in it" \
		"$({ spawn "$F" check --format=$format -- touch "$T/one"; } 2>&1; echo "$?")" "^fdfence: --format $format: expected --output FILE.*125"
done
t_like "... which says whose the file is that is there" "$(both --format=text --format=json -o "$T/one")" \
	"^fdfence: --output $T/one is of --format text: .*--format json: expected --output FILE.*125"
t_like "and a file without a format" "$(both --format=json -o "$T/one" -o "$T/two")" "--output $T/two: there is no --format for it.*125"
t_like "and one file for two" "$(both --format=json --format=sarif -o "$T/one" -o "$T/one")" "--output $T/one: it is named for two.*125"
ln -s . "$T/way"
for other in "$T/../$(basename "$T")/one" "$T/way/one" "$T//one"; do
	t_like "... however it is written: ${other#"$T"}" "$(both --format=json --format=sarif -o "$T/one" -o "$other")" "--output .*: it is named for two.*125"
done
t_like "and one descriptor" "$(both --format=json --format=sarif -o /dev/stdout -o /proc/self/fd/1)" "--output .*: it is named for two.*125"
t_like "and standard error, where the one without a file goes" "$(both --format=sarif -o /dev/stderr --format=text)" \
	"^fdfence: --format text: expected an --output for it: .*--output /dev/stderr does.*125"
t_like "... or standard output, of a report" "$("$F" report --format json -o - --format text /dev/null 2>&1; echo $?)" \
	"^fdfence: --format text: expected an --output for it: .*--output /dev/stdout does.*125"
t_ok "before anything was run or written" test ! -e "$T/one"
both --format=json --format=sarif -o "$T/one" -o "$T/none/two" >"$T/err"
t_is "one that cannot be opened leaves the others alone" "$(tail -n 1 "$T/err") $(ls "$T/one"* 2>/dev/null)" "125 "
t_done
