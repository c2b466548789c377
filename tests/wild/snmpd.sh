#!/bin/bash
# snmpd: extend runs a program
# packages: snmpd snmp
# version: snmpd --version
# says: extended
. "$(dirname "$0")/lib.bash"

cat >conf <<'C'
rocommunity public 127.0.0.1
extend it /bin/echo extended
C
snmpd -f -Lf log -C -c "$PWD/conf" -p /tmp/snmpd.pid udp:127.0.0.1:1161 &
try snmpget -v2c -c public -Oqv 127.0.0.1:1161 'NET-SNMP-EXTEND-MIB::nsExtendOutput1Line."it"' >/dev/null
snmpget -v2c -c public -Oqv 127.0.0.1:1161 .1.3.6.1.4.1.8072.1.3.2.3.1.1.2.105.116
kill %1
wait
