#!/bin/bash
# Weston, without a screen: its shell and keyboard get sockets by number, Xwayland its listeners
# packages: weston xwayland xterm
# version: weston --version
# says: ^in an X terminal: 42$
# limit: 120
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x
mkdir -m 700 /tmp/x
mkdir -m 1777 /tmp/.X11-unix
printf '[core]\nxwayland=true\n[autolaunch]\npath=/mnt/home/launched\n' >weston.ini
printf '#!/bin/sh\necho "launched with $WAYLAND_DISPLAY" >/mnt/home/said\n' >launched && chmod 755 launched
weston --backend=headless-backend.so --socket=wild -c "$PWD/weston.ini" --log="$PWD/log" >out 2>&1 &
wait_for test -S /tmp/x/wild
wait_for pgrep -x weston-keyboard
echo 'the keyboard is there'
wait_for sh -c 'ls /tmp/.X11-unix/X*'
set -- /tmp/.X11-unix/X*
DISPLAY=:${1##*X} timeout 30 xterm -e sh -c 'echo in an X terminal: $((40 + 2)) >/mnt/home/x'
cat x
WAYLAND_DISPLAY=wild timeout 20 weston-terminal --shell=/mnt/home/launched >/dev/null 2>&1
wait_for test -s said
cat said
kill %1
wait
