#!/bin/bash
# anacron: a job that is due
# packages: anacron
# version: anacron -V
# says: ^anacron ran it$
. "$(dirname "$0")/lib.bash"

echo '1 0 job echo anacron ran it >/mnt/home/said' >tab
mkdir spool
anacron -f -n -d -t tab -S "$PWD/spool" 2>/dev/null
cat said
