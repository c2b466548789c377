#!/bin/bash
# nginx: reload, then an upgrade of the program in place (USR2, WINCH, QUIT)
# packages: nginx-light curl
# version: nginx -v
# says: ^after the upgrade: hello$
# quick
. "$(dirname "$0")/lib.bash"

mkdir www && echo hello >www/index.html
cat >conf <<'C'
pid /tmp/nginx.pid;
error_log /tmp/nginx.log;
events { }
http { access_log off; server { listen 127.0.0.1:8080; root /mnt/home/www; } }
C
/usr/sbin/nginx -c "$PWD/conf"
echo "started: $(try curl -s 127.0.0.1:8080)"
/usr/sbin/nginx -c "$PWD/conf" -s reload 2>/dev/null
echo "after a reload: $(try curl -s 127.0.0.1:8080)"
old=$(cat /tmp/nginx.pid)
kill -USR2 "$old"
wait_for test -s /tmp/nginx.pid.oldbin
wait_for test -s /tmp/nginx.pid
kill -QUIT "$old"
wait_gone "$old"
echo "after the upgrade: $(try curl -s 127.0.0.1:8080)"
new=$(cat /tmp/nginx.pid)
kill -QUIT "$new"
wait_gone "$new"
