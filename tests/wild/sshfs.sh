#!/bin/bash
# sshfs: files through a program at the other end of a pair of sockets
# packages: sshfs openssh-sftp-server
# version: sshfs --version
# says: ^through sftp$
. "$(dirname "$0")/lib.bash"

mkdir far near && echo through sftp >far/file
printf '#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n' >ssh && chmod 755 ssh
sshfs -o ssh_command="$PWD/ssh" host:/mnt/home/far near
cat near/file
echo written >near/new
cat far/new
fusermount3 -u near
