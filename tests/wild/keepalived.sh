#!/bin/bash
# keepalived: scripts that are tracked and notified
# packages: keepalived iproute2
# version: keepalived --version
# says: ^notified: MASTER$
. "$(dirname "$0")/lib.bash"

ip link add vrrp0 type veth peer name other0
ip link set other0 up
ip addr add 10.9.0.1/24 dev vrrp0
ip link set vrrp0 up
printf '#!/bin/sh\necho "notified: $3" >>/mnt/home/said\n' >notify
printf '#!/bin/sh\necho tracked >/mnt/home/tracked\n' >track
chmod 755 notify track
cat >conf <<C
global_defs {
	script_user root
	enable_script_security
	vrrp_garp_master_delay 0
}
vrrp_script track {
	script "$PWD/track"
	interval 1
	rise 1
}
vrrp_instance it {
	interface vrrp0
	virtual_router_id 9
	advert_int 0.1
	priority 100
	virtual_ipaddress {
		10.9.0.9/24
	}
	track_script {
		track
	}
	notify "$PWD/notify"
}
C
chmod 644 conf
chmod 755 .
keepalived -n -l -f "$PWD/conf" >log 2>&1 &
wait_for grep -q MASTER said
cat tracked
grep -m 1 MASTER said
kill %1
wait
