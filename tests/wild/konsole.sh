#!/bin/bash
# Konsole: a shell in a window, under a session bus of its own
# packages: konsole xvfb dbus-daemon
# version: dpkg-query -W -f '${Version}' konsole
# says: ^in Konsole: 42$
# limit: 120
# leak: ^Xvfb > dash:  -- as in xterm
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x
mkdir -m 700 /tmp/x
it() { timeout 60 dbus-run-session -- konsole --nofork -e sh -c 'echo in Konsole: $((40 + 2)) >/mnt/home/said'; }
x it >log 2>&1
cat said
