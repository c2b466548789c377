#!/bin/bash
# MariaDB: mysqld_safe, a table, the client's \! and pager
# packages: mariadb-server mariadb-client
# version: mariadbd --version
# says: ^42$
# limit: 180
# leak: ^mariadb > dash: socket -- the client hands its authenticated connection to the command behind \!
. "$(dirname "$0")/lib.bash"

mkdir -p data /run/mysqld && chown mysql data /run/mysqld
mariadb-install-db --no-defaults --datadir="$PWD/data" --user=mysql --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd-safe --no-defaults --datadir="$PWD/data" --user=mysql --skip-networking --socket=/tmp/m.sock --log-error=/tmp/m.log >/dev/null 2>&1 &
wait_for mariadb-admin --no-defaults -S /tmp/m.sock ping
printf '\\! echo from the shell\nselect 40 + 2;\n' | mariadb --no-defaults -S /tmp/m.sock -N
mariadb-dump --no-defaults -S /tmp/m.sock mysql >dump.sql
mariadb-admin --no-defaults -S /tmp/m.sock shutdown
wait
tail -n 1 dump.sql | cut -c1-17
