#!/bin/bash
# cron and a mail server: what a job prints is sent, and filed
# packages: cron postfix
# version: dpkg-query -W -f '${Version}' cron
# says: ^printed by a job$
# limit: 120
# leak: ^cron > sendmail: file rw -- the file that a job's output is collected in
. "$(dirname "$0")/lib.bash"

c=/etc/postfix
cp $c/master.cf.proto $c/master.cf
sed -i 's/^\([a-z].* unix .* \)y\( .*\)$/\1n\2/; /^smtp .* inet /d' $c/master.cf
cat >$c/main.cf <<'C'
compatibility_level = 3.6
myhostname = localhost
mydestination = localhost
inet_interfaces = 127.0.0.1
maillog_file = /var/log/postfix.log
mailbox_command = cat >/tmp/mail
alias_maps =
alias_database =
C
chmod 1777 /tmp
rm -f /var/spool/postfix/maildrop/*	# what waits on this machine
postfix start >log 2>&1
printf 'MAILTO=nobody@localhost\n@reboot root echo printed by a job\n' >/etc/cron.d/wild
cron -f &
wait_for grep -q printed /tmp/mail
grep -E '^Subject: |^printed' /tmp/mail | sed 's/<root@[^>]*>/<root>/'
kill %1
postfix stop >/dev/null 2>&1
