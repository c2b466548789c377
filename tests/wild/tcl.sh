#!/bin/bash
# Tcl and Expect: exec, pipelines, a program on a terminal
# packages: tcl expect
# version: expect -v
# says: ^on a terminal: 42
# leak: ^expect >  -- Expect keeps a copy of stdout, and the pipe with which it waits for its child, open in both it starts
. "$(dirname "$0")/lib.bash"

cat >it.tcl <<'T'
log_user 0
set f [open /etc/passwd]
puts [exec echo executed]
puts [gets [open "|echo piped"]]
spawn sh -c {echo on a terminal: $((40 + 2))}
expect -re {on a terminal: \d+}
puts $expect_out(0,string)
spawn cat
send "echoed\r"
expect echoed
puts second
T
expect it.tcl
