#!/bin/bash
# uWSGI: an application that starts a program, and a reload in place (HUP)
# packages: uwsgi-core uwsgi-plugin-python3 curl
# version: uwsgi --version
# says: ^after the reload: from a program$
. "$(dirname "$0")/lib.bash"

cat >app.py <<'P'
import os
def application(env, start):
    start('200 OK', [('Content-Type', 'text/plain')])
    return [os.popen('echo from a program').read().encode()]
P
uwsgi --plugin python3 --http-socket 127.0.0.1:8080 --wsgi-file app.py --master --workers 1 >log 2>&1 &
echo "started: $(try curl -s 127.0.0.1:8080)"
kill -HUP %1
sleep 2
echo "after the reload: $(try curl -s 127.0.0.1:8080)"
kill -INT %1
wait
