#!/bin/bash
# fcgiwrap behind nginx: a CGI script
# packages: fcgiwrap nginx-light curl
# version: dpkg-query -W -f '${Version}' fcgiwrap
# says: ^hello from CGI$
# leak: ^fcgiwrap > .*: socket -- its worker keeps the connection of the web server open while the script runs
. "$(dirname "$0")/lib.bash"

printf '#!/bin/sh\necho "Content-Type: text/plain"; echo; echo hello from CGI\n' >/tmp/script
chmod 755 /tmp/script
fcgiwrap -s tcp:127.0.0.1:9000 &
cat >conf <<'C'
pid /tmp/n.pid;
error_log /tmp/n.log;
events {}
http { access_log off; server { listen 127.0.0.1:8080;
	location / { fastcgi_pass 127.0.0.1:9000; fastcgi_param SCRIPT_FILENAME /tmp/script; fastcgi_param REQUEST_METHOD GET; } } }
C
wait_for listens 9000
nginx -c "$PWD/conf"
try curl -s 127.0.0.1:8080/
kill %1
