#!/bin/bash
# monit: a check that runs a program and a restart of a service
# packages: monit
# version: monit --version
# says: ^checked$
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
set daemon 1
set pidfile /tmp/monit.pid
set statefile /tmp/monit.state
set idfile /tmp/monit.id
check program it with path "/bin/sh -c 'echo checked >/mnt/home/said; exit 1'"
	if status != 0 then exec "/bin/sh -c 'echo acted >/mnt/home/acted'"
C
chmod 600 conf
monit -I -c "$PWD/conf" >log 2>&1 &
wait_for test -s acted
cat said acted
kill %1
wait
