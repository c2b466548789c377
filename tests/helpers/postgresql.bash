# postgresql.bash: a server of PostgreSQL, which root may not run; source it where $nobody says who else does.
# shellcheck shell=bash disable=SC2154 # nobody: of who sources it

pg_bin= # where postgres is; empty: nowhere
for program in /usr/bin/postgres /usr/local/pgsql/bin/postgres /usr/lib/postgresql/*/bin/postgres; do
	[ ! -x "$program" ] || pg_bin=${program%/*}
done

# Makes a cluster in DIR/pg, whose only user is tester.
pg_cluster() { # dir
	mkdir -p "$1" && chmod 777 "$1" && "${nobody[@]}" "$pg_bin/initdb" -D "$1/pg" -U tester -A trust -N -E UTF8 >/dev/null
}

# Sets pg_server: the words that serve the cluster of DIR at a socket in SOCKETS.
pg_serves() { # dir sockets
	# shellcheck disable=SC2034 # for the script
	pg_server=("$pg_bin/postgres" -D "$1/pg" -k "$2" -c listen_addresses= -c fsync=off -c logging_collector=off)
}
