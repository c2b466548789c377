#!/bin/bash
# tinc: scripts when its device comes and goes
# packages: tinc
# version: tincd --version
# says: ^up: tun[0-9]
. "$(dirname "$0")/lib.bash"

mkdir -p net/hosts
printf 'Name = it\nDeviceType = tun\nAddressFamily = ipv4\nBindToAddress = 127.0.0.1\nInterface = tun7\n' >net/tinc.conf
printf 'Subnet = 10.9.0.1/32\nPort = 6550\n' >net/hosts/it
for what in up down; do
	printf '#!/bin/sh\necho "%s: $INTERFACE" >>/mnt/home/said\n' $what >net/tinc-$what
	chmod 755 net/tinc-$what
done
tincd -c "$PWD/net" -K 2048 </dev/null >/dev/null 2>&1
tincd -D -c "$PWD/net" --pidfile=/run/tinc.pid >log 2>&1 &
wait_for grep -q up said
kill %1
wait
cat said
