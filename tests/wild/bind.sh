#!/bin/bash
# BIND: a zone, and its control program
# packages: bind9 dnsutils
# version: named -V
# says: ^192\.0\.2\.9$
. "$(dirname "$0")/lib.bash"

printf '$TTL 1\n@ SOA a a 1 1 1 1 1\n NS a\na A 192.0.2.9\n' >zone
printf 'options { directory "%s"; listen-on port 5353 { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };\ncontrols { };\nzone "example" { type primary; file "zone"; };\n' "$PWD" >conf
named -g -c "$PWD/conf" >log 2>&1 &
try dig -p 5353 +short @127.0.0.1 a.example
kill %1
wait
