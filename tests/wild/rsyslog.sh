#!/bin/bash
# rsyslog: omprog hands messages to a program
# packages: rsyslog
# version: rsyslogd -v
# says: ^got .*a message$
. "$(dirname "$0")/lib.bash"

cat >/tmp/prog <<'C'
#!/bin/sh
while read -r line; do echo "got $line" >>/mnt/home/said; done
C
chmod 755 /tmp/prog
cat >conf <<'C'
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="/tmp/log.sock")
module(load="omprog")
template(name="t" type="string" string="%msg%\n")
action(type="omprog" binary="/tmp/prog" template="t")
C
rsyslogd -n -f "$PWD/conf" -i /tmp/r.pid 2>/dev/null &
wait_for test -S /tmp/log.sock
logger -u /tmp/log.sock 'a message'
wait_for grep -q message said
cat said
kill %1
wait
