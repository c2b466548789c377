#!/bin/bash
# Midnight Commander: a subshell and an archive's virtual file system
# packages: mc expect
# version: mc --version
# says: ^typed into the subshell$
# leak: ^expect >  -- as in less
. "$(dirname "$0")/lib.bash"

cat >it.exp <<'X'
log_user 0
set env(TERM) vt100
spawn mc -a
sleep 2
send "echo typed into the subshell >said\r"
sleep 2
send "\x1b0"
sleep 1
send "\r"
expect eof
X
timeout 30 expect it.exp
cat said
