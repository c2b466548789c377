#!/bin/bash
# Puma: a restart in place (USR2), which hands the listener on
# packages: puma curl
# version: puma --version
# says: ^after the restart: hello$
. "$(dirname "$0")/lib.bash"

echo 'run ->(env) { [200, {"content-type" => "text/plain"}, ["hello"]] }' >config.ru
puma -b tcp://127.0.0.1:8080 >log 2>&1 &
echo "started: $(try curl -s 127.0.0.1:8080)"
kill -USR2 %1
sleep 2
echo "after the restart: $(try curl -s 127.0.0.1:8080)"
kill %1
wait
