#!/bin/bash
# Dropbear: a command over SSH, with and without a terminal
# packages: dropbear-bin bsdutils
# version: dropbear -V
# says: ^over SSH: 42$
. "$(dirname "$0")/lib.bash"

useradd -m -d /mnt/home/u -s /bin/sh wild 2>/dev/null
mkdir -m 700 u/.ssh
dropbearkey -t ed25519 -f host >/dev/null 2>&1
dropbearkey -t ed25519 -f key 2>/dev/null | grep ^ssh- >u/.ssh/authorized_keys
chown -R wild u
chmod 755 .
dropbear -F -E -r host -p 127.0.0.1:2222 -P /run/dropbear.pid 2>log &
wait_for listens 2222
dbclient -y -i key -p 2222 wild@127.0.0.1 'echo over SSH: $((40 + 2)); cat' <<<through 2>/dev/null
script -qc "dbclient -t -y -i key -p 2222 wild@127.0.0.1 'tty | grep -o pts'" /dev/null </dev/null | grep -ao pts
kill %1
wait
