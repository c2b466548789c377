#!/bin/bash
# Apache: a CGI, a graceful restart with it, a piped log
# packages: apache2 curl
# version: apache2 -v
# says: ^after a graceful restart: hello from CGI$
# quick
. "$(dirname "$0")/lib.bash"

mkdir cgi && cat >cgi/hello <<'C'
#!/bin/sh
echo 'Content-Type: text/plain'
echo
echo hello from CGI
C
chmod 755 cgi/hello
m=/usr/lib/apache2/modules
cat >conf <<C
ServerName localhost
Listen 127.0.0.1:8080
PidFile /tmp/apache.pid
ErrorLog /tmp/apache.log
LoadModule mpm_prefork_module $m/mod_mpm_prefork.so
LoadModule authz_core_module $m/mod_authz_core.so
LoadModule alias_module $m/mod_alias.so
LoadModule cgi_module $m/mod_cgi.so
LogFormat %r line
CustomLog "|\$/bin/cat >/tmp/access" line
ScriptAlias /cgi/ $PWD/cgi/
User www-data
Group www-data
C
apache2 -f "$PWD/conf" -d /tmp
echo "started: $(try curl -s 127.0.0.1:8080/cgi/hello)"
apache2 -f "$PWD/conf" -d /tmp -k graceful
sleep 0.5
echo "after a graceful restart: $(try curl -s 127.0.0.1:8080/cgi/hello)"
pid=$(cat /tmp/apache.pid)
apache2 -f "$PWD/conf" -d /tmp -k stop
wait_gone "$pid"
wait_for grep -q GET /tmp/access
sort -u /tmp/access
