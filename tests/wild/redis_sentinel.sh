#!/bin/bash
# Redis Sentinel: runs a notification script
# packages: redis-sentinel redis-tools
# version: redis-sentinel --version
# says: ^notified of \+
. "$(dirname "$0")/lib.bash"

cat >notify <<'C'
#!/bin/sh
echo "notified of $1" >>/mnt/home/said
C
chmod 755 notify
redis-server --port 6379 --bind 127.0.0.1 >/dev/null 2>&1 &
wait_for redis-cli ping >/dev/null
cat >conf <<C
port 26379
dir $PWD
sentinel monitor it 127.0.0.1 6379 1
sentinel down-after-milliseconds it 500
sentinel notification-script it $PWD/notify
C
redis-sentinel conf >/dev/null 2>&1 &
wait_for redis-cli -p 26379 ping >/dev/null
sleep 1
redis-cli shutdown nosave
wait_for grep -q +sdown said
grep -x 'notified of +sdown' said | head -n 1
kill %2
wait
