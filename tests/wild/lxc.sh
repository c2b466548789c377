#!/bin/bash
# LXC: lxc-monitor starts lxc-monitord, which it tells the number of a pipe
# packages: lxc
# version: lxc-start --version
# says: ^the daemon of the monitor is there$
. "$(dirname "$0")/lib.bash"

mkdir -p /var/lib/lxc/c
printf 'lxc.uts.name = c\nlxc.net.0.type = empty\n' >/var/lib/lxc/c/config
lxc-monitor -n c >out 2>&1 &
wait_for pgrep -x lxc-monitord && echo 'the daemon of the monitor is there'
grep -io 'failed[^:]*' out
kill %1
lxc-monitor -n c -Q >/dev/null 2>&1
true
