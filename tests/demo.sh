#!/bin/bash
# make demo: a real program that leaks, without and with the fence.
#
# A private PostgreSQL server (a temporary directory, a socket in it, no TCP) runs a command
# for COPY ... TO PROGRAM.  The command gets the server's table files, open for writing, and
# its sockets.  Nothing that was on the machine before is touched.

set -u
B=${FDF_BUILD:-$(cd "$(dirname "$0")/.." && pwd)/build}
pg=
for dir in /usr/lib/postgresql/*/bin; do
	[ -x "$dir/postgres" ] && pg=$dir
done
if [ -z "$pg" ]; then
	echo 'demo: no PostgreSQL server under /usr/lib/postgresql; `make demo` installs one on Debian' >&2
	exit 1
fi

T=$(mktemp -d "${TMPDIR:-/tmp}/fdfence-demo.XXXXXX") || exit 1
server=
finish() {
	[ -z "$server" ] || kill -INT "$server" 2>/dev/null
	wait
	rm -rf "$T"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The server refuses root, and reads what lies under $T.
as=()
if [ "$(id -u)" -eq 0 ]; then
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
mkdir "$T/bin" "$T/run" && chmod 755 "$T" "$T/bin" && chmod 777 "$T/run" || exit 1
cp "$B/fdfence" "$B/libfdfence.so" "$T/bin/" || exit 1
cd "$T/run" || exit 1
quiet() {
	"$@" >>"$T/log" 2>&1 || { cat "$T/log" >&2; exit 1; }
}
quiet env -i PATH="$PATH" "${as[@]}" "$pg/initdb" -D "$T/run/data" -U demo -A trust -N

sql() {
	timeout 60 psql -h "$T/run" -U demo -d postgres -X -q -t -A "$@"
}

# Runs the server under "$@", a client's COPY in it, and leaves what the command held in ./list.
copy_program() {
	rm -f list
	env -i PATH="$PATH" TERM="${TERM:-dumb}" "${as[@]}" "$@" "$pg/postgres" -D "$T/run/data" -k "$T/run" \
		-c listen_addresses= -c fsync=off -c log_min_messages=fatal >>"$T/log" 2>"$T/err" &
	server=$!
	for ((i = 0; i < 300; i++)); do
		sql -c 'select 1' >/dev/null 2>&1 && break
		sleep 0.1
	done
	quiet sql -c 'select count(*) from pg_class join pg_attribute on attrelid = pg_class.oid
			join pg_type on atttypid = pg_type.oid' \
		-c "copy (select 'hello') to program 'ls -l /proc/self/fd > $T/run/list; cat > $T/run/answer'"
	kill -INT "$(head -n 1 data/postmaster.pid)"
	wait "$server"
	server=
	[ "$(cat answer)" = hello ] || { echo "demo: the command did not get its data" >&2; exit 1; }
}

# PostgreSQL 16 and later open their files close-on-exec; mawk does not.
awk_system() {
	"$@" mawk 'BEGIN { getline <"/etc/passwd"; system("ls -l /proc/self/fd >list") }' 2>"$T/err"
}

# 0, 1, 2 and the directory that ls itself reads are not counted.
held() {
	grep -c -- '->' list | awk '{ print $1 - 4 }'
}

# What a command of this program holds, without the fence and with it, and what check says.
show() { # program's name, as words of a sentence; how to run it; what is run
	"$2"
	plain=$(held)
	printf 'without the fence, the command holds %d descriptors of %s' "$plain" "$1"
	[ "$plain" -gt 0 ] || { echo; return; }
	printf ', for example\n'
	sed -n 's|.* -> '"$T/run/data"'/|    |p; s|.* -> \(socket:.*\)|    \1|p; s|.* -> \(/etc/.*\)|    \1|p' list |
		sort -R --random-source=/dev/zero | head -n 4
	"$2" "$T/bin/fdfence" run --
	fenced=$(held)
	printf '\nwith `fdfence run -- %s ...` it holds %d, and gets the same data\n' "$3" "$fenced"
	printf '\nWhat `fdfence check -- %s ...` says:\n\n' "$3"
	"$2" "$T/bin/fdfence" check --color=never --
	cat "$T/err"
}

# What this shell was given is nobody's leak.
for fd in /proc/"$$"/fd/*; do
	fd=${fd##*/}
	[ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
done
echo "$("$pg/postgres" --version | awk '{ print "PostgreSQL " $3 }'): COPY ... TO PROGRAM 'ls -l /proc/self/fd'"
echo
show 'the server' copy_program postgres
if [ "$plain" -eq 0 ]; then
	printf '\nmawk: getline <"/etc/passwd"; system("ls -l /proc/self/fd")\n\n'
	show mawk awk_system mawk
fi
[ "$plain" -gt 0 ] && [ "$fenced" -eq 0 ]
