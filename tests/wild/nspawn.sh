#!/bin/bash
# systemd-nspawn: a program in a container
# packages: systemd-container busybox-static
# version: systemd-nspawn --version
# says: ^in the container$
. "$(dirname "$0")/lib.bash"

mount -t cgroup2 none /sys/fs/cgroup
mkdir -p root/{bin,etc,usr,dev,proc,sys,run,tmp,var}
cp /bin/busybox root/bin/
: >root/etc/os-release
timeout 30 systemd-nspawn -q --register=no --keep-unit -D root --pipe /bin/busybox echo in the container
