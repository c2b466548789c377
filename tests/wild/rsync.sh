#!/bin/bash
# rsync: over a remote shell, and from its daemon with pre-xfer and post-xfer programs
# packages: rsync
# version: rsync --version
# says: ^over the daemon: content$
# quick
# leak: ^rsync > dash: socket -- what pre-xfer and post-xfer exec start holds the connection of the client
. "$(dirname "$0")/lib.bash"

mkdir a b c && echo content >a/file
printf '#!/bin/sh\nshift; exec "$@"\n' >rsh && chmod 755 rsh
rsync -a -e "$PWD/rsh" a/ host:"$PWD/b/"
echo "over a shell: $(cat b/file)"
cat >conf <<C
port = 8730
address = 127.0.0.1
use chroot = no
uid = root
gid = root
[it]
path = $PWD/a
pre-xfer exec = echo pre >>/mnt/home/said
post-xfer exec = echo post >>/mnt/home/said
C
rsync --daemon --no-detach --config=conf --log-file=log &
wait_for listens 8730
rsync -a rsync://127.0.0.1:8730/it/ c/
echo "over the daemon: $(cat c/file)"
wait_for grep -q post said
cat said
kill %1
wait
