#!/bin/bash
# bubblewrap: its arguments, a file and a status from descriptors by number
# packages: bubblewrap
# version: bwrap --version
# says: ^from a file of a descriptor$
# quick
. "$(dirname "$0")/lib.bash"

echo from a file of a descriptor >data
bwrap --ro-bind / / --dev /dev --tmpfs /opt --unshare-pid --file 9 /opt/file --json-status-fd 8 \
	cat /opt/file 9<data 8>status
grep -c child-pid status
printf -- '--ro-bind\0/\0/\0' >args
bwrap --args 7 echo arguments of a descriptor 7<args
