#!/bin/bash
# at: a job for now
# packages: at
# version: at -V
# says: ^at ran it$
. "$(dirname "$0")/lib.bash"

mkdir -p /var/spool/cron/atjobs
atd -f -l 8 -b 1 &
wait_for grep -q 'SigCgt.*[13579bdf]$' /proc/$!/status # SIGHUP has a handler
echo 'echo at ran it >/mnt/home/said' | at now 2>/dev/null
kill -HUP %1
wait_for test -s said
cat said
kill %1
wait
