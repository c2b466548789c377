#!/bin/bash
# lldpd: its control program reads the configuration, and asks
# packages: lldpd iproute2
# version: lldpd -v
# says: ^SysDescr: wild$
. "$(dirname "$0")/lib.bash"

ip link add net0 type veth peer name net1
ip link set net0 up
ip link set net1 up
rm -rf /etc/lldpd.d/*
echo 'configure system description wild' >/etc/lldpd.conf
mkdir -p /run/lldpd
lldpd -d -u /run/lldpd.socket >log 2>&1 &
configured() { lldpcli -u /run/lldpd.socket show chassis | grep -q wild; }
wait_for configured
lldpcli -u /run/lldpd.socket show chassis | tr -s ' ' | sed -n 's/^ *\(SysDescr\)/\1/p'
kill %1
wait
