#!/bin/bash
# stunnel: a program behind TLS (exec), also on a pseudo terminal
# packages: stunnel4 openssl
# version: stunnel -version
# says: ^behind TLS: 42$
. "$(dirname "$0")/lib.bash"

openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -subj /CN=localhost -days 2 2>/dev/null
cat key cert >pem && chmod 600 pem
printf 'foreground = yes\npid =\n[it]\naccept = 127.0.0.1:4433\ncert = %s/pem\nexec = /bin/sh\nexecArgs = sh -c "echo behind TLS: $((40 + 2))"\n' "$PWD" >conf
sed -i 's/^execArgs.*/execArgs = sh \/tmp\/serve/' conf
echo 'echo behind TLS: $((40 + 2))' >/tmp/serve
stunnel "$PWD/conf" 2>/dev/null &
wait_for listens 4433
try sh -c 'sleep 1 | openssl s_client -connect 127.0.0.1:4433 -quiet 2>/dev/null | grep behind'
kill %1
wait
