#!/bin/bash
# Squid: an url_rewrite helper, and a reconfiguration
# packages: squid curl nginx-light
# version: squid -v
# says: ^rewritten: hello$
# limit: 120
. "$(dirname "$0")/lib.bash"

mkdir www && echo hello >www/real
printf 'pid /tmp/n.pid;\nerror_log /tmp/n.log;\nevents {}\nhttp { access_log off; server { listen 127.0.0.1:8081; root %s/www; } }\n' "$PWD" >nginx.conf
nginx -c "$PWD/nginx.conf"
cat >/tmp/rewrite <<'C'
#!/bin/sh
while read -r url rest; do echo 'OK rewrite-url="http://127.0.0.1:8081/real"'; done
C
chmod 755 /tmp/rewrite
cat >conf <<'C'
http_port 127.0.0.1:3128
http_access allow all
url_rewrite_program /tmp/rewrite
url_rewrite_children 1
access_log none
cache_log /tmp/squid.log
pid_filename /tmp/squid.pid
shutdown_lifetime 1 second
C
chmod 777 /tmp
squid -N -f "$PWD/conf" >/dev/null 2>&1 &
echo "rewritten: $(try curl -s -x http://127.0.0.1:3128 http://127.0.0.1:8081/other)"
squid -f "$PWD/conf" -k reconfigure
sleep 2
echo "after a reconfiguration: $(try curl -s -x http://127.0.0.1:3128 http://127.0.0.1:8081/other)"
kill %1
wait
