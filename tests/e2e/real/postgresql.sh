#!/bin/bash
# PostgreSQL's COPY ... PROGRAM: the command must not get the server's files and sockets.
. "$(dirname "$0")/lib.bash"
need psql setpriv

. "$root/tests/helpers/postgresql.bash"
[ -n "$pg_bin" ] || t_skip_all 'no PostgreSQL server on this machine'

mended_from PostgreSQL "$("$pg_bin/postgres" --version | grep -oE '[0-9.]+' | head -n 1)" 16

t_ok 'a cluster is made' pg_cluster "$T/data"

sql() {
	PGOPTIONS='-c client_min_messages=warning' timeout 30 \
		psql -h "$W" -U tester -d postgres -X -q -t -A -v ON_ERROR_STOP=1 "$@"
}
ready() {
	sql -c 'select 1' >/dev/null 2>&1
}

# Runs "$@" while a server runs in $W.
with_server() {
	local server status
	pg_serves "$T/data" "$W"
	spawn -t 60 "${nobody[@]}" "${how[@]}" "${pg_server[@]}" >log 2>&1 &
	server=$!
	wait_for 30 ready || cat log
	"$@"
	status=$?
	# SIGINT: fast shutdown.
	kill -INT "$(head -n 1 "$T/data/pg/postmaster.pid")"
	wait "$server" || { echo "server: exit $?"; cat log; }
	return "$status"
}

# Both directions; the session has read many tables before, and holds their files open.
queries() {
	sql <<-SQL
		create temp table many as select generate_series(1, 1000) as n;
		select count(*) > 0 from pg_class join pg_attribute on attrelid = pg_class.oid
			join pg_type on atttypid = pg_type.oid join pg_namespace on true;
		copy (select n from many order by n limit 3) to program '$probe $W/list; cat > $W/out';
		create temp table back (n int);
		copy back from program '$probe $W/list.from; cat $W/out';
		select sum(n) from back;
	SQL
}
copy_program() {
	with_server queries
	local status=$?
	cat out
	# What COPY FROM's command got, behind what COPY TO's got.
	cat list.from >>list
	return "$status"
}
leaks 'COPY PROGRAM' $'^t\n6\n1\n2\n3\nexit 0$' 'open .*/pg/base/.*end' copy_program

control=$T/COPY_PROGRAM.plain/list
unless_mended 'without the fence: tens of descriptors, as said in the documents' "$(sed '/^end$/q' "$control" | wc -l)" '^([2-9]|1[0-9])[0-9]+$'
unless_mended 'without the fence: sockets among them' "$(cat "$control")" 'open socket:'

# Where the server opened what its command gets.
origins() {
	cp "$B/libfdfence-origins.so" "$T/bin/" && mkdir -p "$T/origins" && chmod 777 "$T/origins" &&
		(
			W=$T/origins && cd "$W" || exit 1
			how=("$T/bin/fdfence" check --origins --error-exitcode 0 --format json -o "$W/json" --)
			with_server queries >/dev/null
			jq -r '.causes[] | select(.into | endswith("/dash")) | "\(.type) \(.opened_at // "not seen")"' json | sort | uniq
		)
}
unless_mended 'with --origins: the function that opened them' "$(origins)" 'file BasicOpenFilePerm\+0x.*socket StreamConnection\+0x'

fails() {
	sql -c "copy (select 1) to program '/nonexistent/program'" 2>&1 | sed 's/.*ERROR/ERROR/'
	sql -c "copy (select 1) to program 'exit 3'" 2>&1 | sed 's/.*ERROR/ERROR/'
	sql -c "select 'still there'"
}
copy_fails() {
	with_server fails
}
both 'a command that fails is reported' 'not found|exit code 127.*exit code 3.*still there' copy_fails

t_done
