#!/bin/bash
# pppd: a program at its pseudo terminal, a script that connects
# packages: ppp
# version: pppd --version
# says: ^the script that connects ran$
. "$(dirname "$0")/lib.bash"

# pppd looks for /dev/ppp first.  Where the kernel has none the null device stands for it, and pppd ends when
# it wants a unit, after all that it starts here.
mkdir /tmp/dev
cp -a /dev/{null,zero,urandom,tty,ptmx,fd} /tmp/dev/
mkdir /tmp/dev/pts && mount --bind /dev/pts /tmp/dev/pts
cp -a /dev/ppp /tmp/dev/ 2>/dev/null || cp -a /dev/null /tmp/dev/ppp
mount --rbind /tmp/dev /dev
timeout 20 pppd nodetach noauth nodefaultroute local pty 'echo at its terminal >/mnt/home/pty; sleep 2' \
	connect 'echo the script that connects ran >/mnt/home/said' >log 2>&1
cat pty said
