#!/bin/bash
# Live servers under fdfence inspect: what nginx and PostgreSQL would give to what they start.
. "$(dirname "$0")/lib.bash"
need nginx curl ss
F=$T/bin/fdfence

# --- nginx: a master, a worker, a client that keeps its connection ---
W=$T/nginx
port=$(free_port)
mkdir -p "$W/tmp" && chmod 777 "$W" "$W/tmp"
cat >"$W/conf" <<C
daemon off;
worker_processes 1;
pid $W/pid;
error_log $W/error.log;
events { worker_connections 64; }
http {
	access_log $W/access.log;
	client_body_temp_path $W/tmp; proxy_temp_path $W/tmp; fastcgi_temp_path $W/tmp;
	uwsgi_temp_path $W/tmp; scgi_temp_path $W/tmp;
	keepalive_timeout 300s;
	server { listen 127.0.0.1:$port; root $W; }
}
C
echo hello >"$W/index.html"
spawn -t 120 nginx -p "$W" -c "$W/conf" >"$W/out" 2>&1 &
server=$!
t_ok "nginx answers" wait_for 20 curl -sf "http://127.0.0.1:$port/"
exec 9<>/dev/tcp/127.0.0.1/"$port"
printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' >&9
read -r _ <&9
master=$(cat "$W/pid")
worker=$(pgrep -P "$master" | head -n 1)
told=$("$F" inspect -q "$master" "$worker" 2>&1)
t_diag "nginx: fdfence inspect $master $worker"$'\n'"$told"
t_like "nginx: the master would pass on its listener" "$told" "$master +[^ ]*/nginx +[0-9]+ +leak +high +listener +tcp 127.0.0.1:$port +listening"
t_like "nginx: its logs are close-on-exec" "$("$F" inspect -q --sealed "$master")" \
	"sealed +medium\\+ +file w +$W/access.log"
t_like "nginx: the worker the connection of its client" "$told" \
	"$worker +[^ ]*/nginx +[0-9]+ +leak +high +socket +tcp 127.0.0.1:$port -> 127.0.0.1:[0-9]+ +established"
# A port that the kernel chose is not told.
t_is "nginx: by program the listener is one row of two processes" \
	"$("$F" inspect -q --by program --type listener "$master" "$worker" | awk 'NR > 1 { print $2, $6, $7 }')" '2 tcp 127.0.0.1:*'
t_is "nginx: its listeners are those of ss" \
	"$("$F" inspect -q --type listener --columns TARGET "$master" | awk 'NR > 1 { print $2 }')" \
	"$(ss -Htlnp | grep "pid=$master," | awk '{ print $4 }')"
t_like "nginx: it goes on" "$(curl -s "http://127.0.0.1:$port/")" hello
kill -QUIT "$master"
exec 9>&-
wait "$server"

# --- PostgreSQL: a session that has read tables, idle ---
. "$root/tests/helpers/postgresql.bash"
if [ -z "$pg_bin" ]; then
	t_skip "PostgreSQL" "no PostgreSQL server on this machine"
	t_done
fi
W=$T/pg
t_ok "PostgreSQL: a cluster is made" pg_cluster "$W"
pg_serves "$W" "$W"
spawn -t 120 "${nobody[@]}" "${pg_server[@]}" >"$W/log" 2>&1 &
server=$!
ready() { psql -h "$W" -U tester -d postgres -X -q -t -A -c 'select 1' >/dev/null 2>&1; }
t_ok "PostgreSQL answers" wait_for 30 ready
coproc session { psql -h "$W" -U tester -d postgres -X -q -t -A; }
# shellcheck disable=SC2154 # set by coproc
echo "select count(*) > 0 from pg_class join pg_attribute on attrelid = pg_class.oid; select pg_backend_pid();" >&"${session[1]}"
read -r _ <&"${session[0]}"
read -r backend <&"${session[0]}"
told=$("$F" inspect -q "$backend" 2>&1)
t_diag "PostgreSQL: fdfence inspect $backend"$'\n'"$(head -n 12 <<<"$told")"$'\n'"... $(wc -l <<<"$told") lines"
mended_from PostgreSQL "$("$pg_bin/postgres" --version | grep -oE '[0-9.]+' | head -n 1)" 16
unless_mended "PostgreSQL: a session would pass on its client's connection" "$told" \
	"$backend +[^ ]*/postgres +[0-9]+ +leak +high +socket +unix stream $W/.s.PGSQL.5432 +connected"
unless_mended "PostgreSQL: ... and table files, for writing" "$told" "leak +medium\\+ +file rw +$W/pg/base/[0-9]+/[0-9]+"
t_is "PostgreSQL: as many as cross by /proc" "$(($(wc -l <<<"$told") - 1))" \
	"$(for info in "/proc/$backend/fdinfo"/*; do
		flags=$(awk '/^flags:/ { print $2 }' "$info")
		[ "${info##*/}" -le 2 ] || ((flags & 02000000)) || echo .
	done | wc -l)"
t_is "PostgreSQL: the user of the server sees it too, without privileges" "$("${nobody[@]}" "$F" inspect -q "$backend" 2>&1)" "$told"
echo "select 'still there'" >&"${session[1]}"
echo ";" >&"${session[1]}"
read -r line <&"${session[0]}"
t_is "PostgreSQL: the session goes on" "$line" "still there"
# shellcheck disable=SC2154 # set by coproc
kill "$session_PID"
kill -INT "$(head -n 1 "$W/pg/postmaster.pid")"
wait "$server"
t_done
