#!/bin/bash
# sway, without a screen: its bar gets a socket by number, Xwayland its listeners; what it starts
# packages: sway swaybg xwayland xterm foot
# version: sway --version
# says: ^in foot: 42$
# limit: 120
# leak: ^swaybar > dash: socket -- its connections to the compositor, in the status program
# leak: ^sway > swaybg: file r -- the configuration that it has just read
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
useradd -M -d /mnt/home -s /bin/sh wild 2>/dev/null # sway refuses to be root
mkdir -m 700 /tmp/x
chown wild /tmp/x .
mkdir -m 1777 /tmp/.X11-unix
cat >conf <<'C'
xwayland enable
exec echo started by the window manager >/mnt/home/said
exec foot -e sh -c 'echo in foot: $((40 + 2)) >/mnt/home/foot'
exec xterm -e sh -c 'echo in an X terminal >/mnt/home/xterm'
output * bg #000000 solid_color
bar {
	status_command echo a status; echo status started >/mnt/home/status; exec sleep 100
}
C
setpriv --reuid wild --regid wild --clear-groups sway -c "$PWD/conf" >log 2>&1 &
for what in said foot xterm status; do
	wait_for test -s $what
	cat $what
done
SWAYSOCK=$(ls /tmp/x/sway-ipc.*) swaymsg -q exec 'echo asked over the socket >/mnt/home/asked'
wait_for test -s asked
cat asked
kill %1
wait
