#!/bin/bash
# Varnish: a configuration that it compiles, before it starts and while it runs
# packages: varnish gcc curl python3-minimal
# version: varnishd -V
# says: ^header: second$
# limit: 120
# leak: ^varnishd > dash: (dir|listener|pipe|socket) -- the rm that its manager starts with system() holds the listeners and the pipes to the worker; the compiler does not
. "$(dirname "$0")/lib.bash"

mkdir www && echo from behind >www/index.html
python3 -m http.server -d www -b 127.0.0.1 8000 >/dev/null 2>&1 &
wait_for listens 8000
vcl() { printf 'vcl 4.1;\nbackend b { .host = "127.0.0.1"; .port = "8000"; }\nsub vcl_deliver { set resp.http.wild = "%s"; }\n' "$1" >"$1"; }
vcl first
vcl second
varnishd -F -a 127.0.0.1:8080 -T 127.0.0.1:6082 -S none -n /run/varnish -j none -f "$PWD/first" >log 2>&1 &
try curl -s 127.0.0.1:8080
header() { curl -s -o /dev/null -D - 127.0.0.1:8080 | tr -d '\r' | sed -n 's/^wild: /header: /p'; }
header
varnishadm -n /run/varnish vcl.load two "$PWD/second" >/dev/null
varnishadm -n /run/varnish vcl.use two >/dev/null
header
kill %2
wait %2
kill %1
