#!/bin/bash
# virtiofsd: with a socket handed to it by number
# packages: qemu-system-common python3
# version: /usr/lib/qemu/virtiofsd --version
# says: ^it has its socket$
. "$(dirname "$0")/lib.bash"

mkdir shared
cat >pass.py <<'P'
import socket, subprocess, time
s = socket.socket(socket.AF_UNIX); s.bind('/tmp/v.sock'); s.listen()
p = subprocess.Popen(['/usr/lib/qemu/virtiofsd', f'--fd={s.fileno()}', '-o', 'source=/mnt/home/shared', '-o', 'sandbox=chroot'],
    pass_fds=[s.fileno()], stderr=-1)
time.sleep(2)
print('it has its socket' if p.poll() is None else p.stderr.read().decode())
p.kill()
P
python3 pass.py
