#!/bin/bash
# s6: supervision with readiness over a descriptor by number
# packages: s6 execline
# version: dpkg-query -W -f '${Version}' s6
# says: ^ready$
# quick
# leak: ^s6-svwait > s6-ftrigrd: pipe -- the caller's ends of the pipes to its own helper: the helper does not see when it ends
. "$(dirname "$0")/lib.bash"

mkdir -p scan/it
printf '#!/bin/sh\nsleep 0.2; echo >&7; exec sleep 1000 7>&-\n' >scan/it/run
chmod 755 scan/it/run
echo 7 >scan/it/notification-fd
s6-svscan scan 2>/dev/null &
wait_for test -p scan/it/supervise/control
s6-svwait -U -t 5000 scan/it && echo ready
s6-svscanctl -t scan
wait
