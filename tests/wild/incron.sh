#!/bin/bash
# incron: a program when a file appears
# packages: incron
# version: incrond --version
# says: ^seen it$
. "$(dirname "$0")/lib.bash"

mkdir /tmp/watched
echo '/tmp/watched IN_CREATE /bin/sh -c "echo seen $# >/mnt/home/said"' >/etc/incron.d/wild
incrond -n >/dev/null 2>&1 &
sleep 1
touch /tmp/watched/it
wait_for test -s said
cat said
kill %1
wait
