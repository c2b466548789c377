#!/bin/bash
# Records of a fleet in PostgreSQL, by packaging/fleet/store.sql and store-load: each once, and the
# auditor's views tell what `fdfence report` tells.
. "$(dirname "$0")/lib.bash"
need psql setpriv jq php mawk
. "$root/tests/helpers/postgresql.bash"
[ -n "$pg_bin" ] || t_skip_all 'no PostgreSQL server on this machine'
pg_cluster "$T/data" || exit 1
pg_serves "$T/data" "$T/data"
"${nobody[@]}" "${pg_server[@]}" >"$T/log" 2>&1 &
server=$!
end_store() {
	kill -INT "$server" && wait "$server"
} 2>/dev/null
t_last=end_store
export PGHOST=$T/data PGUSER=tester
ask() { psql -X -q -t -A -F ' ' -d fleet -c "$1"; }
if ! wait_for 60 eval "psql -X -d postgres -qc 'create database fleet' 2>/dev/null"; then
	t_fail 'PostgreSQL answers' "$(cat "$T/log")"
	t_done
fi
t_ok 'PostgreSQL takes the tables and views' psql -X -q -v ON_ERROR_STOP=1 -d fleet -f "$root/packaging/fleet/store.sql"

load() { "$root/packaging/fleet/store-load" fleet "$@" 2>&1 || echo "= $?"; }
"$root/tests/bench/fleet/leak" "$T/bin/fdfence" "$T/real.jsonl"
"$root/tests/bench/fleet/records" 3000 7 "$T/real.jsonl" >"$T/fleet.jsonl"
t_is 'records are loaded' "$(load "$T/fleet.jsonl" "$T/real.jsonl")" "$((3000 + $(wc -l <"$T/real.jsonl"))) new records"
t_is '... none twice' "$(cat "$T/real.jsonl" "$T/real.jsonl" >"$T/again.jsonl"
	load "$T/again.jsonl" "$T/fleet.jsonl")" '0 new records'
# Two at a time, of which each may come first at a host and a cause that are new; halves that overlap.
psql -X -q -d postgres -c 'create database twice' && psql -X -q -v ON_ERROR_STOP=1 -d twice -f "$root/packaging/fleet/store.sql"
"$root/tests/bench/fleet/records" 120000 7 "$T/real.jsonl" >"$T/many.jsonl" && head -n 70000 "$T/many.jsonl" >"$T/some.jsonl"
twice() { psql -X -q -t -A -F ' ' -d twice -c "$1"; }
t_is 'several at a time load all of it' "$("$root/packaging/fleet/store-load" -j 3 twice "$T/some.jsonl" "$T/many.jsonl" 2>&1; echo "= $?")" $'120000 new records\n= 0'
t_is '... once' "$(twice 'select count(*) from fdfence.record') $(twice 'select count(*) from (select record, fd from fdfence.leak group by 1, 2 having count(*) > 1) as more')" '120000 0'
t_is '... as many leaks as there are' "$(twice 'select count(*) from fdfence.leak')" "$(grep -o '"severity"' "$T/many.jsonl" | wc -l)"
t_like '... or say what kept them from it' "$(psql -X -q -d twice -c 'drop function fdfence.take'
	"$root/packaging/fleet/store-load" -j 2 twice "$T/some.jsonl" 2>&1; echo "= $?")" 'ERROR:  42883.*= 1$'
rm "$T/many.jsonl" "$T/some.jsonl"
before=$(ask 'select count(*) from fdfence.leak')
{
	sed 's/"id":"....../"id":"ffffff/' "$T/real.jsonl" | tail -n 1
	head -c 300 "$T/real.jsonl"
	echo
	head -c 150 "$T/real.jsonl" # a full disk, and the next record behind it
	sed 's/"id":"....../"id":"ffffff/' "$T/real.jsonl" | head -n 1
	echo '{"fdfence":1,}'
	tail -n 1 "$T/real.jsonl" | sed 's/"exe":"/&\\u0000/'
	tail -n 1 "$T/real.jsonl" | sed 's/"pid":/&"x",/'
	tail -n 1 "$T/real.jsonl" | sed 's/"time":"[^"]*",//; s/"id":"....../"id":"fffff1/'
	for time in infinity -infinity now epoch 2036-11-26; do # PostgreSQL knows them all
		tail -n 1 "$T/real.jsonl" | sed 's/"time":"[^"]*"/"time":"'$time'"/; s/"id":"....../"id":"fffff2/'
	done
	grep '"severity"' "$T/real.jsonl" | head -n 1 | sed 's/"severity":"[a-z]*"/"severity":"weird"/; s/"id":"....../"id":"fffff3/'
	for missing in more dropped; do # it would take back what others miss
		tail -n 1 "$T/real.jsonl" | sed 's/"pid":/"'$missing'":-9,&/; s/"id":"....../"id":"fffff4/'
	done
	printf '\xff\n'
	printf '{"fdfence":1,"id":%s%s}\n' "$(printf '[%.0s' {1..30000})" "$(printf ']%.0s' {1..30000})" # deeper than its stack
} >"$T/hostile.jsonl"
t_is 'torn lines are told' "$(load "$T/hostile.jsonl" | sort)" $'2 new records\nlines that are no whole record, left out: 16'
t_is '... and the rest is in' "$(ask "select count(*) > $before from fdfence.leak")" t
ask "delete from fdfence.leak where record >= 'ffffff00000000000000000000000000';
	delete from fdfence.record where id >= 'ffffff00000000000000000000000000'"

# What holds more than a record does: its leaks are those of several.
cat >"$T/crowd.py" <<-'END'
import os, subprocess, sys
held = [os.open(sys.argv[2], os.O_RDWR | os.O_CREAT) for _ in range(3000)]
for fd in held:
    os.set_inheritable(fd, True)
subprocess.run([sys.argv[1], "inspect", "-q", "--type", "file", "--format", "json", "-o", sys.argv[3], str(os.getpid())], check=True)
END
mkdir "$T/crowd" && spawn /usr/bin/python3 "$T/crowd.py" "$T/bin/fdfence" "$T/crowd/app.log" "$T/crowd.jsonl"
t_is 'records that together tell of 3,000 files are loaded' "$(load "$T/crowd.jsonl")" "$(wc -l <"$T/crowd.jsonl") new records"
t_is '... with each of them once' "$(ask "select count(*), count(distinct fd) from fdfence.leak join fdfence.cause using (cause) where what = '$T/crowd/app.log' or what like '%/crowd/app.log'")" '3000 3000'
ask "delete from fdfence.leak where record in (select id from fdfence.record where event = 'snapshot'); delete from fdfence.record where event = 'snapshot'"

# Paths and names of hosts longer than an index holds, and not to be made shorter.
/usr/bin/python3 - "$T/real.jsonl" >"$T/hostile-long.jsonl" <<-'END'
import json, random, string, sys
random.seed(1)
long = "/" + "".join(random.choices(string.ascii_letters, k=20000))
record = next(r for r in map(json.loads, open(sys.argv[1])) if any("severity" in fd for fd in r.get("fds", [])))
for i, name in enumerate(("exe", "exe", "into", "host")):
    print(json.dumps({**record, "id": "fffffe" + record["id"][6:-1] + str(i), name: long}, separators=(",", ":")))
END
t_is 'long paths are stored as they are' "$(load "$T/hostile-long.jsonl")" '4 new records'
t_is '... and so are their leaks, each cause once' \
	"$(ask 'select count(*) = 2 * count(distinct cause), count(*) > 0 from fdfence.leak join fdfence.cause using (cause) where length(exe) = 20001')" 't t'
t_is '... and the host is told' "$(ask 'select count(*) > 0 from fdfence.by_day where length(host) = 20001')" t
ask "delete from fdfence.leak where record >= 'fffffe00000000000000000000000000'; delete from fdfence.record where id >= 'fffffe00000000000000000000000000';
	delete from fdfence.host where length(name) = 20001"

# The same as our own report says of the same files, in numbers.
"$T/bin/fdfence" report --format json -o "$T/report.json" "$T/fleet.jsonl" "$T/real.jsonl"
t_is 'as many leaks as `fdfence report` counts' "$(ask 'select sum(times) from fdfence.worst')" "$(jq .leaks "$T/report.json")"
t_is '... of each severity' "$(ask 'select severity, sum(times) from fdfence.worst group by severity order by severity')" \
	"$(jq -r '[.causes[] | {severity, times}] | group_by(.severity)[] | "\(.[0].severity) \(map(.times) | add)"' "$T/report.json")"
# What became of each, of whoever tells: as many as the report says, and no others.
psql -X -q -d postgres -c 'create database same' && psql -X -q -v ON_ERROR_STOP=1 -d same -f "$root/packaging/fleet/store.sql"
same() { # name file
	psql -X -q -d same -c 'truncate fdfence.record, fdfence.leak'
	"$root/packaging/fleet/store-load" same "$2" >/dev/null
	t_is "$1: as the report counts it" "$(psql -X -q -t -A -F ' ' -d same -c 'select outcome::text, count(*) from fdfence.leak group by 1 order by 1')" \
		"$("$T/bin/fdfence" report --format json -o - "$2" | jq -r '[.causes[] | {outcome, times}] | group_by(.outcome)[] | "\(.[0].outcome) \(map(.times) | add)"')"
	t_is '... and what got through' "$(psql -X -q -t -A -d same -c "select coalesce(bool_or(got_through), false) from fdfence.worst")" \
		"$("$T/bin/fdfence" report --format json -o - "$2" | jq -r 'any(.causes[]; .outcome == "leaked") | if . then "t" else "f" end')"
}
listens=(php -n -r '$s = stream_socket_server("tcp://127.0.0.1:0"); $f = fopen("/etc/passwd", "a"); system("true");')
(exec 9</etc/passwd && "$T/bin/fdfence" run --log "$T/command.jsonl" -- sh -c 'ls /proc/self/fd' >"$T/given")
t_ok 'fdfence tells of what it was given itself' grep -q '"source":"command".*"severity"' "$T/command.jsonl"
same 'given from outside' "$T/command.jsonl"
for mode in seal report deny; do
	spawn "$T/bin/fdfence" run --mode $mode --log "$T/$mode.jsonl" -- "${listens[@]}" 2>/dev/null
	same "mode $mode" "$T/$mode.jsonl"
done
for rule in 'report type=listener' 'deny type=listener'; do
	name=${rule%% *}
	if tracing=$("$T/bin/fdfence" trace -q --format json --rule "$rule" -o "$T/trace-$name.jsonl" -- "${listens[@]}" 2>&1); then
		same "the tracer, with a rule $name" "$T/trace-$name.jsonl"
	else
		t_skip "the tracer, with a rule $name" "no tracing here: $tracing"
	fi
done
sed 's/"fds":/"killed":true,&/' "$T/deny.jsonl" | sed 's/"source":"shim"/"source":"trace"/' >"$T/killed.jsonl"
same 'the tracer that kills' "$T/killed.jsonl"
sed 's/"event":"exec"/"event":"snapshot"/; s/"source":"shim"/"source":"inspect"/' "$T/seal.jsonl" >"$T/live.jsonl"
same 'live processes' "$T/live.jsonl"
/usr/bin/python3 - "$T/report.jsonl" "$T" <<-'END'
import json, sys
[line] = [line for line in map(json.loads, open(sys.argv[1])) if line["source"] == "shim"]
def later(n, **other):
    return {**line, "id": "%016x%s" % (int(line["id"][:16], 16) + n, line["id"][16:]), **other}
def write(name, *lines):
    with open(sys.argv[2] + "/" + name, "w") as out:
        out.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
back = {name: value for name, value in later(1, event="failed", error=13, fds=[]).items() if name not in ("into", "argv")}
write("back.jsonl", line, back, back, later(2), later(3, pid=line["pid"] + 1))
write("child.jsonl", {**line, "in_child": True}, back)
more = [{**fd, "fd": fd["fd"] + 100} for fd in line["fds"]]
write("both.jsonl", line, later(1, source="supervisor", fds=line["fds"] + more), later(2, source="supervisor"))
END
same 'an exec that came back' "$T/back.jsonl"
same '... but not the one of a child' "$T/child.jsonl"
same 'one that two have told of' "$T/both.jsonl"
t_is 'the worst comes first' "$(ask 'select severity from fdfence.worst limit 1')" high
t_like 'listeners have their address' "$(ask 'select * from fdfence.listeners')" '^127\.0\.0\.1:\S+ /usr/bin/php\S+ \S+sh [0-9]+ 8 t$'
t_is 'each host has its days' "$(ask 'select count(distinct host) from fdfence.by_day')" 8
t_is 'hosts that say nothing are told' "$(ask 'select count(*) from fdfence.not_seen where silent')" 0
ask "update fdfence.record set time = time - interval '1 year' where host = (select host from fdfence.host where name = 'host00003')"
t_like '... one, since a year' "$(ask 'select host, silent from fdfence.not_seen')" '^host00003 t$'
sed 's/"host":"[^"]*"/"host":"host00003"/; s/"time":"2.../"time":"2999/; s/"id":"....../"id":"fffff5/' "$T/real.jsonl" | head -n 1 >"$T/hostile-ahead.jsonl"
t_is '... one whose clock ran ahead once, too' "$(load "$T/hostile-ahead.jsonl" && ask 'select host, silent, extract(year from last) < 2999, ahead from fdfence.not_seen')" \
	$'1 new records\nhost00003 t t 1'
t_is 'nothing is critical' "$(ask 'select count(*) from fdfence.critical')" 0
sed 's/"severity":"high","danger":"[a-z]*"/"severity":"critical","danger":"unreachable"/g; s/"id":"....../"id":"fffff0/' "$T/real.jsonl" |
	grep critical >"$T/hostile-critical.jsonl"
load "$T/hostile-critical.jsonl" >/dev/null
t_like '... until something is' "$(ask 'select host, exe, danger from fdfence.critical')" '/php[0-9.]* unreachable'
t_is 'what is older goes' "$(ask "select fdfence.forget(now() - interval '10 years')") $(ask "select fdfence.forget(now() - interval '15 days') > 1000")" '0 t'
ask "select fdfence.forget(now() + interval '1 day')" >/dev/null
t_is '... and a host that nothing is left of is silent' "$(ask 'select bool_and(silent), count(*) > 1 from fdfence.not_seen')" 't t'
t_done
