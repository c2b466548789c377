#!/bin/bash
# xinetd: a service that is a shell script
# packages: xinetd curl netcat-openbsd
# version: xinetd -version
# says: ^you said hello$
# quick
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\nread line; echo "you said $line"\n' >/tmp/serve
chmod 755 /tmp/serve
cat >conf <<'C'
service wild
{
	type = UNLISTED
	port = 7007
	bind = 127.0.0.1
	socket_type = stream
	wait = no
	user = nobody
	server = /tmp/serve
}
C
xinetd -dontfork -f "$PWD/conf" 2>/dev/null &
wait_for listens 7007
echo hello | nc -N 127.0.0.1 7007
kill %1
wait
