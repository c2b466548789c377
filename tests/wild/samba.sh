#!/bin/bash
# Samba: a share with a program before it, and the helpers that list shares
# packages: samba smbclient
# version: smbd --version
# says: ^before the share$
# limit: 120
# leak: ^smbd > samba-dcerpcd: (anon|chr|file rw|pipe r) -- what smbd has for itself: its eventfd, its lock among the messages, open for writing, the pipe by which it notices that its own parent ends
# leak: ^samba-dcerpcd > rpcd_[a-z]+: (anon|chr|file rw|pipe) -- the same of samba-dcerpcd, in each of its helpers
. "$(dirname "$0")/lib.bash"

mkdir share state && echo hello >share/file && chmod 755 . share
printf '#!/bin/sh\necho before the share >/mnt/home/said\n' >before && chmod 755 before
cat >conf <<C
[global]
	smb ports = 1445
	interfaces = lo
	bind interfaces only = yes
	map to guest = bad user
	guest account = root
	private dir = $PWD/state
	lock directory = $PWD/state
	state directory = $PWD/state
	cache directory = $PWD/state
	pid directory = $PWD/state
	ncalrpc dir = $PWD/state/ncalrpc
	log file = $PWD/log
	disable spoolss = yes
[it]
	path = $PWD/share
	guest ok = yes
	root preexec = $PWD/before
C
smbd -F -s "$PWD/conf" >out 2>&1 &
wait_for listens 1445
smbclient -s "$PWD/conf" -p 1445 -N //127.0.0.1/it -c 'get file got' >/dev/null 2>&1
cat said got
smbclient -s "$PWD/conf" -p 1445 -N -L 127.0.0.1 2>/dev/null | grep -o 'it  *Disk'
kill %1
wait
