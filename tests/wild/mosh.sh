#!/bin/bash
# Mosh: a program behind a server that speaks UDP
# packages: mosh bsdutils
# version: mosh-server --version
# says: ^at its terminal: 42$
# leak: ^mosh-server > utempter: (chr|socket) -- the UDP socket of the session, in a program with more rights (set-group-ID utmp); the terminal is the one that it is given on 0, too
. "$(dirname "$0")/lib.bash"

export TERM=xterm
mosh-server new -i 127.0.0.1 -p 60001 -- sh -c 'echo at its terminal: $((40 + 2)) >/mnt/home/said; sleep 1' >out 2>/dev/null
MOSH_KEY=$(tr -d '\r' <out | sed -n 's/^MOSH CONNECT 60001 //p') timeout 30 script -qc 'stty rows 24 cols 80; exec mosh-client 127.0.0.1 60001' /dev/null < <(sleep 30) >/dev/null 2>&1 &
wait_for test -s said
cat said
kill %1
