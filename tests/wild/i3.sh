#!/bin/bash
# i3: what a session starts, its bar with a status program, a command over its socket
# packages: i3-wm xvfb
# version: i3 --version
# says: ^started by the window manager$
# leak: ^Xvfb > dash:  -- as in xterm
# leak: ^i3bar > dash: pipe -- the bar's own ends of the pipes to its status program
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
# i3 config file (v4)
font pango:monospace 8
exec --no-startup-id echo started by the window manager >/mnt/home/said
bar {
	status_command echo a status; echo status started >/mnt/home/status; exec sleep 100
}
C
session() {
	i3 -c "$PWD/conf" >log 2>&1 &
	local manager=$!
	wait_for test -s said
	wait_for test -s status
	I3SOCK=$(i3 --get-socketpath) i3-msg -q exec 'echo asked over the socket >/mnt/home/asked'
	wait_for test -s asked
	cat said status asked
	kill "$manager"
	wait "$manager"
}
x session 2>/dev/null
