#!/bin/bash
# OpenSSH: a command, a subsystem (sftp), a master connection, agent forwarding
# packages: openssh-server openssh-client openssh-sftp-server
# version: ssh -V
# says: ^over ssh: 42$
. "$(dirname "$0")/lib.bash"

mkdir -m 755 /run/sshd
ssh-keygen -q -t ed25519 -N '' -f host
ssh-keygen -q -t ed25519 -N '' -f key
cat >conf <<C
Port 2222
ListenAddress 127.0.0.1
HostKey $PWD/host
AuthorizedKeysFile $PWD/key.pub
StrictModes no
UsePAM no
PermitRootLogin yes
Subsystem sftp /usr/lib/openssh/sftp-server
C
/usr/sbin/sshd -D -f conf -E log &
wait_for listens 2222
o=(-F /dev/null -i "$PWD/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR)
ssh "${o[@]}" -p 2222 127.0.0.1 'echo "over ssh: $((40 + 2))"'
echo content >file
sftp "${o[@]}" -P 2222 -b - 127.0.0.1 <<<"put $PWD/file /tmp/copy" | sed 's/^sftp> //'
cat /tmp/copy
ssh "${o[@]}" -p 2222 -M -S "$PWD/control" -fN 127.0.0.1
ssh "${o[@]}" -p 2222 -S "$PWD/control" 127.0.0.1 'echo over the master'
ssh -S "$PWD/control" -O exit 127.0.0.1 2>&1
eval "$(ssh-agent)" >/dev/null
ssh-add -q key
ssh "${o[@]}" -A -p 2222 127.0.0.1 'ssh-add -l | grep -c ED25519'
ssh -o "ProxyCommand=/usr/bin/env true" -F /dev/null 127.0.0.1 2>/dev/null
echo "exit of a connection through a dead proxy: $?"
ssh-agent -k >/dev/null
kill %1
wait
