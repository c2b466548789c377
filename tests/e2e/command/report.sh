#!/bin/bash
# limit: 120
# fdfence report: records of earlier runs, merged; what is torn or foreign is told and skipped; the
# same as check says of the same run; what cannot be read leaves nothing behind.
. "$(dirname "$0")/../lib.sh"
F=$B/fdfence
cd "$T" || exit 1

leaky() { # NAME [OPTIONS]: run something that leaks into NAME.jsonl
	spawn "$F" run --log "$T/$1.jsonl" "${@:2}" -- bash -c 'exec 7>>"$0/app.log" 8</etc/passwd
		bash -c "true; /usr/bin/true & wait"; /usr/bin/true' "$T"
}
# A shell keeps what it holds; without that sign it leaks.
intent=(--intent=-image)
leaky a "${intent[@]}" --log-what all
leaky b "${intent[@]}" --log-what all

# --- the same as check ---
brief() { jq -c '[.causes[] | [.exe, .into, .what, .severity, .times]]' "$1"; }
spawn "$F" check -q --seal --format json -o check.json "${intent[@]}" -- bash -c 'exec 7>>"$0/app.log" 8</etc/passwd
	bash -c "true; /usr/bin/true & wait"; /usr/bin/true' "$T"
"$F" report --format json a.jsonl >a.json
t_is "a report of records is a report" "$?" 0
t_is "the causes are those that check tells of" "$(brief a.json)" "$(brief check.json)"
t_ok "there are some" test "$(jq '.causes | length' a.json)" -ge 4
t_is "and so many execs" "$(jq .execs a.json)" "$(jq .execs check.json)"

# --- where it comes from ---
mkdir -p logs/web1 logs/web2
cp a.jsonl logs/web1/x.jsonl.1
gzip -c b.jsonl >logs/web2/b.jsonl.gz
zstd -qc a.jsonl >logs/web2/c.jsonl.zst
cp a.jsonl logs/web1/service.log
cp a.jsonl logs/web2/leaks.json.2
echo 'no record' | tee logs/web1/README logs/web1/other.log >logs/web2/other.json
"$F" report --format json logs - <b.jsonl >all.json
t_is "directories, packed files and standard input are read" "$?" 0
t_is "each counts" "$(jq '[.leaks, .execs] | @csv' all.json)" "$(jq '[.leaks * 6, .execs * 6] | @csv' a.json)"
t_is "causes of two runs are one" "$(jq '.causes | length' all.json)" "$(jq '.causes | length' a.json)"
mkdir two_names
cp a.jsonl two_names/a.log.json
cp a.jsonl two_names/b.json.log.1
cp a.jsonl two_names/c.jsonl.log
"$F" report --format json two_names >two.json
t_is "names of two kinds count, too" "$(jq .leaks two.json)" "$(jq '.leaks * 3' a.json)"
cp logs/web2/b.jsonl.gz b.jsonl.zst
echo '{"count":2,"exe":"/a","into":"/b"}' >counted.jsonl
t_like "the lines of trace --summary are no records" "$("$F" report counted.jsonl 2>&1)" 'counted.jsonl.*trace --summary, which counts'
t_is "-o -: standard output" "$("$F" report --format json -o - a.jsonl | jq .leaks)$(ls ./- 2>/dev/null)" "$(jq .leaks a.json)"
t_like "run --log - is refused" "$("$F" run --log - -- true 2>&1; echo "= $?")" "^fdfence: --log -: expected a file.*= 125"
t_is "what packed a file its bytes tell, not its name" "$("$F" report --format json b.jsonl.zst | jq .leaks)" "$(jq .leaks a.json)"

pzstd -qc a.jsonl >a.pzstd 2>/dev/null
t_is "... pzstd, too, which begins otherwise than zstd" "$("$F" report --format json a.pzstd | jq .leaks)" "$(jq .leaks a.json)"

# --- rotated logs, as logrotate's dateext, and others, name them ---
mkdir dated
: >dated/f.jsonl
cp a.jsonl dated/f.jsonl-20261125
gzip -c a.jsonl >dated/f.jsonl-20261124.gz
zstd -qc a.jsonl >dated/f.jsonl-2026112407.zst
cp a.jsonl dated/f.jsonl.2026-11-23
gzip -c a.jsonl >dated/service.log.1.gz
gzip -c a.jsonl >dated/service.log-20261124.gz
t_is "they are read, whatever they are called" "$("$F" report --format json dated 2>err | jq .leaks; cat err)" "$(jq '.leaks * 6' a.json)"
cp a.jsonl dated/f.jsonl.old
t_is "... also otherwise, if they begin with a record" "$("$F" report --format json dated 2>err | jq .leaks; cat err)" "$(jq '.leaks * 7' a.json)"
printf '\xfd7zXZ\0packed by another program' >dated/f.jsonl-20261120.xz
t_like "what is named so and cannot be read is told of, and the status is 1" "$("$F" report -q dated 2>&1; echo "= $?")" \
	"dated/f.jsonl-20261120.xz: it is named like records, and is none that can be read; left out.*= 1$"
t_is "other files are counted, with a sample" "$("$F" report logs 2>&1 >/dev/null)" \
	"fdfence: report: 3 files left out, which are no records by name and first bytes: logs/web1/README, ..."

sed 's/,"/, "/g' a.jsonl >blanks.jsonl
t_is "records that another program has rewritten are the same" \
	"$("$F" report --format json blanks.jsonl | jq 'del(.files)')" "$(jq 'del(.files)' a.json)"

# --- filters ---
t_is "--type" "$("$F" report --format json --type socket a.jsonl | jq .leaks)" 0
t_is "--into" "$("$F" report --format json --into true a.jsonl | jq -c '[.causes[].into] | unique')" '["/usr/bin/true"]'
t_is "--exe" "$("$F" report --format json --exe nobody a.jsonl | jq -c '[.leaks, .execs]')" '[0,0]'
t_is "--uid" "$("$F" report --format json --uid 12345 a.jsonl | jq .execs)" 0
t_like "--min-severity, and what it leaves out" "$("$F" report --min-severity medium a.jsonl)" "app.log.*leaks below medium not counted"
t_is "--error-exitcode" "$("$F" report -q --error-exitcode 7 a.jsonl >/dev/null; echo $?)" 7
t_like "... none that means another failure" "$("$F" report -q --error-exitcode 125 a.jsonl 2>&1; echo "= $?")" \
	"^fdfence: --error-exitcode '125': expected another one: [^
]*
= 125$"
t_is "... after all filters" "$("$F" report -q --error-exitcode 7 --min-severity critical a.jsonl >/dev/null; echo $?)" 0

# --- an exec that failed ---
exec_line='{"fdfence":1,"event":"exec","source":"shim","host":"h","boot_id":"b","pid":PID,"exe":"/x","into":"/y","fds":[{"fd":3,"type":"file","target":"/f","flags":["rdonly"],"verdict":"seal","reason":"default"}]}'
failed_line='{"fdfence":1,"event":"failed","source":"shim","host":"h","boot_id":"b","pid":PID,"error":2}'
unseen_by_supervisor() { # an exec that it could not look at
	printf '{"fdfence":1,"event":"exec","source":"supervisor","host":"h","boot_id":"b","pid":5,"exe":"/x","into":"/y","fds":[],"inexact":"%s"}\n' \
		"not covered: its caller cannot be traced"
}
counts() { "$F" report --format json - | jq -c '[.execs, .leaks]'; }
t_is "an exec that failed counts for nothing" "$(printf '%s\n' "${exec_line/PID/5}" "${exec_line/PID/6}" "${failed_line/PID/5}" | counts)" '[1,1]'
t_is "one that failed on another machine does" "$(printf '%s\n' "${exec_line/PID/5}" "${failed_line/PID/5}" | sed '2s/"h"/"i"/' | counts)" '[1,1]'
t_is "it fails once" "$(printf '%s\n' "${exec_line/PID/5}" "${failed_line/PID/5}" "${failed_line/PID/5}" | counts)" '[0,0]'

# --- what became of it ---
outcome_line() { # VERDICT EVENT SOURCE: one leak into /y
	sed 's/"verdict":"seal"/"verdict":"'"$1"'"/; s/"event":"exec"/"event":"'"$2"'"/; s/"source":"shim"/"source":"'"$3"'"/' <<<"${exec_line/PID/5}"
}
outcome_line seal exec shim >hostile_sealed.jsonl
t_is "what was sealed did not leak" "$("$F" report hostile_sealed.jsonl | head -1)" "fdfence: nothing leaked, 1 sealed, with 1 cause in 1 exec"
t_is "... and is none of what is asked for, if that is what leaked" \
	"$("$F" report --outcome leaked,would-leak --error-exitcode 9 hostile_sealed.jsonl; echo "= $?")" \
	$'fdfence: no leaks in 1 exec\nfdfence: only what was asked for counts: --outcome leaked,would-leak\n= 0'
for each in "seal exec shim" "report exec shim" "deny exec shim" "report snapshot inspect"; do
	# shellcheck disable=SC2086 # words
	outcome_line $each
done >hostile_each.jsonl
"$F" report hostile_each.jsonl >each.txt
t_is "leaked, sealed, refused and what would leak are told apart" "$(head -1 each.txt)" \
	"fdfence: 1 leaked, 1 sealed, 1 refused, 1 would leak, with 4 causes in 3 execs"
t_is "... in a column" "$(awk '$1 == "medium+" { print $NF }' each.txt | sort | xargs)" "leaked refused sealed would-leak"
t_is "... in JSON" "$("$F" report --format json hostile_each.jsonl | jq -c '[.leaks, .outcomes, ([.causes[].outcome] | sort)]')" \
	'[4,{"leaked":1,"sealed":1,"refused":1,"would-leak":1},["leaked","refused","sealed","would-leak"]]'
t_is "... in the tree" "$("$F" report --tree hostile_each.jsonl | grep -oE '1 time.*' | sort | xargs)" "1 time 1 time, refused 1 time, sealed"
t_is "... in Prometheus' text" "$("$F" report --format prometheus hostile_each.jsonl | grep -c '^fdfence_severity_leaks.* 1$')" 4
t_is "a rule that denies stops nothing where the tracer only watched" \
	"$(outcome_line deny exec trace | "$F" report --outcome leaked --format json - | jq -c '[.leaks, .outcomes.leaked]')" '[1,1]'
t_is "... and stops what --kill ended" \
	"$(outcome_line deny exec trace | sed 's/"fds":/"killed":true,&/' | tee hostile_killed.jsonl | "$F" report --format json - | jq -c '[.leaks, .outcomes.refused]')" '[1,1]'
t_is "... however the line is written" "$(sed 's/,"/, "/g' hostile_killed.jsonl | "$F" report --format json - | jq .outcomes.refused)" 1
t_like "--diff: what was sealed and now leaks is new" "$(outcome_line report exec shim >hostile_now.jsonl; "$F" report --diff hostile_sealed.jsonl hostile_now.jsonl)" "^fdfence: 1 new leak with"
t_like "--diff: what leaked and is now sealed is not" "$("$F" report --diff hostile_now.jsonl hostile_sealed.jsonl)" "^fdfence: no new leaks in"

# --- one exec that several have told of ---
supervisors=$(outcome_line seal exec supervisor)
again() { printf '%s\n' "$@" | "$F" report --format json - | jq -c '[.execs, .leaks, ([.not_covered[].execs] | add // 0)]'; }
start_5='{"fdfence":1,"event":"start","source":"shim","host":"h","boot_id":"b","pid":5,"exe":"/y"}'
by_y=${exec_line/'"exe":"/x"'/'"exe":"/y"'}
t_is "the shim and a supervisor tell of one exec" "$(again "${exec_line/PID/5}" "$supervisors" "$start_5")" '[1,1,0]'
t_is "... of two descriptors, if they are two" "$(again "${exec_line/PID/5}" "${supervisors/\"fd\":3/\"fd\":4}")" '[1,2,0]'
t_is "... of two, if it is another file" "$(again "${exec_line/PID/5}" "${supervisors/'"/f"'/'"/g"'}")" '[1,2,0]'
t_is "... of two execs, if they have another parent" "$(again "${exec_line/PID/'5,"ppid":1'}" "${supervisors/'"pid":5'/'"pid":5,"ppid":2'}")" '[2,2,0]'
t_is "... also where the supervisor could not look" "$(again "${exec_line/PID/5}" "$(unseen_by_supervisor)" "$start_5")" '[1,1,1]'
t_is "... of two, if a start lies between" "$(again "${exec_line/PID/5}" "$start_5" "$supervisors")" '[2,2,0]'
t_is "the shim tells of each of its own" "$(again "${exec_line/PID/5}" "${exec_line/PID/5}")" '[2,2,0]'
t_is "a static program below a supervisor is covered, though no start follows" \
	"$(again "${start_5/shim/supervisor}" "$start_5" "${exec_line/PID/7}" "${by_y/PID/'8,"ppid":5'}")" '[2,2,1]'
t_is "... of another file it says nothing" \
	"$(printf '%s\n' "${start_5/shim/supervisor}" >hostile_above.jsonl
	printf '%s\n' "$start_5" "${by_y/PID/5}" >hostile_beside.jsonl
	"$F" report --format json hostile_above.jsonl hostile_beside.jsonl | jq '[.not_covered[].execs] | add')" 1
t_is "... nor of another program that has the number later" "$(again "${start_5/shim/supervisor}" "$start_5" "${exec_line/PID/5}")" '[1,1,1]'
t_is "... nor of one whose parent has" "$(again "${start_5/shim/supervisor}" "$start_5" "${exec_line/PID/'8,"ppid":5'}")" '[1,1,1]'

# --- one exec in several records ---
cat >crowd.py <<'END'
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
for _ in range(3000):
    os.set_inheritable(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), True)
print("ready", flush=True)
sys.stdin.readline()
END
coproc CROWD { exec /usr/bin/python3 crowd.py "$T/crowd.log"; }
crowd=$CROWD_PID
read -r _ <&"${CROWD[0]}"
"$F" inspect -q --format json "$crowd" >crowd.jsonl
parts=$(wc -l <crowd.jsonl)
held=$(find "/proc/$crowd/fd" -lname "$T/crowd.log" | wc -l)
in_parts() { "$F" report --format json --type file "$@" | jq -c '[.snapshots, .execs, .leaks, .inexact]'; }
t_is "all that a live process holds is told, though it takes several records" "$held $(in_parts crowd.jsonl)" "3000 [1,0,3000,0]"
t_ok "... of 64 KiB at most ($parts)" test "$parts" -gt 9 -a "$(awk 'length >= 65536' crowd.jsonl | wc -l)" -eq 0
t_is "... in whatever order they are" "$(tac crowd.jsonl | in_parts -)" "[1,0,3000,0]"
t_is "... and however they are written" "$(sed 's/,"/, "/g' crowd.jsonl | in_parts -)" "[1,0,3000,0]"
sed 's/"event":"snapshot"/"event":"exec"/; s/"source":"inspect"/"source":"trace"/; s/,"fds":/,"entry":"exec"&/' crowd.jsonl >crowd_exec.jsonl
t_is "... of an exec as well" "$(in_parts crowd_exec.jsonl)" "[0,1,3000,0]"
t_is "... of two, whose records come in turn" \
	"$(sed 's/"part_of":"/&f/; s/"host":"/&other/' crowd_exec.jsonl | paste -d '\n' - crowd_exec.jsonl | in_parts -)" "[0,2,6000,0]"
t_is "... and a filter that leaves them out leaves out all" "$(in_parts --exe nobody crowd_exec.jsonl)" "[0,0,0,0]"
for gone in 1 2 $((parts - 1)) "$parts"; do
	t_like "record $gone of them is gone: it is said" "$(sed "${gone}d" crowd_exec.jsonl | "$F" report -)" \
		"not exact in 1 exec: some of the records that tell of it are missing"
done
echo >&"${CROWD[1]}"
wait "$crowd"

# --- one log in several files ---
start_y=${start_5/'"pid":5'/'"pid":7'}
mkdir hostile_turned
halves() { # OLDER NEWER: of one log, which was rotated between an exec and its start
	rm -f hostile_turned/*
	printf '%s\n' "$start_5" "${exec_line/PID/7}" >"hostile_turned/$1"
	printf '%s\n' "$start_y" >"hostile_turned/$2"
}
unseen_execs() { "$F" report --format json "$@" | jq -c '[.execs, ([.not_covered[].execs] | add // 0)]'; }
for pair in "hostile_x.jsonl.1 hostile_x.jsonl" "hostile_x.jsonl.10 hostile_x.jsonl.9" \
	"hostile_x.jsonl-20261124 hostile_x.jsonl-20261125" "hostile_x.jsonl-20261125 hostile_x.jsonl"; do
	# shellcheck disable=SC2086 # two names
	halves $pair
	t_is "a start at the head of the next file is that of the last exec: $pair" "$(unseen_execs hostile_turned)" '[1,0]'
	t_is "... in whatever order they are named" "$(unseen_execs hostile_turned/"${pair#* }" hostile_turned/"${pair% *}")" '[1,0]'
done
for pair in "hostile_x.jsonl.3 hostile_x.jsonl.1" "hostile_x.jsonl hostile_y.jsonl" "hostile_x.1.jsonl hostile_x.2.jsonl"; do
	# shellcheck disable=SC2086 # two names
	halves $pair
	t_is "... and of no other file: $pair" "$(unseen_execs hostile_turned)" '[1,1]'
done

# --- torn, foreign, too long ---
printf '%s%s\n' "${exec_line/PID/5}" "${exec_line/PID/6}" >hostile_joined.jsonl
t_is "records whose line end was lost are both read" "$(counts <hostile_joined.jsonl)" '[2,2]'
printf '%s%s\n' "${exec_line/PID/5}" "${exec_line:0:80}" >hostile_joined.jsonl
t_is "... also if the last of them is torn, which is told" "$(counts <hostile_joined.jsonl 2>err; cat err)" \
	$'[1,1]\nfdfence: standard input:1: a torn record, or foreign bytes, beside a whole one; skipped'
{
	echo 'foreign'
	cat a.jsonl
	printf '%s' "${exec_line:0:80}"
	cat b.jsonl
	printf '\0\xff\n\n'
	head -c 1100000 /dev/zero | tr '\0' x
	printf '\n%s' "${exec_line:0:90}"
} >hostile.jsonl
lines=$(wc -l <a.jsonl)
"$F" report --format json hostile.jsonl >torn.json 2>torn.err
t_is "status 1 says that lines were skipped" "$?" 1
t_is "file and line are told" "$(cut -d: -f1-3 torn.err)" "$(for n in 1 $((lines + 2)) $((2 * lines + 2)) $((2 * lines + 4)) $((2 * lines + 5)); do echo "fdfence: hostile.jsonl:$n"; done)"
t_is "the rest is there" "$(jq -c '[.leaks, .lines_skipped]' torn.json)" "$(jq -c '[.leaks * 2, 5]' a.json)"
yes junk | head -200 >hostile2.jsonl
t_is "ten lines of a file are told, the rest is counted" "$("$F" report hostile2.jsonl 2>&1 >/dev/null | tail -2)" \
	$'fdfence: hostile2.jsonl:10: not a record; skipped\nfdfence: hostile2.jsonl: 190 more lines like these; skipped'
head -c -20 logs/web2/b.jsonl.gz >hostile3.gz
t_like "a packed file that ends early" "$("$F" report hostile3.gz 2>&1; echo "= $?")" "hostile3.gz:[0-9]+: it ends in the middle.*= 1$"

# --- what cannot be read leaves all as it was ---
echo old >out
for bad in nope logs/web1/x.jsonl.1/y /; do
	[ "$bad" != / ] || { mkdir -p empty; bad=empty; }
	t_like "125: $bad" "$("$F" report -o out --format text --html out.html a.jsonl "$bad" 2>&1; echo "= $?")" "^fdfence: report $bad: .*= 125$"
done
t_is "125: nothing was written" "$(cat out; ls out.html 2>&1)" $'old\nls: cannot access \'out.html\': No such file or directory'
t_like "125: a report that cannot be written" "$("$F" report --html out.html --format json -o /no/such/x a.jsonl 2>&1; echo "= $?"; ls out.html 2>&1)" \
	"/no/such/x: No such file.*= 125.ls: cannot access 'out.html'"
t_is "125: what was written aside is gone" "$(find . -name 'out*.*' ! -name out.html)" ""
t_like "125: a page that cannot be written" "$("$F" report --html /no/such/x a.jsonl 2>&1; echo "= $?")" "^fdfence: .*/no/such/x: No such file.*= 125$"
t_like "125: standard output that cannot be written" "$("$F" report a.jsonl 2>&1 >/dev/full; echo "= $?")" "stdout: No space left on device.*= 125$"
t_like "125: a page and a report in one file" "$("$F" report --html x --format json -o x a.jsonl 2>&1; echo "= $?"; ls x 2>&1)" "same file: x.= 125.ls: cannot access 'x'"
t_like "125: ... however it is written" "$("$F" report --html x --format json -o ./x a.jsonl 2>&1; echo "= $?"; ls x 2>&1)" "same file: x.= 125.ls: cannot access 'x'"
for same in '--html -' '--html - --tree' '--html /dev/fd/1 --format json -o x --format text'; do
	# shellcheck disable=SC2086 # options
	t_is "125: ... or the page on standard output, and the report, too: $same" "$("$F" report $same a.jsonl 2>err; echo "= $?"; grep -c 'expected an --output, too' err)" $'= 125\n1'
done
t_like "the page alone may go there" "$("$F" report --html - --format json -o x a.jsonl; echo "= $?"; rm x)" '^<!doctype html>.*= 0$'
t_like "125: standard input twice" "$("$F" report - - 2>&1 </dev/null; echo "= $?")" "only once.*= 125"

# --- --diff ---
grep -v '"/usr/bin/true"' b.jsonl >less.jsonl
"$F" report --diff less.jsonl --format json --error-exitcode 9 a.jsonl >diff.json
t_is "--diff: what is new fails" "$?" 9
t_is "--diff: and only that is listed" "$(jq -c '[.causes[].into] | unique' diff.json)" '["/usr/bin/true"]'
t_is "--diff: what is the same is counted" "$(jq '.known' diff.json)" "$(jq '[.causes[] | select(.into != "/usr/bin/true")] | length' a.json)"
t_is "--diff: the same is no news" "$("$F" report --diff b.jsonl --error-exitcode 9 a.jsonl >out2; echo $?; head -1 out2)" \
	$'0\nfdfence: no new leaks in '"$(jq .execs a.json) execs"
t_like "--diff: what is gone is listed" "$("$F" report --diff a.jsonl less.jsonl)" "gone: /usr/bin/bash leaks .*app.log.* into /usr/bin/true"
# As where the file could not be read without it.
sed 's/"severity":"low","danger":"world-readable"/"severity":"critical","danger":"unreadable"/' a.jsonl >worse.jsonl
t_is "--diff: what got worse is new" "$("$F" report --diff a.jsonl --error-exitcode 9 --format json worse.jsonl | jq -r '.causes[].severity' | sort -u
	echo "${PIPESTATUS[0]}")" $'critical\n9'
sed 's/"severity":"low","danger":"world-readable"/"severity":"low","danger":"world-readable","at_least":true/' a.jsonl >open.jsonl
t_is "--diff: so is what may have got worse" "$("$F" report --diff a.jsonl --error-exitcode 9 open.jsonl >out2; echo "$? $(grep -c "^low+ " out2)")" "9 2"
t_is "--diff: what may have been as bad before is not" "$(cat a.jsonl open.jsonl >both.jsonl; "$F" report --diff both.jsonl --error-exitcode 9 open.jsonl >out2; echo $?)" 0
t_is "--diff: what got better is not" "$("$F" report --diff worse.jsonl --error-exitcode 9 a.jsonl >out2; echo $?)" 0

# More causes than are listed: what is beyond was not compared, and nobody knows that it is new.
seq 10002 | sed 's,.*,{"fdfence":1\,"event":"exec"\,"source":"shim"\,"pid":5\,"exe":"/x"\,"into":"/y"\,"fds":[{"fd":3\,"type":"file"\,"target":"/d&/f"\,"flags":["rdonly"]\,"verdict":"report"\,"reason":"default"}]},' >hostile_many.jsonl
compared() { "$F" report --error-exitcode 9 --diff "$@" 2>&1; echo "= $?"; }
t_is "--diff: what is beyond the bound was not compared, and is not called new, nor clean" "$(compared hostile_many.jsonl hostile_many.jsonl)" \
	"$(printf '%s\n' 'fdfence: no new leaks in 10002 execs seen' \
		'fdfence: 2 leaks beyond 10000 causes of a severity were not compared: known or new' \
		'fdfence: known: 10000 causes with 10000 leaks' '= 9')"
t_like "--diff: ... where only the older has so many, too" "$(tail -1 hostile_many.jsonl >hostile_one.jsonl; compared hostile_many.jsonl hostile_one.jsonl)" \
	'^fdfence: no new leaks in 1 exec seen.*fdfence: 1 leak beyond 10000 causes of a severity were not compared'
t_is "--diff: ... and of none it is said that it is gone" "$(compared hostile_one.jsonl hostile_many.jsonl | grep -c gone:)" 0
t_is "--min-severity leaves them out once" "$("$F" report --min-severity critical --diff hostile_many.jsonl --format json hostile_many.jsonl | jq -c '[.leaks, .leaks_not_listed]')" '[0,0]'

# --- --tree ---
"$F" report --tree a.jsonl >tree
t_is "--tree" "$?" 0
t_is "--tree: a program stands below the one that started it" "$(grep -oE '^ *(/usr)?/bin/(bash|true)  [0-9]+ execs?' tree)" \
	$'  /usr/bin/bash  1 exec\n    /usr/bin/bash  1 exec\n      /usr/bin/true  1 exec\n    /usr/bin/true  1 exec'
t_like "--tree: with what it got" "$(grep -A1 '^    /usr/bin/true' tree)" "medium .*file w .*/app.log  \(7\)  1 time"
t_like "--tree: an exec that failed is no branch" "$(printf '%s\n' "${exec_line/PID/5}" "${failed_line/PID/5}" | "$F" report --tree -)" $'^/x\n  /y$'
t_like "--tree: what is left out is said" "$("$F" report --tree --min-severity critical a.jsonl)" "fdfence: [0-9]+ leaks below critical not counted"
start_line='{"fdfence":1,"event":"start","source":"shim","host":"h","boot_id":"b","pid":6,"exe":"/z"}'
unseen() { printf '%s\n' "${exec_line/PID/5}" "$start_line" | "$F" report "$@" -; }
t_is "--tree: so is what was not seen, as in the table" "$(unseen --tree | grep 'not covered')" "$(unseen | grep 'not covered: 1 exec of /y')"
t_like "... which is something" "$(unseen --tree)" "fdfence: not covered: 1 exec of /y"

# --- snapshots ---
exec 9</etc/passwd
"$F" inspect -q --intent none --format json $$ >snap.jsonl
exec 9<&-
t_is "records of inspect are read" "$("$F" report --format json snap.jsonl | jq -c '[.execs, .snapshots]')" '[0,1]'

# --- a log that was written with --log-what leaks first ---
into_static=(sh -c "exec 9</etc/passwd; $H/static/fdlist >/dev/null; true")
spawn "$F" run --log "$T/mixed" --log-what leaks -- "$H/danger" r:/etc/passwd -- dash -c true
spawn "$F" run --log "$T/mixed" --log-what all -- "$H/danger" r:/etc/passwd -- dash -c true
t_like "of whom no starts were written it is said that they may be covered" "$(spawn "$F" report "$T/mixed")" \
	'not covered: 1 exec of /usr/bin/dash .*or the log was for leaks alone then'
spawn "$F" run --log "$T/mixed" --log-what all -- "${into_static[@]}"
t_like "and not of whom they were" "$(spawn "$F" report "$T/mixed")" \
	'not covered: 1 exec of .*/static/fdlist \(no start seen: static'

# --- the numbers of a cause: the lowest, and that there are more ---
for number in 40 {3..25}; do
	printf '{"fdfence":1,"event":"exec","source":"shim","pid":%d,"exe":"/bin/a","into":"/bin/b","fds":[{"fd":%d,"type":"file","target":"/x","flags":["rdonly"],"verdict":"report","reason":"default"}]}\n' "$number" "$number"
done | tac >"$T/hostile-numbers.jsonl"
t_is "JSON says that there are more numbers than it has" \
	"$(spawn "$F" report --format json "$T/hostile-numbers.jsonl" | jq -c '.causes[] | [.fds, .more_fds]')" \
	"[[3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18],true]"
t_like "and the table" "$(spawn "$F" report "$T/hostile-numbers.jsonl")" '3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18\+'
t_done
