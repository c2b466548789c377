#!/bin/bash
# Redis: a background save, and a restart over the protocol's own DEBUG RESTART
# packages: redis-server redis-tools
# version: redis-server --version
# says: ^value$
# quick
. "$(dirname "$0")/lib.bash"

redis-server --port 6379 --bind 127.0.0.1 --dir "$PWD" --daemonize no --enable-debug-command yes >log 2>&1 &
wait_for redis-cli ping >/dev/null
redis-cli set key value
redis-cli bgsave
wait_for test -s dump.rdb
redis-cli debug restart 2>&1 | head -n 1 | cut -c1-20
wait_for redis-cli ping >/dev/null
redis-cli get key
redis-cli shutdown nosave
wait
