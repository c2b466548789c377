#!/bin/bash
# syslog-ng: a source and a destination that are programs
# packages: syslog-ng-core
# version: syslog-ng --version
# says: ^got one$
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
@version: 3.38
source s { program("echo one; sleep 100" flags(no-parse)); };
destination d { program("while read line; do echo got $line >>/mnt/home/said; done" template("$MSG\n")); };
log { source(s); destination(d); };
C
syslog-ng -F -f "$PWD/conf" -R /tmp/s.persist -p /tmp/s.pid -c /tmp/s.ctl --no-caps >log 2>&1 &
wait_for test -s said
head -n 1 said
kill %1
wait
