#!/bin/bash
# PHP: exec, popen, proc_open with a descriptor of its own
# packages: php-cli
# version: php -v
# says: ^proc_open: 42$
# quick
# leak: ^php8.[0-9] > dash:  -- streams have no close-on-exec: files and listeners of a script, in all it starts
. "$(dirname "$0")/lib.bash"

cat >it.php <<'P'
<?php
$f = fopen('/etc/passwd', 'r'); $s = stream_socket_server('tcp://127.0.0.1:8080');
echo exec('echo exec'), "\n", fgets(popen('echo popen', 'r'));
$p = proc_open('echo proc_open: $((40 + 2)); echo three >&3', [1 => ['pipe', 'w'], 3 => ['pipe', 'w']], $pipes);
echo stream_get_contents($pipes[1]), stream_get_contents($pipes[3]);
P
php it.php
