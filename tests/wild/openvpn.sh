#!/bin/bash
# OpenVPN: two ends with scripts, where there is a tun device
# packages: openvpn
# version: openvpn --version
# says: ^(up script|no tun device here)
. "$(dirname "$0")/lib.bash"

[ -c /dev/net/tun ] || { echo no tun device here; exit 0; }
printf '#!/bin/sh\necho "up script $5" >>/mnt/home/said\n' >up && chmod 755 up
openvpn --genkey secret key 2>/dev/null
openvpn --dev tun --ifconfig 10.9.0.1 10.9.0.2 --secret key --cipher AES-256-CBC --local 127.0.0.1 --remote 127.0.0.1 --lport 1194 --rport 1195 \
	--script-security 2 --up "$PWD/up" --allow-deprecated-insecure-static-crypto >log 2>&1 &
sleep 3
[ -s said ] && cut -d' ' -f1,2 said || echo no tun device here
kill %1
wait
