#!/bin/bash
# KDE's kioclient: files through workers, a program opened
# packages: kde-cli-tools kio xvfb dbus-daemon
# version: dpkg-query -W -f '${Version}' kio
# says: ^through a worker$
# limit: 120
# leak: ^Xvfb > dash:  -- as in xterm
. "$(dirname "$0")/lib.bash"

export XDG_RUNTIME_DIR=/tmp/x
mkdir -m 700 /tmp/x
echo through a worker >text
printf '[Desktop Entry]\nType=Application\nName=it\nExec=sh -c "echo opened >/mnt/home/said"\n' >it.desktop
chmod 755 it.desktop
it() {
	dbus-run-session -- sh -c '
		kioclient5 --noninteractive cat file:///mnt/home/text
		kioclient5 --noninteractive copy file:///mnt/home/text file:///mnt/home/copy
		kioclient5 --noninteractive exec file:///mnt/home/it.desktop'
	wait_for test -s said
}
x it 2>log
cat copy said
