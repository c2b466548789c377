#!/bin/bash
# su, runuser, setpriv, start-stop-daemon: other users
# packages: util-linux dpkg
# version: su --version
# says: ^as nobody$
# quick
. "$(dirname "$0")/lib.bash"

su -s /bin/sh nobody -c 'echo as $(id -un)'
runuser -u nobody -- sh -c 'echo as $(id -un)'
setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'echo as $(id -un)'
start-stop-daemon --start --chuid nobody --background --make-pidfile --pidfile /run/it.pid --startas /bin/sh -- -c 'echo in the background >/tmp/said; sleep 100'
wait_for test -s /tmp/said
cat /tmp/said
start-stop-daemon --stop --pidfile /run/it.pid --retry 5 >/dev/null && echo stopped
