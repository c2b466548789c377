#!/bin/bash
# virtiofsd: with a socket handed to it by number
# packages: virtiofsd systemd
# version: /usr/libexec/virtiofsd --version
# says: ^it has its socket$
. "$(dirname "$0")/lib.bash"

d=/usr/libexec/virtiofsd
[ -x $d ] || d=/usr/lib/qemu/virtiofsd
mkdir shared
cat >pass.py <<'P'
import socket, subprocess, sys, time
s = socket.socket(socket.AF_UNIX); s.bind('/tmp/v.sock'); s.listen()
p = subprocess.Popen([sys.argv[1], f'--fd={s.fileno()}', '-o' if 'qemu' in sys.argv[1] else '--shared-dir',
    'source=shared' if 'qemu' in sys.argv[1] else 'shared', '--sandbox=none'][:5], pass_fds=[s.fileno()], stderr=-1)
time.sleep(2)
print('it has its socket' if p.poll() is None else p.stderr.read().decode())
p.kill()
P
python3 pass.py $d
