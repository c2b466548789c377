#!/bin/bash
# passt: started by its user with a socket pair by number (--fd)
# packages: passt iproute2
# version: passt --version
# says: ^it answers its peer$
. "$(dirname "$0")/lib.bash"

cat >pass.py <<'P'
import socket, subprocess, time
a, b = socket.socketpair(socket.AF_UNIX)
p = subprocess.Popen(['passt', '-f', '--fd', str(b.fileno())], pass_fds=[b.fileno()], stderr=-1)
b.close(); time.sleep(1)
print('it answers its peer' if p.poll() is None else p.stderr.read().decode())
p.kill()
P
ip link add wild0 type dummy && ip addr add 192.0.2.1/24 dev wild0 && ip link set wild0 up
ip route add default via 192.0.2.2
python3 pass.py
