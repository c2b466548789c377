#!/bin/bash
# crun: a container, created, started, deleted
# packages: crun busybox-static
# version: crun --version
# says: ^(in a container|it cannot run here)$
. "$(dirname "$0")/lib.bash"

mkdir -p c/rootfs/bin && cp /bin/busybox c/rootfs/bin/ && cd c || exit
crun spec
sed -i 's/"terminal": true/"terminal": false/; s|"sh"|"/bin/busybox", "echo", "in a container"|' config.json
crun --root /tmp/crun --cgroup-manager=disabled run wild 2>err || echo it cannot run here
