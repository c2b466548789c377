#!/bin/bash
# collectd: the exec plug-in
# packages: collectd-core
# version: collectd -h
# says: ^executed$
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\necho executed >/tmp/said\nwhile sleep 1; do echo PUTVAL h/exec-a/gauge-a interval=1 N:1; done\n' >/tmp/script
chmod 755 /tmp/script
chmod 1777 /tmp
cat >conf <<'C'
Interval 1
PIDFile "/tmp/c.pid"
BaseDir "/tmp"
LoadPlugin exec
LoadPlugin csv
<Plugin exec>
	Exec "nobody:nogroup" "/tmp/script"
</Plugin>
<Plugin csv>
	DataDir "/tmp/csv"
</Plugin>
C
collectd -f -C conf >log 2>&1 &
wait_for test -s /tmp/said
cat /tmp/said
kill %1
wait
