#!/bin/bash
# lighttpd: a CGI, and a graceful restart
# packages: lighttpd curl
# version: lighttpd -v
# says: ^after a graceful restart: hello from CGI$
# quick
. "$(dirname "$0")/lib.bash"

mkdir www && printf '#!/bin/sh\necho Content-Type: text/plain; echo; echo hello from CGI\n' >www/hello.cgi
sed -i 's/echo Content-Type: text\/plain/echo "Content-Type: text\/plain"/' www/hello.cgi
chmod 755 www/hello.cgi
cat >conf <<C
server.modules = ("mod_cgi")
server.document-root = "$PWD/www"
server.bind = "127.0.0.1"
server.port = 8080
server.pid-file = "/tmp/lighttpd.pid"
server.errorlog = "/tmp/lighttpd.log"
cgi.assign = (".cgi" => "")
C
lighttpd -D -f conf &
echo "started: $(try curl -s 127.0.0.1:8080/hello.cgi)"
kill -USR1 %1
sleep 0.5
echo "after a graceful restart: $(try curl -s 127.0.0.1:8080/hello.cgi)"
kill %1
wait
