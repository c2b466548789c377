#!/bin/bash
# pppd: two of them over a pseudo terminal (pty), with scripts when the address comes
# packages: ppp
# version: pppd --version
# says: ^(ip-up|no PPP in this kernel)
. "$(dirname "$0")/lib.bash"

mkdir -p /etc/ppp
printf '#!/bin/sh\necho "ip-up: $5" >>/mnt/home/said\n' >/etc/ppp/ip-up
chmod 755 /etc/ppp/ip-up
[ -c /dev/ppp ] || { echo 'no PPP in this kernel'; exit 0; }
pppd nodetach noauth nodefaultroute local 10.9.0.1:10.9.0.2 pty \
	'pppd nodetach noauth notty nodefaultroute local 10.9.0.2:10.9.0.1' >log 2>&1 &
sleep 4
sort said
kill %1
wait
