#!/bin/bash
# OpenSSL: a secret from a descriptor, a server and its client
# packages: openssl
# version: openssl version
# says: ^decrypted$
# quick
. "$(dirname "$0")/lib.bash"

echo secret >secret
echo decrypted | openssl enc -aes-128-cbc -pbkdf2 -pass fd:7 7<secret | openssl enc -d -aes-128-cbc -pbkdf2 -pass file:secret
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -subj /CN=localhost -days 2 2>/dev/null
openssl s_server -accept 127.0.0.1:4433 -key key -cert cert -quiet -www &
wait_for listens 4433
echo 'GET /' | openssl s_client -connect 127.0.0.1:4433 -quiet 2>/dev/null | grep -c 'HTTP/1.0 200'
kill %1
