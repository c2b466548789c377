#!/bin/bash
# screen: a detached session, a command sent to it
# packages: screen
# version: screen -v
# says: ^in a window: 42$
. "$(dirname "$0")/lib.bash"

export SCREENDIR=/tmp/screens
mkdir -m 700 /tmp/screens
screen -dmS wild sh -c 'echo in a window: $((40 + 2)) >said; exec sh'
wait_for test -s said
cat said
screen -S wild -X stuff 'echo typed >typed\n'
wait_for test -s typed
cat typed
screen -S wild -X exec sh -c 'echo executed >executed'
wait_for test -s executed
cat executed
screen -S wild -X quit
