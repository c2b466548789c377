#!/bin/bash
# dnsmasq: --dhcp-script (init is run at once), a name answered
# packages: dnsmasq-base dnsutils
# version: dnsmasq --version
# says: ^192\.0\.2\.7$
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\necho "script: $1" >>/tmp/said\n' >/tmp/script
chmod 755 /tmp/script
echo '4102444800 02:00:00:00:00:01 127.0.0.50 host *' >/tmp/leases
dnsmasq -k -C /dev/null -p 5353 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
	--address=/name.example/192.0.2.7 --dhcp-range=127.0.0.50,127.0.0.60 --dhcp-script=/tmp/script \
	--dhcp-leasefile=/tmp/leases --user=root >log 2>&1 &
try dig -p 5353 +short @127.0.0.1 name.example
wait_for test -s /tmp/said
cat /tmp/said
kill %1
wait
