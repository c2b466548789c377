#!/bin/bash
# ifupdown: an interface up and down, with scripts
# packages: ifupdown iproute2
# version: ifup --version
# says: ^up: net0$
. "$(dirname "$0")/lib.bash"

ip link add net0 type veth peer name other0
ip link set other0 up
mkdir -p /run/network
cat >/etc/network/interfaces <<'C'
iface net0 inet static
	address 10.9.0.1/24
	up echo "up: $IFACE"
	down echo "down: $IFACE"
C
rm -rf /etc/network/if-*.d/*
printf '#!/bin/sh\necho "script: $MODE $IFACE"\n' >/etc/network/if-up.d/wild
chmod 755 /etc/network/if-up.d/wild
ifup net0
ip -o addr show dev net0 | grep -o '10\.9\.0\.1/24'
ifdown net0
