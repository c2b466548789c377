#!/bin/bash
# Unbound: local data, and a reload
# packages: unbound dnsutils
# version: unbound -V
# says: ^192\.0\.2\.9$
. "$(dirname "$0")/lib.bash"

printf 'server:\n do-daemonize: no\n interface: 127.0.0.1\n port: 5353\n chroot: ""\n username: ""\n pidfile: ""\n local-data: "a.example. A 192.0.2.9"\nremote-control:\n control-enable: no\n' >conf
unbound -c "$PWD/conf" >log 2>&1 &
try dig -p 5353 +short @127.0.0.1 a.example
kill -HUP %1
sleep 1
try dig -p 5353 +short @127.0.0.1 a.example
kill %1
wait
