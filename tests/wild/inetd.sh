#!/bin/bash
# OpenBSD inetd: nowait and wait services
# packages: openbsd-inetd netcat-openbsd
# version: dpkg-query -W -f '${Version}' openbsd-inetd
# says: ^you said hello$
# quick
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\nread line; echo "you said $line"\n' >/tmp/serve
chmod 755 /tmp/serve
cat >conf <<'C'
127.0.0.1:7007 stream tcp nowait nobody /tmp/serve serve
127.0.0.1:7008 stream tcp nowait nobody internal daytime
C
inetd -i "$PWD/conf" &
wait_for listens 7007
echo hello | nc -N 127.0.0.1 7007
echo again | nc -N 127.0.0.1 7007
kill %1
wait
