#!/bin/bash
# Postfix: its master and its processes; a message to a pipe
# packages: postfix
# version: postconf -d mail_version
# says: ^Subject: hello$
# limit: 120
. "$(dirname "$0")/lib.bash"

c=/etc/postfix
cp /usr/share/postfix/main.cf.dist $c/main.cf 2>/dev/null || cp /etc/postfix/main.cf.proto $c/main.cf
[ -e $c/master.cf ] || cp $c/master.cf.proto $c/master.cf
cat >$c/main.cf <<'C'
compatibility_level = 3.6
myhostname = localhost
mydestination = localhost
inet_interfaces = 127.0.0.1
maillog_file = /var/log/postfix.log
mailbox_command = cat >/tmp/said
alias_maps =
alias_database =
C
sed -i 's/^\([a-z].* unix .* \)y\( .*\)$/\1n\2/; s/^smtp .* inet .*/127.0.0.1:2525 inet n - n - - smtpd/' $c/master.cf
chmod 1777 /tmp
rm -f /var/spool/postfix/maildrop/*	# what waits on this machine
postfix start >log 2>&1
printf 'Subject: hello\n\nbody\n' | sendmail nobody@localhost
wait_for grep -q body /tmp/said
grep -E '^Subject|^body' /tmp/said
postfix stop >/dev/null 2>&1
