#!/bin/bash
# HAProxy, master and worker: an external check, and a reload (USR2) which hands the listeners on
# packages: haproxy curl nginx-light
# version: haproxy -v
# says: ^after the reload: through$
. "$(dirname "$0")/lib.bash"

mkdir www && echo through >www/index.html
printf 'pid /tmp/n.pid;\nerror_log /tmp/n.log;\nevents {}\nhttp { access_log off; server { listen 127.0.0.1:8081; root %s/www; } }\n' "$PWD" >nginx.conf
nginx -c "$PWD/nginx.conf"
cat >conf <<'C'
global
	external-check
	insecure-fork-wanted
	stats socket /tmp/h.sock mode 600 level admin expose-fd listeners
defaults
	mode http
	timeout connect 5s
	timeout client 5s
	timeout server 5s
listen it
	bind 127.0.0.1:8080
	option external-check
	external-check path /usr/bin:/bin
	external-check command /bin/true
	server a 127.0.0.1:8081 check inter 200
C
haproxy -W -p /tmp/h.pid -f conf >/dev/null 2>&1 &
echo "started: $(try curl -s 127.0.0.1:8080)"
kill -USR2 %1
sleep 1
echo "after the reload: $(try curl -s 127.0.0.1:8080)"
kill %1
wait %1
echo stopped
