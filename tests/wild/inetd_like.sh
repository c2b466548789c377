#!/bin/bash
# ncat and tcpserver: a connection becomes a program
# packages: ncat ucspi-tcp
# version: ncat --version
# says: ^ncat heard hello$
# leak: ^ncat > (dash|ncat): (listener|socket|pipe) -- what --exec and --sh-exec start for one client holds the listener, too, and the connection beside the pipes that stand for it
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\nread line; echo "$0 heard $line" | sed "s,.*/,,"\n' >ncat
chmod 755 ncat
cp ncat tcpserver
ncat --listen --keep-open 127.0.0.1 7007 --exec "$PWD/ncat" &
ncat --listen --keep-open 127.0.0.1 7008 --sh-exec 'read line; echo "a shell heard $line"' &
/usr/bin/tcpserver -H -R -l localhost 127.0.0.1 7009 "$PWD/tcpserver" &
for port in 7007 7008 7009; do
	wait_for listens $port
	# Both drop what a program says once its client has said all: it stays open.
	exec 7<>/dev/tcp/127.0.0.1/$port
	echo hello >&7
	head -n 1 <&7
	exec 7>&-
done
kill %1 %2 %3
wait
