#!/bin/bash
# runit and daemontools: supervised programs with a log, restarted
# packages: runit daemontools
# version: dpkg-query -W -f '${Version}' runit
# says: ^logged: service ran$
. "$(dirname "$0")/lib.bash"

for kind in runsv supervise; do
	mkdir -p $kind/it/log
	printf '#!/bin/sh\necho service ran\nsleep 1000\n' >$kind/it/run
	printf '#!/bin/sh\nexec cat >/mnt/home/%s.log\n' $kind >$kind/it/log/run
	chmod 755 $kind/it/run $kind/it/log/run
done
runsvdir runsv &
svscan supervise 2>/dev/null &
for kind in runsv supervise; do
	wait_for test -s $kind.log
	echo "logged: $(head -n 1 $kind.log)"
done
sv -w 5 down runsv/it >/dev/null
svc -d supervise/it
