#!/bin/bash
# ISC DHCP: a lease with the scripts of both ends
# packages: isc-dhcp-server isc-dhcp-client iproute2
# version: dhclient --version
# says: ^client script: BOUND 10\.9\.0\.9$
# leak: ^dhcpd > commit: file w -- the file of leases, open for writing, in what execute() starts
. "$(dirname "$0")/lib.bash"

unshare --net sleep 1000 &
wait_for sh -c "readlink /proc/$!/exe | grep -q sleep"
ip link add server0 type veth peer name client0 netns $!
ip addr add 10.9.0.1/24 dev server0
ip link set server0 up
printf '#!/bin/sh\necho "server script: $1" >>/mnt/home/server\n' >commit
cat >script <<'S'
#!/bin/sh
case $reason in
PREINIT) ip link set "$interface" up ;;
esac
echo "client script: $reason $new_ip_address" >>/mnt/home/client
S
chmod 755 commit script
cat >conf <<C
authoritative;
subnet 10.9.0.0 netmask 255.255.255.0 {
	range 10.9.0.9 10.9.0.9;
	on commit { execute("$PWD/commit", binary-to-ascii(10, 8, ".", leased-address)); }
}
C
: >/run/leases
dhcpd -f -4 -cf "$PWD/conf" -lf /run/leases -pf /run/dhcpd.pid -user root -group root server0 >server.log 2>&1 &
wait_for grep -q 'Sending on .*server0' server.log
nsenter --net -t "$(jobs -p %1)" dhclient -1 -d -sf "$PWD/script" -lf /run/client.leases -pf /run/dhclient.pid client0 >client.log 2>&1 &
wait_for grep -q BOUND client
wait_for test -s server
cat client server
kill %3 %2 %1
wait
