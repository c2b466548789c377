#!/bin/bash
# PostgreSQL: COPY TO and FROM PROGRAM, archive_command
# packages: postgresql
# version: psql --version
# says: ^answer 42$
# leak: ^postgres > dash:  -- a backend hands the files of its tables, open for writing, its end of the postmaster and the client to what COPY PROGRAM runs
. "$(dirname "$0")/lib.bash"

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | tail -n 1)
mkdir db && chown postgres db . && chmod 755 .
as() { setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/mnt/home "$@"; }
as "$bin/initdb" -D db -A trust >/dev/null
cat >>db/postgresql.conf <<C
listen_addresses = ''
unix_socket_directories = '$PWD'
archive_mode = on
archive_command = 'echo archived >/mnt/home/archived; cp %p /mnt/home/%f'
C
as "$bin/pg_ctl" -s -D db -l db/log start
q() { as psql -qAt -h "$PWD" postgres -c "$1"; }
q "copy (select 'answer ' || 42) to program 'cat >/mnt/home/out'"
cat out
q 'create table t (a text)'
q "copy t from program 'echo from a program'"
q 'select * from t'
q 'select 1 from pg_switch_wal()'
wait_for test -s archived
cat archived
as "$bin/pg_ctl" -s -D db stop
