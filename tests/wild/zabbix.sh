#!/bin/bash
# Zabbix's agent: a parameter of the user's, a command in the background
# packages: zabbix-agent python3-minimal
# version: zabbix_agentd --version
# says: ^checked 42$
# leak: ^zabbix_agentd > dash: socket -- the connection of the server that asks, in every command; one that goes on in the background keeps it, bound to the agent's port
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
PidFile=/run/zabbix.pid
LogType=console
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort=10050
AllowRoot=1
AllowKey=system.run[*]
UserParameter=it[*],echo checked $1
C
zabbix_agentd -f -c "$PWD/conf" >log 2>&1 &
wait_for listens 10050
cat >ask.py <<'P'
import socket, sys
key = sys.argv[1].encode()
with socket.create_connection(('127.0.0.1', 10050), 20) as s:
    s.sendall(b'ZBXD\x01' + len(key).to_bytes(8, 'little') + key)
    print(s.makefile('rb').read()[13:].decode())
P
ask() { python3 ask.py "$1"; }
ask 'it[42]'
ask 'system.run[echo run by the agent]'
ask 'system.run[echo in the background >/mnt/home/said,nowait]'
wait_for test -s said
cat said
kill %1
wait
