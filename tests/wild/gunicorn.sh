#!/bin/bash
# gunicorn: an upgrade in place (USR2), which hands the listener on
# packages: gunicorn curl
# version: gunicorn --version
# says: ^after the upgrade: hello$
. "$(dirname "$0")/lib.bash"

cat >app.py <<'P'
def app(env, start):
    start('200 OK', [('Content-Type', 'text/plain')])
    return [b'hello']
P
gunicorn -b 127.0.0.1:8080 -p /tmp/g.pid app:app >log 2>&1 &
echo "started: $(try curl -s 127.0.0.1:8080)"
old=$(cat /tmp/g.pid)
kill -USR2 "$old"
wait_for test -s /tmp/g.pid.2
kill -TERM "$old"
wait_gone "$old"
echo "after the upgrade: $(try curl -s 127.0.0.1:8080)"
kill "$(cat /tmp/g.pid)"
