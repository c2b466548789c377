#!/bin/bash
# fail2ban: an action when a log says so
# packages: fail2ban
# version: fail2ban-client --version
# says: ^banned 192\.0\.2\.1$
# limit: 120
. "$(dirname "$0")/lib.bash"

touch log
mkdir -p etc/filter.d etc/action.d /run/fail2ban
printf '[Definition]\nloglevel=INFO\nlogtarget=/tmp/f.log\nsocket=/tmp/f.sock\npidfile=/tmp/f.pid\ndbfile=None\nallowipv6=no\n' >etc/fail2ban.conf
printf '[Definition]\nfailregex = failed from <HOST>\n' >etc/filter.d/it.conf
printf '[Definition]\nactionban = echo banned <ip> >>/mnt/home/said\n' >etc/action.d/it.conf
printf '[it]\nenabled=true\nbackend=polling\nfilter=it\naction=it\nlogpath=%s/log\nmaxretry=1\nbantime=60\nfindtime=600\n' "$PWD" >etc/jail.conf
fail2ban-server -f -c etc start >/dev/null 2>&1 &
wait_for test -S /tmp/f.sock
failed() {
	echo "$(date '+%Y-%m-%d %H:%M:%S') failed from 192.0.2.1" >>log
	sleep 0.5
	test -s said
}
wait_for failed
cat said
fail2ban-client -c etc -s /tmp/f.sock stop >/dev/null 2>&1
wait
