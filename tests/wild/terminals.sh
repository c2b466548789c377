#!/bin/bash
# rxvt-unicode, its daemon, and st: what runs in them
# packages: rxvt-unicode stterm xvfb
# version: dpkg-query -W -f '${Version}' rxvt-unicode
# says: ^in urxvt: 42$
# leak: ^Xvfb > dash:  -- as in xterm
. "$(dirname "$0")/lib.bash"

each() {
	local name
	urxvt -e sh -c 'echo in urxvt: $((40 + 2)) >/mnt/home/urxvt'
	urxvtd -q -o &
	wait_for sh -c 'ls .urxvt/urxvtd-*'
	urxvtc -e sh -c 'echo in the first window of urxvtd >/mnt/home/first; sleep 100'
	wait_for test -s first
	urxvtc -e sh -c 'echo in the second >/mnt/home/second; sleep 100'
	wait_for test -s second
	stterm -e sh -c 'echo in st >/mnt/home/st'
	for name in urxvt first second st; do cat $name; done
	kill %1
}
x each 2>/dev/null
