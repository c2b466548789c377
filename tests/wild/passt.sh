#!/bin/bash
# passt: pasta runs a shell in a network of its own; passt gets its socket by number, and by path
# packages: passt python3 iproute2
# version: dpkg-query -W -f '${Version}' passt
# says: ^in its own network$
. "$(dirname "$0")/lib.bash"

ip link add ext0 type veth peer name other0
ip link set other0 up
ip addr add 192.0.2.2/24 dev ext0
ip link set ext0 up
ip route add default via 192.0.2.1
pasta --config-net --runas 0 -q -- sh -c 'ip -o link show ext0 | grep -o "ext0:.*UP" >/dev/null && echo in its own network'
echo "exit $?"
cat >pass.py <<'P'
import socket, subprocess
ours, its = socket.socketpair()
p = subprocess.Popen(['passt', '-f', '-q', '--runas', '0', '--fd', str(its.fileno())], pass_fds=[its.fileno()])
its.close()
# An Ethernet frame, its length before it: who has 192.0.2.1?
frame = bytes.fromhex('ffffffffffff020000000001' '0806' '0001080006040001' '020000000001' 'c0000202' '000000000000' 'c0000201')
ours.settimeout(20)
ours.sendall(len(frame).to_bytes(4, 'big') + frame)
print('an answer to ARP:', ours.recv(4096)[16:18].hex())
p.kill()
P
python3 pass.py
