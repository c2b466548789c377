#!/bin/bash
# Tcl and Expect: exec, pipelines, a program on a terminal
# packages: tcl expect
# version: expect -v
# says: ^on a terminal: 42
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
