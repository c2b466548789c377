#!/bin/bash
# supervisord: a program, and one behind a FastCGI socket
# packages: supervisor
# version: supervisord --version
# says: ^a program ran$
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
[supervisord]
nodaemon=true
pidfile=/tmp/s.pid
logfile=/tmp/s.log
childlogdir=/tmp
[program:it]
command=/bin/sh -c 'echo a program ran >/mnt/home/said; sleep 100'
[fcgi-program:other]
socket=unix:///tmp/fcgi.sock
command=/bin/sh -c 'ls -l /proc/self/fd/0 | grep -o socket: >/mnt/home/socket; sleep 100'
C
supervisord -c conf >/dev/null 2>&1 &
wait_for test -s said
wait_for test -s socket
cat said socket
kill %1
wait
