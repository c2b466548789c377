#!/bin/bash
# systemd-socket-activate: a socket for its child
# packages: systemd netcat-openbsd
# version: systemd-socket-activate --version
# says: ^LISTEN_FDS is 1$
# quick
. "$(dirname "$0")/lib.bash"

systemd-socket-activate -l 127.0.0.1:7007 sh -c 'echo LISTEN_FDS is $LISTEN_FDS >/mnt/home/said; test -S /proc/self/fd/3 && echo 3 is a socket >>/mnt/home/said' 2>/dev/null &
wait_for listens 7007
echo | nc -w 1 127.0.0.1 7007
wait_for grep -q LISTEN said
wait
cat said
