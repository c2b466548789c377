#!/bin/bash
# The rules that check makes from what it found: they hide that and nothing else.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/e2e/command/check.bash
. "$(dirname "$0")/check.bash"

name="$T/a b;c#*?[x]"$'\n'$'\033''z'
check -- "$H/leaker" -w "$name" -s "$T/s" -p true
q '.causes[].rule' >"$T/rules"
check --rules "$T/rules" -- "$H/leaker" -w "$name" -s "$T/s" -p true
t_is "the rules of the JSON report suppress what they were made from" "$status $(q .leaks)" "0 0"
spawn "$F" check --gen-suppressions -- "$H/leaker" -w "$name" -s "$T/s" true 2>&1 | grep '^keep ' >"$T/rules"
t_is "--gen-suppressions prints one for each" "$(grep -c . "$T/rules")" 2
check --rules "$T/rules" -- "$H/leaker" -w "$name" -s "$T/s" true
t_is "and they suppress" "$status" 0
check --rules "$T/rules" -- "$H/leaker" -w "$T/other" true
t_is "and nothing else" "$status" 99
for odd in $'\xff\xfe' $'new\nline' $'\xc2\x9b31m' $'\e[2J' $'a\\x41'; do
	: >"$T/zz"
	check -- "$H/leaker" -w "$T/$odd" true
	q '.causes[].rule' >"$T/rules"
	check --rules "$T/rules" -- "$H/leaker" -w "$T/$odd" true
	shown=$(printf %q "$odd")
	t_is "a rule for $shown holds for it" "$status" 0
	for other in "zz" "new?line" "newxline" "??31m" "aA" "x[2J" "a.x41" "ax41"; do
		check --rules "$T/rules" -- "$H/leaker" -w "$T/$other" true
		[ "$status" = 99 ] || break
	done
	t_is "and for no other" "$other $status" "ax41 99"
done

# What has no name of its own: a rule for its type would hide whatever comes.
for nameless in -l -u; do
	check -- "$H/leaker" $nameless true
	t_is "leaker $nameless gets no rule" "$status $(q '[.causes[] | select(.rule)] | length')" "99 0"
	check --baseline "$T/nameless" --update-baseline -- "$H/leaker" $nameless true
	check --baseline "$T/nameless" -- "$H/leaker" $nameless true
	t_is "... is known by its line all the same" "$status $(q .known)" "0 1"
	check --baseline "$T/nameless" -- "$H/leaker" $nameless -s "$T/s" true
	t_is "... which hides no socket with a name" "$status $(q '.causes[].what')" "99 unix stream $T/s"
	rm "$T/nameless"
done
t_like "--gen-suppressions says so" "$(spawn "$F" check --gen-suppressions -- "$H/leaker" -u true 2>&1)" '# 1 cause without a rule: '

# Five files of one folder are one row, and a rule each: the sixth is a finding again.
mkdir -p "$T/dir/new"
opens='f=(); for n in "$@"; do exec {x}<>"$n"; done; /bin/true'
check --intent=-image,-given -- bash -c "$opens" bash "$T"/dir/{1,2,3,4,5}
t_is "files of one folder are one cause" "$(q '.causes[].what')" "$T/dir/* (5 files)"
q '.causes[].rule' >"$T/rules"
check --intent=-image,-given --rules "$T/rules" -- bash -c "$opens" bash "$T"/dir/{1,2,3,4,5}
t_is "which its rules suppress" "$status" 0
check --intent=-image,-given --rules "$T/rules" -- bash -c "$opens" bash "$T"/dir/{5,6} "$T/dir/new/1"
t_is "and no other file there or below" "$(q '.causes[].what' | sort)" "$(printf '%s\n' "$T/dir/6" "$T/dir/new/1")"
check --intent=-image,-given --rule "keep path=$T/dir/*" -- bash -c "$opens" bash "$T"/dir/{6,7} "$T/dir/new/1"
t_is "a rule for a folder hides no new file in a new folder" "$(q '.causes[].what')" "$T/dir/new/1"
check --intent=-image,-given -- bash -c 'exec {x}</proc/self/ns/mnt; /bin/true'
q '.causes[].rule' >"$T/rules"
t_is "a rule for a namespace's file names it" "$(grep -c 'path=mnt:' "$T/rules")" 1
check --intent=-image,-given --rules "$T/rules" -- bash -c "$opens" bash /etc/passwd
t_is "and hides no other file" "$(q '.causes[].what')" /etc/passwd

check --rule 'keep type=listener addr=127.0.0.1:*' -- "$H/leaker" -l true
t_is "a rule for an address holds for it" "$status" 0
check --rule 'keep type=listener addr=10.*' -- "$H/leaker" -l true
t_is "and for no other" "$status $(q '.causes[].what')" "99 tcp 127.0.0.1:*"

printf '# one\nkeep type=listener\n\nkeep type=memfd # gone\n' >"$T/rules"
t_is "unused rules are told with their line" \
	"$(spawn "$F" check --rules "$T/rules" --rule 'keep fd=77' -- "$H/leaker" -l true 2>&1 | grep unused)" \
	"$(printf 'fdfence: unused rule: %s\n' "$T/rules:4: keep type=memfd" '--rule:1: keep fd=77')"
check --rules "$T/rules" -- "$H/leaker" -l true
t_is "in JSON too" "$(q '.unused_rules[]')" "$T/rules:4: keep type=memfd"

# --- of records: what a week of reporting has shown ---
spawn "$F" run --mode report --log "$T/week.jsonl" -- "$H/leaker" -w "$T/meant" -w "$T/a leak" -s "$T/s" true
spawn "$F" report --gen-rules -o "$T/rules" "$T/week.jsonl"
t_is "report --gen-rules writes a rule for each, below what it keeps" \
	"$(tail -n +2 "$T/rules" | sed -E 's|^# ([a-z]+): .* leaks .* \(([a-z]+).*|\1 \2|; s/^(keep) .*(type=[a-z]*).*/\1 \2/')" \
	"$(printf '%s\n' 'high listener' 'keep type=listener' 'medium file' 'keep type=file' 'medium file' 'keep type=file')"
check --rules "$T/rules" -- "$H/leaker" -w "$T/meant" -w "$T/a leak" -s "$T/s" true
t_is "... which holds" "$status $(q .leaks)" "0 0"
grep -v 'path=.*leak' "$T/rules" >"$T/meant.rules"
check --rules "$T/meant.rules" -- "$H/leaker" -w "$T/meant" -w "$T/a leak" -s "$T/s" true
t_is "... without a line that is a leak indeed" "$status $(q .leaks)" "99 1"
for other in --tree --format=json --gen-suppressions --explain-kept; do
	t_like "--gen-rules goes alone, without $other" \
		"$(spawn "$F" report --gen-rules $other -o "$T/no" "$T/week.jsonl" 2>&1) $? $(cat "$T/no" 2>&1)" \
		'^fdfence: report: --gen-rules goes with neither .* 125 .*No such file'
done

# --- more than the reader takes ---
mkdir "$T/many"
# Two records, since one has no room for all.
# shellcheck disable=SC2016 # for the inner shell
opens='mkdir -p "$0"/{1..300}; (for i in {1..150}; do exec {x}<>"$0/$i/f"; done; /bin/true)
	(for i in {151..300}; do exec {x}<>"$0/$i/f"; done; /bin/true)'
spawn "$F" check --intent=-image,-given --gen-suppressions -- bash -c "$opens" "$T/many" 2>"$T/text"
sed -n '/^# Rules/,$p' "$T/text" >"$T/rules"
t_is "no more rules are made than a file may have" "$(grep -c '^keep ' "$T/rules")" 256
t_like "and that some are left out is said" "$(<"$T/rules")" $'\n# 44 more are left out: --rules takes 256, '
check --intent=-image,-given --rules "$T/rules" -- bash -c "$opens" "$T/many"
t_is "what they do not hide is found again" "$status $(q '"\(.leaks) \(.causes | length)"')" "99 44 44"
long=$T/many
for _ in {1..14}; do
	long+=/$(printf "%0240d" 0)
done
mkdir -p "$long"
spawn "$F" check --intent=-image,-given --gen-suppressions -- bash -c "$opens" "$long" 2>"$T/text"
sed -n '/^# Rules/,$p' "$T/text" >"$T/rules"
t_like "nor longer ones than a file may have" "$(tail -n 1 "$T/rules")" "# [0-9]+ more are left out: .* of 60 KiB together"
spawn "$F" run --intent=-image,-given --mode report --log "$T/many.jsonl" -- bash -c "$opens" "$long"
spawn "$F" report --gen-rules "$T/many.jsonl" >"$T/rules"
t_ok "with what they keep they fit, too" spawn -e FDFENCE_RULES_FILE="$T/rules" "$F" run -- true
t_is "... each comment has its rule" "$(awk '/^#/ && before ~ /^# [a-z]*: / { print before } { before = $0 }' "$T/rules")" ''
t_ok "... as the variable for all" spawn -e FDFENCE_RULES_FILE="$T/rules" "$F" run -- true

# --- rules are of what was seen ---
spawn "$F" run --log "$T/static.jsonl" --log-what all -- sh -c "exec 9</etc/passwd; $H/static/fdlist >/dev/null; true"
t_like "--gen-rules says what was not seen, as a comment" "$(spawn "$F" report --gen-rules "$T/static.jsonl")" \
	'# fdfence: not covered: 1 exec of .*/static/fdlist'
spawn "$F" report --gen-rules -o "$T/commented" "$T/static.jsonl"
t_ok "and it is still a file of rules" spawn "$F" check -q --rules "$T/commented" -- true
t_done
