#!/bin/bash
# Xvfb with xkbcomp, xterm in it, and what it runs
# packages: xvfb xterm
# version: xterm -version
# says: ^in a terminal: 42$
# leak: ^Xvfb > dash:  -- the X server hands its listeners, and a table that it reads, to the keymap compiler
. "$(dirname "$0")/lib.bash"

it() { timeout 20 xterm -e sh -c 'echo in a terminal: $((40 + 2)) >/mnt/home/said'; }
x it 2>/dev/null
cat said
