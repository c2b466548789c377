#!/bin/bash
# cron: a job at start (@reboot)
# packages: cron
# version: dpkg-query -W -f '${Version}' cron
# says: ^job ran as root$
# quick
. "$(dirname "$0")/lib.bash"

mkdir -p /run
printf '@reboot root echo "job ran as $(id -un)" >/mnt/home/said\n' >/etc/cron.d/wild
cron -f &
wait_for test -s said
cat said
kill %1
wait
