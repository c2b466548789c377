#!/bin/bash
# less: LESSOPEN through a pipe, !command, | command
# packages: less expect
# version: less --version
# says: ^from the shell$
# leak: ^expect >  -- Expect keeps a copy of stdout, and the pipe with which it waits for its child, open in both it starts
# leak: ^less > dash:  -- the file that is shown and the terminal stay open in what ! and | start (the terminal is the command's own, which check does not know)
. "$(dirname "$0")/lib.bash"

echo text >file
LESSOPEN='|echo through LESSOPEN:; cat %s' less file | cat
cat >it.exp <<'X'
log_user 0
set env(TERM) vt100
spawn less file
sleep 1
send "!echo from the shell >said\r"
sleep 1
send "\r"
sleep 1
send "|\$cat >piped\r"
sleep 1
send "\rq"
expect eof
X
expect it.exp
cat said piped
