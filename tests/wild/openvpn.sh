#!/bin/bash
# OpenVPN: a tunnel with a script
# packages: openvpn
# version: openvpn --version
# says: ^up script
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\necho "up script $5" >>/mnt/home/said\n' >up && chmod 755 up
openvpn --genkey secret key 2>/dev/null
openvpn --dev tun --ifconfig 10.9.0.1 10.9.0.2 --secret key --cipher AES-256-CBC --local 127.0.0.1 --remote 127.0.0.1 --lport 1194 --rport 1195 \
	--script-security 2 --up "$PWD/up" >log 2>&1 &
wait_for test -s said
cut -d" " -f1,2 said
kill %1
wait
