#!/bin/bash
# Exim: a pipe transport delivers to a program
# packages: exim4-daemon-light
# version: exim4 -bV
# says: ^Subject: hello$
. "$(dirname "$0")/lib.bash"

cat >/etc/exim4/exim4.conf <<'C'
primary_hostname = localhost
spool_directory = /tmp/spool
log_file_path = /tmp/exim-%s.log
pid_file_path = /tmp/exim.pid
exim_user = Debian-exim
never_users =
keep_environment =
begin routers
all:
	driver = accept
	transport = prog
begin transports
prog:
	driver = pipe
	command = /bin/sh -c "cat >/tmp/said"
	user = nobody
C
chmod 1777 /tmp
mkdir /tmp/spool && chown Debian-exim /tmp/spool
chmod 644 /etc/exim4/exim4.conf
printf 'Subject: hello\n\nbody\n' | exim4 -odf -f a@localhost b@localhost
grep -E '^Subject|^body' /tmp/said
exim4 -bd -oX 127.0.0.1.2525 -oP /tmp/exim.pid
wait_for listens 2525
exim4 -bp
wait_for test -s /tmp/exim.pid
kill "$(cat /tmp/exim.pid)"
