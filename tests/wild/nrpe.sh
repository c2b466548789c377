#!/bin/bash
# NRPE: a check command over the network
# packages: nagios-nrpe-server nagios-nrpe-plugin
# version: /usr/sbin/nrpe --version
# says: ^checked: 42$
# leak: ^nrpe > dash:  -- a check holds the connection of the monitoring server, and the pipe that it writes to
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
server_port=5666
server_address=127.0.0.1
allowed_hosts=127.0.0.1
nrpe_user=nobody
nrpe_group=nogroup
pid_file=/tmp/nrpe.pid
command[it]=/bin/echo checked: 42
C
/usr/sbin/nrpe -c "$PWD/conf" -f -n >/dev/null 2>&1 &
wait_for listens 5666
/usr/lib/nagios/plugins/check_nrpe -H 127.0.0.1 -n -c it
kill %1
wait
