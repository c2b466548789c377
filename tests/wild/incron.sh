#!/bin/bash
# incron: a program when a file appears
# packages: incron
# version: incrond --version
# says: ^seen it$
. "$(dirname "$0")/lib.bash"

mkdir /tmp/watched
echo '/tmp/watched IN_CREATE /bin/sh -c "echo seen $# >/mnt/home/said"' >/etc/incron.d/wild
incrond -n >/dev/null 2>&1 &
wait_for sh -c "rm -f /tmp/watched/it; touch /tmp/watched/it; sleep 0.2; test -s said"
cat said
kill %1
wait
