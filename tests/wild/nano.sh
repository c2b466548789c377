#!/bin/bash
# nano: runs a command into its buffer (^T), on a terminal
# packages: nano expect
# version: nano --version
# says: 42
# leak: ^expect >  -- as in less
# leak: ^nano > bash: pipe -- the other end of the pipe that it reads from
. "$(dirname "$0")/lib.bash"

cat >it.exp <<'X'
log_user 0
set env(TERM) vt100
spawn nano -I text
sleep 1
send "\x14"
sleep 1
send "echo \$((40 + 2))\r"
sleep 1
send "\x0f\r"
sleep 1
send "\x18"
expect eof
X
expect it.exp
cat text
